"""Pages, lists and screens of a German and of a French project have no English in them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from support import ROOT, run

from newsletter.model.channels import CHANNELS
from newsletter.read.list_words import headers_in

TODAY = "2026-11-04"
CUSTOMERS = """\
id,email,title,first_name,last_name,street,postcode,city,birthday,phone,consent_email,\
consent_phone,interests,not_to_mention
1,ada@example.org,Frau,Ada,Moor,Weg 1,79098,Freiburg,1980-11-05,+49 761 1,yes,yes,Tee,den Umzug
2,ben@example.org,Herr,Ben,Lutz,Weg 2,79098,Freiburg,1990-11-04,+49 761 2,yes,yes,,
3,,Frau,Cleo,Witt,Weg 3,79098,Freiburg,1990-11-06,,,,,
4,dan@example.org,Herr,Dan,Ohm,,,,,,no,,,
5,eve@example.org,Frau,Eve,Abt,Weg 5,79098,Freiburg,,+49 761 5,yes,yes,,
6,fay@example.org,Frau,Fay,Ulm,Weg 6,79098,Freiburg,,+49 761 6,yes,yes,,
7,gil@example.org,Herr,Gil,Fox,,,,1990-11-04,,yes,,,
"""
TABLES = {
    "orders": [
        "customer,date,amount,product,category",
        "1,2026-11-02,20,Sencha,Tee", "5,2025-01-02,30,Sencha,Tee", "6,2026-10-30,90,Sencha,Tee",
    ],
    "feedback": ["id,customer,date,score,text", "F1,2,2026-11-01,2,Zu laut."],
    "conversations": [
        "customer,date,channel,member,text,promise,promised_by",
        "5,2026-11-02,call,,Sucht Sencha.,Sencha,2026-11-03",
    ],
    "history/2026": [
        "customer,date,practice,channel,key,outcome", "1,2026-10-01,call,call,1,not reached",
    ],
}  # fmt: skip
LOYALTY = """
loyalty:
  points_per_unit: 1
  rewards:
    - {points: 100, reward: Tee}
"""
GIFT = "gift: {kind: voucher, worth: 5 EUR, valid_days: 60, conditions: Tee}\n"
SCREENS = (
    ["today"], ["explain", "1", "--ahead", "0"], ["who", "5"], ["birthdays"], ["segments"],
    ["plan", "--to", TODAY, "--all"],
)  # fmt: skip


@pytest.fixture(scope="module", params=["de", "fr"])
def language(request: pytest.FixtureRequest) -> str:
    """Return a language other than English that the program speaks."""
    return str(request.param)


@pytest.fixture(scope="module")
def shop(language: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project begun in that language, with customers to whom much is due, and built."""
    root = tmp_path_factory.mktemp("shop") / "shop"
    begun = run("init", root, "--language", language, "--today", "2026-09-01")
    assert begun.exit_code == 0, begun.output
    folder = root / "content/customers"
    (folder / "history").mkdir()
    (folder / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    for name, lines in TABLES.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    config = root / "content/newsletter.yml"
    text = re.sub(r"(?ms)^# [^\n]*\nconsent:\n.*", "", config.read_text(encoding="utf-8"))
    config.write_text(text + LOYALTY, encoding="utf-8")
    birthday = root / "content/practices/birthday.md"
    words = birthday.read_text(encoding="utf-8")
    birthday.write_text(words.replace("priority:", f"{GIFT}priority:", 1), encoding="utf-8")
    built = run("build", "--project", root, "--today", TODAY)
    assert built.exit_code == 0, built.output
    (root / "build.txt").write_text(built.stdout, encoding="utf-8")
    return root


@pytest.mark.slow
def test_no_page_mixes_languages(shop: Path, language: str) -> None:
    """Of the team, of customers and of the website."""
    english, pages = _english(language), sorted((shop / "output").rglob("*.html"))
    names = {page.name for page in pages if "care" in page.parts}
    assert names >= {"index.html", "gifts.html", "ich.html" if language == "de" else "moi.html"}
    assert not [
        f"{page.relative_to(shop)}: {part}"
        for page in pages
        for part in _parts(_texts(page.read_text(encoding="utf-8")))
        if part in english
    ]


@pytest.mark.slow
def test_no_list_mixes_languages(shop: Path, language: str) -> None:
    """Lists to give back, tables to read, and calendars; names of files stand in columns apart."""
    english, care = _english(language), shop / "output/private/care"
    tables = [
        shop / "output/private/left-out.csv",
        *care.glob("gifts*.csv"),
        *care.glob("lists/*.csv"),
    ]
    assert len(tables) == 3
    headers = headers_in(language)
    ours = {
        headers[field] for field in ("practice", "key", "prompt_keys", "entry", "list", "code")
    }
    cells = [
        cell
        for table in tables
        for row in csv.DictReader(
            io.StringIO(table.read_text("utf-8-sig")), delimiter=_separator(table)
        )
        for name, value in row.items()
        if name not in ours
        for cell in (name, value)
    ]
    cells += [
        line.partition(":")[2].replace("\\n", " · ")
        for file in care.rglob("*.ics")
        for line in file.read_text(encoding="utf-8").replace("\r\n ", "").splitlines()
        if line.startswith(("SUMMARY", "DESCRIPTION"))
    ]
    assert not [part for part in _parts(cells) if part in english]


@pytest.mark.slow
def test_no_screen_mixes_languages(shop: Path, language: str) -> None:
    """Only commands stand in English, and what follows the number of remarks."""
    screens = [(shop / "build.txt").read_text(encoding="utf-8")]
    for arguments in SCREENS:
        shown = run(*arguments, "--project", shop, "--today", TODAY)
        assert shown.exit_code == 0, shown.output
        screens.append(shown.stdout)
    english = _english(language)
    text = "\n".join(re.split("Hinweise?:|remarques? :", screen)[0] for screen in screens)
    lines = re.split(r"\s{2,}|\n", re.sub(r"newsletter \w+", "", text))
    assert not [part for part in _parts(lines) if part in english]
    assert not re.findall(r" (?:==|!=|>=|<=|and not|is missing|is not missing) ", text)


@pytest.mark.parametrize(
    "file",
    [
        ROOT / "newsletter/screens/fr.yml",
        ROOT / "newsletter/reasons/fr.yml",
        ROOT / "themes/default/words/fr.yml",
        *sorted((ROOT / "newsletter/starter/fr/content/practices").glob("*.md")),
    ],
    ids=lambda file: file.name,
)
def test_french_signs_never_begin_a_line(file: Path) -> None:
    """A space that does not break stands before : ; ! ? and within guillemets."""
    text = re.sub(r"(?m)^\s*#.*$", "", file.read_text(encoding="utf-8"))
    assert re.findall(r".*(?:« | »|\S [;:!?](?:[\s\"{|<]|$)).*", text) == []


def _separator(table: Path) -> str:
    return ";" if ";" in table.read_text("utf-8-sig").partition("\n")[0] else ","


def _english(language: str) -> set[str]:
    """Return the phrases of the program in English that differ in *language*, and its names."""
    sources = (
        "newsletter/reasons/{}.yml",
        "newsletter/screens/{}.yml",
        "themes/default/words/{}.yml",
    )
    theirs, ours = (
        {text for path in sources for text in _strings(_read(path.format(tag)))}
        for tag in ("en", language)
    )
    for words in _leaves(_read("newsletter/lists.yml")):
        theirs.add(str(words["en"]).casefold())
        ours.add(str(words[language]).casefold())
    names = {path.stem for path in (ROOT / "newsletter/starter/en/content/practices").glob("*.md")}
    kinds = {text for kind in CHANNELS.values() for text in (kind.noun, kind.plural, kind.how)}
    return {text for text in theirs | names | kinds | set(CHANNELS) if len(text) > 2} - ours


def _read(path: str) -> object:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def _leaves(words: object) -> Iterator[dict[str, str]]:
    """Yield the tables of a word by language."""
    if isinstance(words, dict):
        if "en" in words:
            yield words
        else:
            for value in words.values():
                yield from _leaves(value)


def _strings(phrases: object) -> Iterator[str]:
    """Yield every text without gaps, in small letters; of forms each."""
    if isinstance(phrases, dict):
        for value in phrases.values():
            yield from _strings(value)
    elif isinstance(phrases, str):
        yield from (form.strip().casefold() for form in phrases.split("|") if "{" not in form)


def _parts(texts: Iterable[str]) -> Iterator[str]:
    """Yield the texts, and what stands between their punctuation, in small letters."""
    for text in texts:
        for part in (text, *re.split(r"[:;·,()×=…]", text)):
            if part := " ".join(part.split()).casefold():
                yield part


class _Text(HTMLParser):
    """Collects the texts of a page, and what it says to those who do not see it."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._skipped = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take labels and tooltips; skip styles and scripts."""
        self._skipped = tag in ("style", "script")
        named = ("alt", "aria-label", "data-label", "title", "placeholder")
        self.texts += [value for name, value in attrs if name in named and value]

    def handle_endtag(self, tag: str) -> None:
        """Leave styles and scripts."""
        self._skipped = False

    def handle_data(self, data: str) -> None:
        """Take a text."""
        if not self._skipped:
            self.texts.append(data)


def _texts(html: str) -> list[str]:
    parser = _Text()
    parser.feed(html)
    return parser.texts
