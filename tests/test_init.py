"""`newsletter init` makes a project that works at once."""

import datetime as dt
import errno
import os
import re
import struct
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from polars.testing import assert_frame_equal
from support import LOOKS, ROOT

from newsletter import commands
from newsletter.commands import look_question
from newsletter.errors import NewsletterError
from newsletter.model.project import Project
from newsletter.read.assembly import read_project
from newsletter.read.people.people_files import read_look
from newsletter.write.new_project import refuse_filled, write_project

FILES = sorted((Path(__file__).parent / "fixtures/customers").iterdir())
TODAY = dt.date(2026, 11, 5)


def run(*arguments: object, typed: str = "") -> Result:
    """Run `newsletter` with these arguments."""
    texts = [str(argument) for argument in arguments]
    return CliRunner().invoke(commands.main, [*texts, "--today", str(TODAY)], input=typed)


def init_with(tmp_path: Path, text: str, *, name: str = "people.csv") -> tuple[Result, Project]:
    """Return the result and the project made from a customer file."""
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    result = run("init", tmp_path / "new", "--customers", file, "--yes")
    assert result.exit_code == 0, result.output
    return result, read_project(tmp_path / "new", today=TODAY)


def test_a_starter_has_something_of_each_kind(tmp_path: Path) -> None:
    """Without a customer file it has three invented people."""
    result = run("init", tmp_path / "new")
    assert result.exit_code == 0, result.output
    project = read_project(tmp_path / "new", today=TODAY)
    assert {entry.kind for entry in project.entries} == {"update", "article", "page"}
    assert [issue.name for issue in project.issues] == ["2026-11"]
    assert project.people.customers.height == 3
    assert project.people.customers["consent_email"].sum() == 2
    assert project.config.example
    assert result.stdout.splitlines()[-1] == f"  newsletter build --project {tmp_path / 'new'}"


@pytest.mark.parametrize("theme", LOOKS)
@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_each_look_brings_its_picture(theme: str, language: str, tmp_path: Path) -> None:
    """The first update shows it, with words for those who cannot see it."""
    result = run("init", tmp_path / "new", "--theme", theme, "--language", language)
    assert result.exit_code == 0, result.output
    project = read_project(tmp_path / "new", today=TODAY)
    (update,) = (entry for entry in project.entries if entry.kind == "update")
    assert project.config.theme == theme
    assert update.image == "images/welcome.png"
    assert len(update.image_alt) > 30
    picture = (tmp_path / "new/content/images/welcome.png").read_bytes()
    assert picture == (ROOT / f"newsletter/starter/pictures/{theme}.png").read_bytes()
    assert len(picture) < 60_000
    assert struct.unpack(">II", picture[16:24]) == (1200, 675)


@pytest.mark.parametrize(
    ("typed", "theme"),
    [("\n", "awning"), ("2\n", "margin"), ("red\n4\nProgramme\n", "programme")],
)
def test_a_terminal_is_asked_for_the_look(
    typed: str, theme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By number or name, again after another answer; Enter takes the first."""
    monkeypatch.setattr(look_question, "on_terminal", lambda: True)
    result = run("init", tmp_path / "new", typed=typed)
    assert result.exit_code == 0, result.output
    assert "  2  margin     for practices and studios: " in result.stdout
    assert result.stdout.count("Please answer 1, 2 or 3") == typed.count("\n") - 1
    assert read_project(tmp_path / "new", today=TODAY).config.theme == theme


@pytest.mark.parametrize("option", ["--yes", "--theme=margin"])
def test_nobody_is_asked_who_has_said_it(
    option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither with --yes, nor with --theme."""
    monkeypatch.setattr(look_question, "on_terminal", lambda: True)
    result = run("init", tmp_path / "new", option)
    assert result.exit_code == 0, result.output
    assert "How should" not in result.stdout
    theme = read_project(tmp_path / "new", today=TODAY).config.theme
    assert theme == (option.partition("=")[2] or "awning")


TITLES = {"en": "Birthday wishes", "de": "Geburtstagsgruß", "fr": "Vœux d’anniversaire"}


@pytest.mark.parametrize(
    ("headers", "arguments", "language"),
    [
        ("Vorname,Nachname,PLZ,E-Mail\nAnna,Groß,79098,anna@example.de\n", [], "de"),
        ("Vorname,Nachname,PLZ,E-Mail\nAnna,Groß,79098,anna@example.de\n", ["en"], "en"),
        ("PRÉNOM,NOM,COURRIEL\nAnna,Petit,anna@example.fr\n", [], "fr"),
        ("First name,Last name,Email\nAnna,Short,anna@example.com\n", [], "en"),
        ("First name,Last name,Email\nAnna,Short,anna@example.com\n", ["de"], "de"),
    ],
)
def test_the_starter_speaks_the_language_of_the_headers(
    headers: str, arguments: list[str], language: str, *, tmp_path: Path
) -> None:
    """Unless --language says otherwise."""
    file = tmp_path / "people.csv"
    file.write_text(headers, encoding="utf-8")
    options = [word for code in arguments for word in ("--language", code)]
    result = run("init", tmp_path / "new", "--customers", file, "--yes", *options)
    assert result.exit_code == 0, result.output
    project = read_project(tmp_path / "new", today=TODAY)

    assert project.config.language == language
    assert not project.config.example
    birthday = next(p for p in project.practices if p.name == "birthday")
    assert birthday.title == TITLES[language]


ENGLISH = ("the", "who", "yet", "file", "which", "read", "people", "column")


@pytest.mark.parametrize(
    ("headers", "nobody"),
    [
        ("Vorname,Nachname,PLZ\nAnna,Groß,79098\n", "Noch darf niemand E-Mails bekommen."),
        ("Prénom,Nom,CP\nAnna,Petit,75001\n", "Personne ne peut encore recevoir d’e-mails."),
    ],
)
def test_remarks_in_the_settings_are_in_the_language_of_the_project(
    headers: str, nobody: str, tmp_path: Path
) -> None:
    """Those of the starter and those about the customer file."""
    init_with(tmp_path, headers)
    text = (tmp_path / "new/content/newsletter.yml").read_text(encoding="utf-8")
    remarks = [line for line in text.splitlines() if line.startswith("# ")]
    assert f"# {nobody}" in "\n".join(remarks)
    assert not [line for line in remarks if set(ENGLISH) & set(line.lower().split())]
    assert "example: true" not in text


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_only_whole_words_become_the_day(language: str, tmp_path: Path) -> None:
    """German files are called DATEI."""
    assert run("init", tmp_path / "new", "--language", language).exit_code == 0
    texts = [path for path in (tmp_path / "new").rglob("*.*") if path.suffix != ".png"]
    for file in texts:
        text = file.read_text(encoding="utf-8")
        assert not re.search("PICTURE|THEME", text), file
        assert "DATE" not in text.replace("DATEI", ""), file
        assert not re.search(rf"{TODAY}\w|\w{TODAY}", text), file


@pytest.mark.slow
@pytest.mark.parametrize(("language", "emails"), [("de", "2 × E-Mail"), ("fr", "2 × e-mail")])
def test_starter_of_another_language_builds(language: str, emails: str, tmp_path: Path) -> None:
    """No remark finds English texts in it."""
    run("init", tmp_path / "new", "--language", language)
    result = run("build", "--project", tmp_path / "new")
    assert result.exit_code == 0, result.output
    assert emails in result.stdout
    assert "English" not in result.stdout
    start = (tmp_path / "new/output/site/index.html").read_text(encoding="utf-8")
    assert f'lang="{language}"' in start


@pytest.mark.slow
def test_starter_builds(tmp_path: Path) -> None:
    """The first build needs nothing filled in."""
    run("init", tmp_path / "new")
    result = run("build", "--project", tmp_path / "new")
    assert result.exit_code == 0, result.output
    assert "2 by email" in result.stdout
    assert (tmp_path / "new/output/site/index.html").is_file()


@pytest.mark.slow
def test_the_first_day_has_its_tasks(tmp_path: Path) -> None:
    """The first issue is some days ahead, and puts off nothing that is due today."""
    rows = f"Email,First Name,Birthday,Newsletter\na@example.com,Ann,1980-{TODAY:%m-%d},yes\n"
    _, project = init_with(tmp_path, rows)
    assert [issue.date - TODAY for issue in project.issues] == [dt.timedelta(days=3)]
    result = run("build", "--project", tmp_path / "new")
    assert "care plan of 2026-11-05: 1 by email" in result.stdout
    assert "issue    edition  recipients\n2026-11  en       1 by email" in result.stdout


@pytest.mark.slow
def test_an_issue_without_a_website_has_its_title(tmp_path: Path) -> None:
    """And the line for leaving the newsletter, not that of a single letter."""
    run("init", tmp_path / "new")
    settings = tmp_path / "new/content/newsletter.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(re.sub("  website: .*\n", "", text), encoding="utf-8")
    result = run("build", "--project", tmp_path / "new")
    assert result.exit_code == 0, result.output
    message = next((tmp_path / "new/output/private/messages/2026-11").rglob("*.html"))
    html = message.read_text(encoding="utf-8")
    assert re.findall("<h1[^>]*>([^<]*)", html) == ["Hello from us"]
    assert "Unsubscribe from this newsletter" in html


@pytest.mark.slow
def test_a_starter_with_customers_builds(tmp_path: Path) -> None:
    """The first build works with a customer file, too."""
    init_with(tmp_path, "Email,First Name,Newsletter\na@example.com,Ann,yes\n")
    result = run("build", "--project", tmp_path / "new")
    assert result.exit_code == 0, result.output
    assert "1 by email" in result.stdout


def test_customers_and_output_stay_private(tmp_path: Path) -> None:
    """Git ignores them, and other users of the machine cannot read them."""
    run("init", tmp_path / "new")
    ignored = (tmp_path / "new/.gitignore").read_text(encoding="utf-8")
    assert "/content/customers/\n" in ignored
    assert (
        "/.newsletter-init/\n" in ignored
    )  # what a run leaves that is killed while it moves files
    assert "/output/\n" in ignored
    secret = tmp_path / "new/content/customers/secret.txt"
    assert secret.stat().st_mode & 0o077 == 0


def test_secrets_differ(tmp_path: Path) -> None:
    """Each project has a secret of its own."""
    for name in ("a", "b"):
        run("init", tmp_path / name)
    secrets = [(tmp_path / name / "content/customers/secret.txt").read_text() for name in "ab"]
    assert secrets[0] != secrets[1]
    assert len(secrets[0].strip()) == 64


def test_newsletter_yml_lists_how_columns_were_read(tmp_path: Path) -> None:
    """Under `columns:`."""
    text = "Kundennummer;E-Mail;Vorname;Newsletter\n0815;a@example.com;Ann;ja\n"
    _, project = init_with(tmp_path, text)
    config = yaml.safe_load((tmp_path / "new/content/newsletter.yml").read_text(encoding="utf-8"))
    assert config["columns"] == {"id": "Kundennummer", "email": "E-Mail", "first_name": "Vorname"}
    assert config["consent"] == {"column": "Newsletter"}
    assert not project.config.example
    assert project.people.customers["id"].to_list() == ["0815"]
    assert project.people.customers["consent_email"].to_list() == [True]


def test_without_consent_the_cure_is_shown(tmp_path: Path) -> None:
    """In the terminal and in newsletter.yml."""
    result, project = init_with(tmp_path, "id,email\n1,a@example.com\n")
    assert "none of 1 customer may be emailed" in result.stdout
    assert "hint:" in result.stdout
    assert "and who agreed to email, into content/newsletter.yml" in result.stdout
    config = (tmp_path / "new/content/newsletter.yml").read_text(encoding="utf-8")
    assert "# Nobody may be emailed yet." in config
    assert not project.people.customers["consent_email"].any()


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_a_column_like_consent_is_proposed(tmp_path: Path, language: str) -> None:
    """Nobody is emailed until the owner removes the # before two lines."""
    file = tmp_path / "people.csv"
    file.write_text("id,email,Newsletter erlaubt\n1,a@example.com,ja\n", encoding="utf-8")
    folder = tmp_path / "new"
    result = run("init", folder, "--customers", file, "--language", language, "--yes")
    assert "consent: {column: 'Newsletter erlaubt'}" in result.stdout
    assert not read_project(folder, today=TODAY).people.customers["consent_email"].any()
    config = (tmp_path / "new/content/newsletter.yml").read_text(encoding="utf-8")
    assert config.endswith("# consent:\n#   column: 'Newsletter erlaubt'\n")


def test_the_remarks_of_look_are_shown(tmp_path: Path) -> None:
    """Whoever says --yes must not learn of them from the first build."""
    text = "id,email,Newsletter\n1,a@example.com,ja?\n2,b@example.com,ja\n"
    result, _ = init_with(tmp_path, text)
    told = "column 'Newsletter': 'ja?' (1 time) counts as no"
    assert told in result.stdout
    assert told in run("look", tmp_path / "people.csv").stdout


def test_init_asks_before_writing(tmp_path: Path) -> None:
    """The user sees how the file was read and may say no."""
    file = tmp_path / "c.csv"
    file.write_text("id,email\n1,a@example.com\n", encoding="utf-8")
    result = run("init", tmp_path / "new", "--customers", file, typed="n\n")
    assert "read as" in result.stdout
    assert result.exit_code == 1
    assert "Nothing was written." in result.stderr
    assert "under 'columns:'" in result.stderr
    assert not (tmp_path / "new").exists()
    assert run("init", tmp_path / "new", "--customers", file, typed="y\n").exit_code == 0


def test_asks_in_the_language_of_the_file(tmp_path: Path) -> None:
    """And understands its yes."""
    file = tmp_path / "c.csv"
    file.write_text("Kundennummer,Vorname,E-Mail\n1,Ute,a@example.com\n", encoding="utf-8")
    result = run("init", tmp_path / "new", "--customers", file, typed="wie?\nj\n")
    assert result.exit_code == 0, result.output
    for text in (
        "E-Mails erlaubt: 0 von 1 Kunde; keine Spalte sagt, wer zugestimmt hat",
        "Stimmt das? [j/n]: wie?\nBitte j für ja oder n für nein.\nStimmt das? [j/n]: j\n",
        f"Dateien in {tmp_path / 'new'} geschrieben; README.md darin sagt, was wo liegt",
        "Sprache: Deutsch (de), nach den Überschriften der Kundendatei; Land: Deutschland (DE)",
        "weiter: Ihre Namen und Adressen und wer E-Mails zugestimmt hat in content/newsletter.yml",
    ):
        assert text in result.stdout


def test_without_anybody_to_answer_the_way_out_is_named(tmp_path: Path) -> None:
    """In a script, nobody types an answer."""
    file = tmp_path / "c.csv"
    file.write_text("id,email\n1,a@example.com\n", encoding="utf-8")
    result = run("init", tmp_path / "new", "--customers", file, typed="")
    assert result.exit_code == 1
    assert "nobody is there to answer\n  hint: look at what is shown above, and add --yes" in (
        result.stderr
    )
    assert not (tmp_path / "new").exists()


def test_orders_in_place_of_customers_are_refused(tmp_path: Path) -> None:
    """With what to do, in the language of the file; nothing is written."""
    file = tmp_path / "o.csv"
    file.write_text(
        "Bestellnummer;Bestelldatum;Summe;E-Mail;Anrede\n1;3.1.2026;20;a@example.com;Frau\n"
    )
    result = run("init", tmp_path / "new", "--customers", file, "--yes")
    assert result.exit_code == 1
    assert "Das scheint eine Tabelle mit Bestellungen zu sein, keine Kundenliste." in result.stderr
    assert "diese Datei als orders.csv daneben legen" in result.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("typed", ["\nyes\n", "perhaps\n\nY\n"])
def test_asks_again_after_enter(typed: str, tmp_path: Path) -> None:
    """Whoever presses Enter, or types something else, is told the two answers."""
    file = tmp_path / "c.csv"
    file.write_text("id,email\n1,a@example.com\n", encoding="utf-8")
    result = run("init", tmp_path / "new", "--customers", file, typed=typed)
    assert result.exit_code == 0
    assert "Please answer y for yes, or n for no." in result.stdout
    assert "invalid" not in result.output


def test_a_folder_with_files_is_refused(tmp_path: Path) -> None:
    """It is left alone."""
    (tmp_path / "mine.txt").touch()
    result = run("init", tmp_path)
    assert result.exit_code == 1
    assert "is not empty" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


PARTS = {".gitignore": b"x", "README.md": b"y", "content/a.md": b"z", "content/c/d.csv": b"1"}
WHOLE = {*PARTS, "content", "content/c"}
CALLS = ["open", "mkdir", "replace", "fsync"]


@pytest.mark.parametrize("call", CALLS)
def test_a_project_that_cannot_be_written_whole_is_not_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """Whichever call of the system fails."""
    real = getattr(os, call)
    for allowed in range(60):
        remaining = iter(range(allowed))

        def sometimes(*args: object, left: Iterator[int] = remaining, **more: object) -> object:
            if next(left, None) is None:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(*args, **more)

        with monkeypatch.context() as patch, suppress(NewsletterError):
            patch.setattr(os, call, sometimes)
            write_project(tmp_path / "new", PARTS, private="content/c/")
        if (tmp_path / "new/content").exists():
            break
        refuse_filled(tmp_path / "new")
    assert allowed
    assert _below(tmp_path / "new") == WHOLE


KILLED = """
import os, sys
from pathlib import Path
from newsletter.write.new_project import write_project
real = getattr(os, {call!r})
for allowed in range(60):
    remaining = iter(range(allowed))
    def sometimes(*args, **more):
        if next(remaining, None) is None:
            os._exit(0)
        return real(*args, **more)
    if not os.fork():
        setattr(os, {call!r}, sometimes)
        write_project(Path({folder!r}) / str(allowed), {files!r}, private="content/c/")
        os._exit(0)
    os.wait()
"""


@pytest.mark.slow
@pytest.mark.parametrize("call", CALLS)
def test_a_killed_run_leaves_a_whole_project_or_can_be_repeated(tmp_path: Path, call: str) -> None:
    """Whichever call of the system is the last before the kill."""
    code = KILLED.format(call=call, folder=str(tmp_path), files=PARTS)
    subprocess.run([sys.executable, "-c", code], check=True)

    outcomes = Counter(_repeated(folder) for folder in tmp_path.iterdir())

    assert outcomes[True] > 0
    assert outcomes[False] > 0


def _repeated(folder: Path) -> bool:
    """Return whether the project had to be made again; it is whole afterwards."""
    again = not _below(folder) >= WHOLE
    if again:
        refuse_filled(folder)
        write_project(folder, PARTS, private="content/c/")
    assert _below(folder) - {".newsletter-init"} == WHOLE
    return again


def _below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


@pytest.mark.parametrize("content", ["", "just a line of text\n"])
def test_an_unreadable_customer_file_is_refused(content: str, tmp_path: Path) -> None:
    """Before anything is written."""
    file = tmp_path / "c.csv"
    file.write_text(content, encoding="utf-8")
    result = run("init", tmp_path / "new", "--customers", file, "--yes")
    assert result.exit_code == 1
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_build_reads_the_file_as_shown(file: Path, tmp_path: Path) -> None:
    """newsletter.yml then reads each program's export as init showed it."""
    assert run("init", tmp_path / "new", "--customers", file, "--yes").exit_code == 0
    as_shown = read_look(file, shown=file.name, year=2026).customers.drop("account_manager")
    as_read = read_project(tmp_path / "new", today=TODAY).people.customers
    assert_frame_equal(as_read.drop("account_manager"), as_shown)
