"""The command line: what it prints where, and how it ends."""

import datetime as dt
import errno
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from newsletter import cli
from newsletter.commands.show import build_json, build_text, columns
from newsletter.errors import NewsletterError, Place, Problem
from newsletter.model.report import BuildReport, EditionReport
from newsletter.read.assembly import read_project

MINIMAL = Path(__file__).parent / "projects/valid/minimal"
TODAY = ("--today", "2026-11-05")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a copy of the minimal project."""
    return Path(shutil.copytree(MINIMAL, tmp_path / "project"))


def run(*arguments: object) -> Result:
    """Run `newsletter` with these arguments."""
    return CliRunner().invoke(cli.main, [str(argument) for argument in arguments])


def test_help_loads_little() -> None:
    """`--help` is there at once, because no large library is loaded for it."""
    code = (
        "import sys, newsletter.cli; "
        "print([m for m in ('polars', 'pydantic', 'jinja2', 'yaml', 'babel') if m in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("command", sorted(cli.main.commands))
def test_help(command: str) -> None:
    """Every command says what it does."""
    result = run(command, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage:")


def test_problems(root: Path) -> None:
    """What is wrong with the files goes to the error stream, all at once, and ends with 1."""
    (root / "content/segments.yml").write_text("Big: x > 1\nvip:\n", encoding="utf-8")
    result = run("segments", "--project", root, *TODAY)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == (
        "Error: 2 problems\n\n"
        "content/segments.yml:1:1: 'Big' cannot name a segment\n"
        "    Big: x > 1\n"
        "    ^\n"
        "  hint: small letters, digits and _: it becomes a name in rules\n\n"
        "content/segments.yml:2:1: 'vip' has no rule\n"
        "    vip:\n"
        "    ^\n"
        "  hint: write it behind the colon: 'vip: orders_count >= 10'\n"
    )


def test_one_problem(tmp_path: Path) -> None:
    """A single problem needs no count."""
    result = run("segments", "--project", tmp_path)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: content/newsletter.yml: there is no newsletter.yml")


@pytest.mark.parametrize(
    "arguments", [["biuld"], ["build", "--today", "soon"], ["look", "no.csv"], ["new", "update"]]
)
def test_wrong_usage(arguments: list[str]) -> None:
    """Wrong usage ends with 2."""
    assert run(*arguments).exit_code == 2


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyboardInterrupt(), 130, "Stopped."),
        (click.Abort(), 130, "Stopped."),
        (OSError(errno.ENOSPC, "No space left on device", "x.md"), 1, "x.md: no space left"),
        (NewsletterError.at("no"), 1, "Error: no"),
    ],
)
def test_ends(
    error: BaseException, code: int, said: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever stops a command ends with a sentence, not a traceback."""

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("newsletter.commands.segments.list_segments", fail)
    result = run("segments", "--project", root)
    assert result.exit_code == code
    assert said in result.stderr


def test_our_mistakes_keep_their_traceback(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What no user can cure is not dressed up."""

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("newsletter.commands.segments.list_segments", fail)
    assert isinstance(run("segments", "--project", root).exception, ZeroDivisionError)


def test_segments(root: Path) -> None:
    """Name, number, share and rule of each segment."""
    result = run("segments", "--project", root, *TODAY)
    assert result.stdout == (
        "1 segment of 2 customers\n\n"
        "segment   customers  share  rule\n"
        "regulars          1    50%  orders_count >= 3\n\n"
        "next: newsletter segments NAME\n"
    )


def test_segment_members(root: Path) -> None:
    """With a name, who is in it."""
    result = run("segments", "regulars", "--project", root, *TODAY)
    assert "1   Zoë Miller" in result.stdout
    assert "O'Brien" not in result.stdout
    found = json.loads(run("segments", "regulars", "--json", "--project", root, *TODAY).stdout)
    assert found == [{"id": "1", "name": "Zoë Miller", "city": None}]


def test_unknown_segment(root: Path) -> None:
    """A misspelt name is answered with the nearest one."""
    result = run("segments", "regular", "--project", root, *TODAY)
    assert (result.exit_code, "did you mean 'regulars'?" in result.stderr) == (1, True)


def test_misspelt_field(root: Path) -> None:
    """A rule that names no field says which one was probably meant."""
    file = root / "content/segments.yml"
    file.write_text("a: order_count >= 3\n", encoding="utf-8")
    result = run("segments", "--project", root, *TODAY)
    assert result.exit_code == 1
    assert "content/segments.yml:1:4: " in result.stderr
    assert "orders_count" in result.stderr


@pytest.mark.parametrize(
    "kind", ["update", "article", "story", "offer", "event", "answer", "page", "issue"]
)
def test_new(kind: str, root: Path) -> None:
    """What `new` begins is valid as it is, whatever the title holds."""
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


def test_new_practice(root: Path) -> None:
    """A practice that `new` begins is read as one, once the plan has a first day."""
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


def test_new_in_german(root: Path) -> None:
    """Umlauts become two letters where the project is German."""
    config = root / "content/newsletter.yml"
    config.write_text(config.read_text(encoding="utf-8") + "language: de\n", encoding="utf-8")
    result = run("new", "update", "Größere Räume", "--project", root)
    assert "content/updates/groessere-raeume.md" in result.stdout


def test_new_overwrites_nothing(root: Path) -> None:
    """A file that is there stays as it is."""
    before = (root / "content/updates/hours.md").read_bytes()
    result = run("new", "update", "Hours", "--project", root)
    assert result.exit_code == 1
    assert "exists already" in result.stderr
    assert (root / "content/updates/hours.md").read_bytes() == before


@pytest.mark.parametrize(("kind", "title"), [("updat", "Tea"), ("update", "お茶")])
def test_new_refused(kind: str, title: str, root: Path) -> None:
    """Unknown kinds, and titles no file name can be made of, are answered with what to do."""
    result = run("new", kind, title, "--project", root)
    assert (result.exit_code, "hint:" in result.stderr) == (1, True)


def test_look(root: Path) -> None:
    """A file is described without a project: columns, samples, findings, next command."""
    result = run("look", root / "content/customers/customers.csv", *TODAY)
    assert result.exit_code == 0, result.output
    lines = [line.split() for line in result.stdout.splitlines()]
    assert ["first_name", "first_name", "text", "Zoë", "·", "Sam"] in lines
    assert "nobody of 2 customers may be emailed" in result.stdout
    assert result.stdout.splitlines()[-1].startswith("next: newsletter init DIR --customers ")


def test_look_birthdays(tmp_path: Path) -> None:
    """Who has a birthday within seven days is named, across the end of the year, too."""
    file = tmp_path / "c.csv"
    rows = (
        "id,name,birthday,last_order\n1,Ann,1980-01-02,2026-12-01\n2,Bob,1980-01-20,2025-01-01\n"
    )
    file.write_text(rows, encoding="utf-8")
    text = run("look", file, "--today", "2026-12-30").stdout
    assert "1 birthdays this week\n    Ann (in 3 days)" in text
    assert "1 overdue for an order\n    Bob (last order 728 days ago)" in text


REPORT = BuildReport(
    issue="2026-11",
    editions=(
        EditionReport(language="en", recipients={"email": 1200, "letter": 3}),
        EditionReport(language="de", recipients={"email": 0}),
    ),
    left_out={"no consent to email": 14, "suppressed": 2},
    customers_used=1219,
    bad_rows=1,
    written=7,
    unchanged=0,
    removed=2,
    seconds=1.25,
    open_first=("private/index.html",),
    remarks=(Problem(message="two rows are one", at=Place(path="c.csv", line=3), hint="x"),),
)


def test_build_text() -> None:
    """The end of a build: who gets what, who does not and why, which files, how long."""
    assert build_text(REPORT, output="output") == (
        "issue    edition  recipients\n"
        "2026-11  en       1,200 by email, 3 by letter\n"
        "2026-11  de       nobody\n\n"
        "1,219 customers, 1 bad row not used; 16 left out\n"
        "  14  no consent to email\n"
        "   2  suppressed\n\n"
        "output: 7 written, 0 unchanged, 2 removed, in 1.2 s\n\n"
        "1 remark:\n"
        "  c.csv:3: two rows are one\n"
        "    hint: x\n\n"
        "open next:\n"
        "  output/private/index.html"
    )


def test_build_json() -> None:
    """The same for programs."""
    found = json.loads(build_json(REPORT))
    assert found["editions"][0] == {"language": "en", "recipients": {"email": 1200, "letter": 3}}
    assert found["left_out"]["suppressed"] == 2


def test_columns() -> None:
    """Columns are aligned by what a terminal shows: a CJK letter takes two cells."""
    assert columns([["李小明", "1"], ["Zoë", "20"]], right=[1]) == "李小明   1\nZoë     20"


def test_more_remarks_than_a_screen() -> None:
    """The first five stand in the terminal, the others in a file that is named."""
    text = build_text(replace(REPORT, remarks=REPORT.remarks * 7), output="out")
    assert text.count("two rows are one") == 5
    assert "  … and 2 more: out/private/remarks.txt\n" in text


def test_a_day_must_be_one(root: Path) -> None:
    """A day written in another way is answered with the way that is understood."""
    result = run("segments", "--project", root, "--today", "5.11.2026")
    assert result.exit_code == 2
    assert "'5.11.2026' is no day. Write year, month and day: 2026-11-05" in result.stderr


@pytest.mark.parametrize(
    ("zone", "day"), [("Pacific/Kiritimati", "2026-11-04"), ("Pacific/Pago_Pago", "2026-11-02")]
)
def test_today_is_that_of_the_business(
    zone: str, day: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --today it is the day in the project's time zone, wherever the computer stands."""

    class Noon(dt.datetime):
        """A clock that stands."""

        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:
            """Return half past ten in the morning, in Greenwich."""
            return dt.datetime(2026, 11, 3, 10, 30, tzinfo=tz)

    monkeypatch.setattr("newsletter.commands.clock.dt.datetime", Noon)
    config = root / "content/newsletter.yml"
    config.write_text(config.read_text(encoding="utf-8") + f"timezone: {zone}\n", encoding="utf-8")
    assert run("new", "update", "Tea", "--project", root).exit_code == 0
    assert f"date: {day}\n" in (root / "content/updates/tea.md").read_text(encoding="utf-8")


def test_a_second_issue_in_a_month(root: Path) -> None:
    """It is called after its day."""
    for name in ("2031-02", "2031-02-03"):
        result = run("new", "issue", "News", "--project", root, "--today", "2031-02-03")
        assert result.exit_code == 0, result.stderr
        assert (root / f"content/issues/{name}.md").is_file()
