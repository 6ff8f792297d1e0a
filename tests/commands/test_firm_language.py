"""The language of a new project: said, guessed, or asked; and what another language lacks."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml
from support import run

from newsletter.check.remarks import untranslated
from newsletter.commands.firm_language import guessed_language
from newsletter.commands.home import usual_home
from newsletter.read.assembly import read_project
from newsletter.read.content.theme_phrases import TEAM_PHRASES
from newsletter.read.people.people_files import read_look

TODAY = dt.date(2026, 11, 5)
DAY = f"{TODAY}"
ITALIAN = "Nome,Cognome,Email\nAnna,Rossi,anna@example.it\n"


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """The computer tells nothing."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "TZ"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("headers", "country", "system", "language"),
    [
        ("Vorname,Email", "FR", "fr_FR.UTF-8", "de"),
        ("Name,Email", "FR", "de_DE.UTF-8", "fr"),
        ("Name,Email", "CH", "de_DE.UTF-8", "de"),
        ("Name,Email", "", "C.UTF-8", "en"),
        ("Cognome,Email", "", "", "it"),
    ],
)
def test_headers_go_before_the_country_and_the_computer(
    headers: str, country: str, system: str, language: str, *, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """A country with several languages tells none."""
    monkeypatch.setenv("LANG", system)
    file = tmp_path / "people.csv"
    file.write_text(f"{headers}\nAnna,anna@example.com\n", encoding="utf-8")
    people = read_look(file, shown="people.csv", year=2026)
    assert guessed_language(people, country=country).tag == language


def test_a_file_in_another_language_gets_english_texts_and_says_so(tmp_path: Path) -> None:
    """The same command with --language begins a project to translate."""
    file = tmp_path / "people.csv"
    file.write_text(ITALIAN, encoding="utf-8")
    guessed = run("init", tmp_path / "a", "--customers", file, "--yes", "--today", DAY)
    assert (
        "language: English (en), as there are no texts in Italian yet (--language it begins them)"
        in guessed.stdout
    )
    said = run("init", tmp_path / "b", "--language", "it", "--today", DAY)
    assert "The program has no texts in Italian (it) yet." in said.stdout
    for text in (
        "language: Italian (it);",
        "country: Italy (IT), currency: EUR, time zone: Europe/Rome",
    ):
        assert text in said.stdout
    config = yaml.safe_load((tmp_path / "b/content/newsletter.yml").read_text(encoding="utf-8"))
    assert config["language"] == "it"
    wrong = run("init", tmp_path / "c", "--language", "ita", "--today", DAY)
    assert (wrong.exit_code, "'ita' is no language" in wrong.stderr) == (2, True)
    assert usual_home("en", zone="") is None


def test_a_language_is_added_line_by_line(tmp_path: Path) -> None:
    """A remark counts the phrases that are missing; `new language` begins their file."""
    root = tmp_path / "shop"
    run("init", root, "--language", "it", "--today", DAY)
    words = root / "themes/awning/words/it.yml"
    [before] = untranslated(read_project(root, today=TODAY))
    assert (before.at and before.at.path) == "themes/awning/words/it.yml"
    assert run("new", "language", "it", "--project", root).exit_code == 0
    text = words.read_text(encoding="utf-8")
    assert "#unsubscribe: " in text
    assert not [line for line in text.splitlines() if line.lstrip("#").startswith(TEAM_PHRASES)]
    lines = [line.removeprefix("#") for line in text.splitlines() if line.startswith("#k")]
    words.write_text("\n".join(lines) + "\n", encoding="utf-8")
    [after] = untranslated(read_project(root, today=TODAY))
    count = int(before.message.split()[0])
    assert after.message.startswith(f"{count - len(lines)} phrases that customers read are not")
    words.write_text(_translated(text), encoding="utf-8")
    assert not list(untranslated(read_project(root, today=TODAY)))
    again = run("new", "language", "it", "--project", root)
    assert again.exit_code == 1
    assert run("new", "language", "xx", "--project", root).exit_code == 1
    assert not list(untranslated(read_project(Path(__file__).parents[2], today=TODAY)))


def _translated(text: str) -> str:
    """Return the file with every phrase in use."""
    lines = text.splitlines()
    return "\n".join(line if line.startswith("# ") else line.removeprefix("#") for line in lines)
