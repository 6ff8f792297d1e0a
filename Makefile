# make demo: build the example. make test: set up and run every test. Both work on a fresh machine with Python 3.11+.
PYTHON ?= python3
BIN := .venv/bin
TODAY := 2026-11-03
# A process for each core, and no threads beside it; each takes whole files, the slow ones first.
# Compiled tests are kept, whatever the environment says.
PYTEST := POLARS_MAX_THREADS=1 PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -q -n auto --dist loadfile --no-loadscope-reorder

.PHONY: demo test quick check format clean

demo: .venv/newsletter
	$(BIN)/newsletter build --today $(TODAY)

test: .venv/dev chromium paper office readers mailbox engines
	$(PYTEST)

# For the next save: everything but the slow tests, and a tenth of the examples of property tests.
quick: .venv/dev
	$(PYTEST) -m "not slow" --hypothesis-profile quick

check: .venv/dev
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy

format: .venv/dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

.PHONY: chromium
# The browser tests drive the system's Chromium; root on Debian or Ubuntu gets it installed.
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; \
	else \
	  echo "The browser tests need Chromium: install the package 'chromium' and run make test again."; exit 1; \
	fi

.PHONY: paper
# The tests of what is printed read it with pdftotext, and print names in all scripts.
paper: .venv/newsletter
	@command -v pdftotext >/dev/null && $(BIN)/python -c "import sys, typst; \
	  sys.exit(not {'Noto Sans CJK SC', 'Noto Sans Arabic', 'Noto Color Emoji'} <= set(typst.Fonts().families()))" || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq poppler-utils \
	    fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji >/dev/null; \
	else \
	  echo "The printing tests need pdftotext (poppler-utils) and the Noto fonts (core, CJK, colour emoji)."; exit 1; \
	fi

.PHONY: office
# The tests of mail merges merge letters in LibreOffice, which its Python (python3-uno) drives.
office:
	@command -v soffice >/dev/null && /usr/bin/python3 -c "import uno" 2>/dev/null && \
	  ls /usr/lib*/libreoffice/program/libdbaxmllo.so >/dev/null 2>&1 || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	    libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-base-nogui python3-uno >/dev/null; \
	else \
	  echo "The tests of mail merges need LibreOffice (Writer, Calc, Base) and python3-uno."; exit 1; \
	fi

.venv/pip:
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --upgrade pip
	@touch $@

.venv/newsletter: .venv/pip pyproject.toml
	$(BIN)/pip install -q -e .[print,excel,send]
	@touch $@

# docx-mailmerge2 lies apart: its package is called mailmerge, as that of another program.
.venv/dev: .venv/newsletter
	$(BIN)/pip install -q -e .[print,excel,send] --group dev
	$(BIN)/pip install -q --no-deps --upgrade --target .venv/docx-mailmerge docx-mailmerge2==1.0.3
	@touch $@

.PHONY: readers
# Mail libraries of other languages must find the recipient of every message.
readers:
	@perl -MEmail::Address::XS -MMail::Address -e 1 2>/dev/null && php -r 'exit(!function_exists("mailparse_msg_create"));' \
	  2>/dev/null && ruby -rmail -e 1 2>/dev/null || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq libemail-address-xs-perl \
	    libmailtools-perl php-cli php-mailparse ruby-mail >/dev/null; \
	else \
	  echo "The tests of recipients need Perl (Email::Address::XS, MailTools), PHP (mailparse) and Ruby (mail)."; exit 1; \
	fi

.PHONY: mailbox
# The tests of drafts and replies speak to a real mailbox.
mailbox:
	@PATH="$$PATH:/usr/sbin" command -v dovecot >/dev/null && test -e /usr/lib/dovecot/imap || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq dovecot-imapd >/dev/null; \
	else \
	  echo "The tests of drafts need Dovecot (dovecot-imapd)."; exit 1; \
	fi

.PHONY: engines
# Template engines of other languages must make of exports what we write.
engines:
	@node -e 'require("/usr/share/javascript/handlebars/handlebars.js")' 2>/dev/null && command -v go >/dev/null && \
	  test -d /usr/share/gocode/src/github.com/Masterminds/sprig || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq nodejs libjs-handlebars golang-go \
	    golang-github-masterminds-sprig-dev >/dev/null; \
	else \
	  echo "The tests of exports need Debian's nodejs, libjs-handlebars, golang-go and golang-github-masterminds-sprig-dev."; exit 1; \
	fi

.PHONY: pictures
# The pictures of docs/first-ten-minutes.md, after a change of what they show. Needs Chromium and pdftoppm (poppler-utils).
pictures: .venv/dev
	$(BIN)/python docs/images/draw.py

clean:
	rm -rf .venv output
