"""`newsletter new` creates files that are valid at once."""

import datetime as dt
from pathlib import Path

import pytest
from support import run

from newsletter.check.remarks import unfinished
from newsletter.read.assembly import read_project

TODAY = ("--today", "2026-11-05")
DAY = dt.date(2026, 11, 5)


@pytest.mark.parametrize(
    "kind", ["update", "article", "story", "offer", "event", "answer", "page", "issue"]
)
def test_new_files_are_valid(kind: str, root: Path) -> None:
    """Each kind builds as it is, whatever characters its title has."""
    result = run(
        "new", kind, "It's Größe #1: {{ tea }}", "--project", root, "--today", "2026-12-03"
    )
    assert result.exit_code == 0, result.output
    path = result.stdout.split()[1]
    folder = "stories" if kind == "story" else f"{kind}s"
    name = "2026-12.md" if kind == "issue" else "its-grosse-1-tea.md"
    assert path == f"content/{folder}/{name}"
    project = read_project(root, today=dt.date(2026, 12, 3))
    titles = [item.title for item in (*project.entries, *project.issues) if item.path == path]
    assert titles == ["It's Größe #1: {{ tea }}"]


def test_a_new_practice_is_valid(root: Path) -> None:
    """It is read as a practice, once newsletter.yml has the plan's first day."""
    config = root / "content/newsletter.yml"
    start = config.read_text(encoding="utf-8") + "start: 2026-11-01\n"
    config.write_text(start, encoding="utf-8")
    result = run("new", "practice", "Birthday: it's yours", "--project", root, *TODAY)
    assert result.stdout == (
        "wrote content/practices/birthday-its-yours.md\n\n"
        "next: write it, then run: newsletter plan\n"
    )
    [practice] = read_project(root, today=dt.date(2026, 11, 5)).practices
    assert (practice.title, practice.event) == ("Birthday: it's yours", "birthday")


def test_a_german_project_gets_german_texts_to_replace(root: Path) -> None:
    """And ä becomes ae in the name of the file; a build remarks on what is not replaced."""
    config = root / "content/newsletter.yml"
    config.write_text(config.read_text(encoding="utf-8") + "language: de\n", encoding="utf-8")
    result = run("new", "update", "Größere Räume", "--project", root, *TODAY)
    assert result.stdout == (
        "geschrieben: content/updates/groessere-raeume.md\n\n"
        "weiter: den Text schreiben, dann: newsletter build\n"
    )
    path = root / "content/updates/groessere-raeume.md"
    text = path.read_text(encoding="utf-8")
    assert "summary: Ein Satz für Listen und Nachrichten.\n---\n\nHier schreiben.\n" in text
    remarks = [remark.message for remark in unfinished(read_project(root, today=DAY))]
    assert sum("Ein Satz für" in message for message in remarks) == 1
    assert sum("Hier schreiben." in message for message in remarks) == 1


def test_new_overwrites_nothing(root: Path) -> None:
    """An existing file stays as it is."""
    before = (root / "content/updates/hours.md").read_bytes()
    result = run("new", "update", "Hours", "--project", root)
    assert result.exit_code == 1
    assert "exists already" in result.stderr
    assert (root / "content/updates/hours.md").read_bytes() == before


@pytest.mark.parametrize("title", ["2026-99", "2026-13", "2026-00", "2026-2-30", "2026-11-00"])
def test_months_and_days_that_do_not_exist_are_no_titles_of_issues(title: str, root: Path) -> None:
    """They are meant as a date; the error says what names the file, and what a title is."""
    result = run("new", "issue", title, "--project", root, *TODAY)
    assert result.exit_code == 1
    kind = "day" if title.count("-") == 2 else "month"
    assert f"Error: '{title}' is no {kind} that exists" in result.stderr
    assert "the month of --today, 2026-11; as TITLE" in result.stderr
    assert not (root / "content/issues/2026-11-05.md").exists()


@pytest.mark.parametrize("title", ["2026-12", "1984-style tea", "2026", "Room 2026-99"])
def test_other_numbers_may_be_titles_of_issues(title: str, root: Path) -> None:
    """A title may name a year or a month."""
    assert run("new", "issue", title, "--project", root, *TODAY).exit_code == 0


@pytest.mark.parametrize(("kind", "title"), [("updat", "Tea"), ("update", "お茶")])
def test_unknown_kinds_and_unusable_titles_are_refused(kind: str, title: str, root: Path) -> None:
    """The message says what to type instead."""
    result = run("new", kind, title, "--project", root)
    assert (result.exit_code, "hint:" in result.stderr) == (1, True)


@pytest.mark.parametrize(
    ("zone", "day"), [("Pacific/Kiritimati", "2026-11-04"), ("Pacific/Pago_Pago", "2026-11-02")]
)
def test_today_is_the_day_in_the_time_zone_of_the_project(
    zone: str, day: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --today, the time zone of the computer does not matter."""

    class Noon(dt.datetime):
        """A clock that has stopped."""

        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:
            """Return half past ten in the morning, in Greenwich."""
            return dt.datetime(2026, 11, 3, 10, 30, tzinfo=tz)

    monkeypatch.setattr("newsletter.commands.options.dt.datetime", Noon)
    config = root / "content/newsletter.yml"
    config.write_text(config.read_text(encoding="utf-8") + f"timezone: {zone}\n", encoding="utf-8")
    assert run("new", "update", "Tea", "--project", root).exit_code == 0
    assert f"date: {day}\n" in (root / "content/updates/tea.md").read_text(encoding="utf-8")


def test_a_second_issue_of_a_month_is_named_after_its_day(root: Path) -> None:
    """The name of the month is taken."""
    for name in ("2031-02", "2031-02-03"):
        result = run("new", "issue", "News", "--project", root, "--today", "2031-02-03")
        assert result.exit_code == 0, result.stderr
        assert (root / f"content/issues/{name}.md").is_file()
