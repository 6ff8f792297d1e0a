"""The commands that note what happened, run as a user types them."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newsletter import commands

MINIMAL = Path(__file__).parents[1] / "projects/valid/minimal"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a copy of the minimal project."""
    return Path(shutil.copytree(MINIMAL, tmp_path / "project"))


def run(root: Path, *arguments: str) -> Result:
    """Run `newsletter` for that project."""
    where = ("--project", str(root), "--today", "2026-11-05")
    return CliRunner().invoke(commands.main, [*arguments, *where])


def test_jot_notes_a_conversation(root: Path) -> None:
    """The note includes the day by which something was promised."""
    result = run(
        root, "jot", "zoe", "A", "blue", "pen", "--promise", "2026-11-09", "--member", "ann"
    )
    assert result.stdout == (
        "noted for Zoë Miller (1)\n"
        "promised by 2026-11-09\n"
        "wrote content/customers/conversations/2026.csv\n"
        "\n"
        "next: newsletter who 1\n"
    )
    assert "we promised   A blue pen (by 2026-11-09)\n" in run(root, "who", "zoe").stdout
    result = run(root, "jot", "zoe", "--kept")
    assert result.stdout.splitlines()[1] == "kept: A blue pen"
    assert "we promised" not in run(root, "who", "zoe").stdout


def test_excel_opens_the_tables_that_commands_begin(root: Path) -> None:
    """With a byte order mark, and the separator of the country; later lines go on likewise."""
    settings = root / "content/newsletter.yml"
    settings.write_text(settings.read_text().replace("  website:", "  country: DE\n  website:"))
    for text in ("Grün; nicht blau", "Zweitens"):
        assert run(root, "jot", "zoe", text).exit_code == 0
    assert (root / "content/customers/conversations/2026.csv").read_bytes().decode() == (
        "\ufeffcustomer;date;member;channel;text;promise;promised_by;kept;"
        "every;moved_to;answers;pause_until;met\n"
        '1;2026-11-05;;;"Grün; nicht blau";;;;;;;;\n'
        "1;2026-11-05;;;Zweitens;;;;;;;;\n"
    )
    assert "last talk     2026-11-05: Grün; nicht blau\n" in run(root, "who", "zoe").stdout


def test_recording_a_plan_adds_to_the_history_once(root: Path, tmp_path: Path) -> None:
    """Planned rows go to the history, skipped ones do not; a second run adds nothing."""
    file = tmp_path / "plan.csv"
    head = "date,customer,practice,channel,key,skipped_because\n"
    file.write_text(
        f"{head}2026-11-04,1,call,call,x,\n2026-11-04,2,call,call,x,no\n", encoding="utf-8"
    )
    first = run(root, "record", "--plan", str(file))
    assert first.exit_code == 0, first.output
    assert first.stdout.startswith("added 1 row to the history\n")
    assert '"recorded": 0' in run(root, "record", "--plan", str(file), "--json").stdout


def test_an_issue_that_was_not_built_is_not_recorded(root: Path) -> None:
    """There are no recipients to record."""
    result = run(root, "record", "2026-11")
    assert (result.exit_code, "newsletter build --issue 2026-11" in result.stderr) == (1, True)


@pytest.mark.parametrize("more", [(), ("2026-11", "--channel", "email")])
def test_record_needs_an_issue_or_a_file(root: Path, more: tuple[str, ...]) -> None:
    """Neither, or both, is refused."""
    result = run(root, "record", *more)
    assert (result.exit_code, "name an issue, or a file" in result.stderr) == (2, True)
