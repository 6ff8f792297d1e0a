"""The plan as a table, as JSON, and compared with the last build."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result
from support import EXAMPLE_DAY, ROOT

from newsletter import commands
from newsletter.commands.plan_difference import diff_text
from newsletter.commands.plan_table import EVERYTHING, Room, plan_text
from newsletter.errors import NewsletterError
from newsletter.export.lists import plan_file
from newsletter.export.table import machine_csv
from newsletter.model.care import PLAN, CarePlan
from newsletter.model.project import Project
from newsletter.read.assembly import read_project
from newsletter.read.returned.earlier_output import read_plan
from newsletter.write.files import chunks_of

TUESDAY, WEDNESDAY = dt.date(2026, 11, 3), dt.date(2026, 11, 4)


def row(customer: str, practice: str, **more: object) -> dict[str, object]:
    """Return a planned touchpoint of Tuesday."""
    usual = {
        "date": TUESDAY,
        "customer": customer,
        "name": customer.title(),
        "member": "nora",
        "practice": practice,
        "channel": "call",
        "arrives": TUESDAY,
        "key": "1",
        "because": f"because of {practice}",
        "priority": 50,
        "owed": False,
    }
    return usual | {"practice": practice} | more


def skipped(
    customer: str, practice: str, rule: str, why: str, **more: object
) -> dict[str, object]:
    """Return a skipped touchpoint."""
    return row(customer, practice, rule=rule, skipped_because=why, **more)


def frame(*rows: dict[str, object]) -> pl.DataFrame:
    """Return PLAN."""
    return pl.DataFrame([{name: row.get(name) for name in PLAN} for row in rows], schema=PLAN)


TABLE = frame(
    row("zoë", "birthday", priority=90),
    row("李小明", "promise", owed=True, priority=10),
    row("ann", "call", member="tomas", channel="email", date=WEDNESDAY),
    skipped("ann", "birthday", "cap", "at most 2 in 14 days: 2026-10-28 (call)"),
    skipped("bob", "birthday", "cap", "at most 2 in 14 days: 2026-10-29 (call)"),
    skipped("bob", "welcome", "too_late", "its time is over: it ended on 1 Nov 2026"),
    skipped("bob", "call", "consent", "no phone number", date=TUESDAY),
    skipped("bob", "call", "consent", "no phone number", date=WEDNESDAY),
    skipped("ann", "call", "one_a_day", "one contact a day is enough", possible_on=WEDNESDAY),
)
DAYS = [TUESDAY, WEDNESDAY, dt.date(2026, 11, 5)]


def test_the_plan_by_day(project: Project) -> None:
    """Owed tasks come first; skipped rows are counted by rule, in the order of the etiquette."""
    assert plan_text(project, TABLE, days=DAYS) == (
        "3 tasks for 3 customers from 2026-11-03 to 2026-11-05\n"
        "\n"
        "Tuesday 2026-11-03\n"
        "  Nora Feltes\n"
        "     call  李小明  李小明  A promise is due  because of promise\n"
        "     call  zoë     Zoë     Birthday wishes   because of birthday\n"
        "\n"
        "Wednesday 2026-11-04\n"
        "  Tomás Almeida\n"
        "     email  ann  Ann  A call without an occasion  because of call\n"
        "\n"
        "Thursday 2026-11-05: nothing to do\n"
        "\n"
        "4 tasks left out (--all lists them)\n"
        "  1  no phone number\n"
        "  1  its time is over\n"
        "  2  at most 2 in 14 days"
    )


def test_the_plan_by_channel(project: Project) -> None:
    """Grouped by channel, then by day."""
    assert plan_text(project, TABLE, days=DAYS, by="channel").split("\n\n")[1:3] == [
        "call\n"
        "  Tuesday 2026-11-03\n"
        "     Nora Feltes  李小明  李小明  A promise is due  because of promise\n"
        "     Nora Feltes  zoë     Zoë     Birthday wishes   because of birthday",
        "email\n  Wednesday 2026-11-04\n     Tomás Almeida  ann  Ann  A call without an occasion  "
        "because of call",
    ]


def test_the_plan_by_team_member(project: Project) -> None:
    """Grouped by team member, then by day."""
    heads = [
        part.splitlines()[:2]
        for part in plan_text(project, TABLE, days=DAYS, by="member").split("\n\n")
    ]
    assert heads[1:3] == [
        ["Nora Feltes", "  Tuesday 2026-11-03"],
        ["Tomás Almeida", "  Wednesday 2026-11-04"],
    ]


def test_all_lists_every_skipped_row(project: Project) -> None:
    """Each has its line, with the day on which it becomes possible."""
    text = plan_text(project, TABLE, days=DAYS, room=EVERYTHING)
    assert text.split("\n\n")[-1] == (
        "6 tasks left out\n"
        "  2026-11-03  ann  Ann  Birthday wishes             at most 2 in 14 days: "
        "2026-10-28 (call)\n"
        "  2026-11-03  bob  Bob  Birthday wishes             at most 2 in 14 days: "
        "2026-10-29 (call)\n"
        "  2026-11-03  ann  Ann  A call without an occasion  one contact a day is enough; "
        "not before 2026-11-04\n"
        "  2026-11-03  bob  Bob  A call without an occasion  no phone number\n"
        "  2026-11-03  bob  Bob  Welcome                     its time is over: it ended on "
        "1 Nov 2026\n"
        "  2026-11-04  bob  Bob  A call without an occasion  no phone number"
    )


def test_an_empty_plan_says_so(project: Project) -> None:
    """The page is not simply blank."""
    assert plan_text(project, frame(), days=[TUESDAY]) == (
        "0 tasks for 0 customers on Tuesday 2026-11-03\n\nTuesday 2026-11-03: nothing to do"
    )


def test_recipients_of_an_issue_share_a_line(project: Project) -> None:
    """The issue does not hide the other tasks; --all names each recipient."""
    same = {"practice": "issue", "channel": "email", "because": "issue 2026-11"}
    issue = [row(f"c{number:02}", **same) for number in range(13)]
    table = frame(*issue, row("ann", "call"))
    assert plan_text(project, table, days=[TUESDAY]).splitlines()[2:] == [
        "Tuesday 2026-11-03",
        "  Nora Feltes",
        "     call   ann  Ann              A call without an occasion  because of call",
        "     email       C00 and 12 more  The monthly letter          issue 2026-11",
    ]
    assert len(plan_text(project, table, days=[TUESDAY], room=EVERYTHING).splitlines()) == 18


def test_a_plan_fits_the_terminal(project: Project) -> None:
    """What does not fit is counted, and the last line says where it is; lines are cut."""
    table = frame(*(row(f"c{number}", "call", key=f"{number}") for number in range(3)), TABLE_ROW)
    room = Room(lines=10, width=50, file="plan.csv")
    assert plan_text(project, table, days=DAYS, room=room).splitlines()[2:] == [
        "Tuesday 2026-11-03",
        "  Nora Feltes",
        "     call  c0  C0  A call without an occasion  be…",
        "     call  c1  C1  A call without an occasion  be…",
        "     call  c2  C2  A call without an occasion  be…",
        "… and 1 task more: newsletter plan --all, or plan.csv",
    ]


TABLE_ROW = row("zoë", "birthday", date=WEDNESDAY)


def test_empty_days_share_a_line(project: Project) -> None:
    """A quiet week is two lines, in the language of the project."""
    german = replace(project, config=project.config.model_copy(update={"language": "de"}))
    assert plan_text(german, frame(), days=DAYS) == (
        "0 Aufgaben für 0 Kunden vom 03.11.2026 bis zum 05.11.2026\n"
        "\n"
        "Dienstag, 03.11.2026 · Mittwoch, 04.11.2026 · Donnerstag, 05.11.2026: nichts zu tun"
    )


def test_days_before_the_start_say_why_they_are_empty(project: Project) -> None:
    """The plan names its first day."""
    config = project.config.model_copy(update={"start": WEDNESDAY})
    assert plan_text(replace(project, config=config), frame(), days=DAYS).splitlines()[2] == (
        "the care plan begins on 2026-11-04: 'start:' in content/newsletter.yml"
    )


OLD = frame(
    row("ann", "birthday"),
    row("ann", "call"),
    row("bob", "call"),
    row("cat", "call", channel="email"),
    skipped("dan", "call", "cap", "at most 2 in 14 days: 2026-10-28 (call)"),
    skipped("eve", "call", "cap", "at most 2"),
    skipped("fay", "call", "cap", "at most 2"),
)
NEW = frame(
    row("ann", "call", date=WEDNESDAY),
    skipped("bob", "call", "cap", "at most 2", date=WEDNESDAY),
    row("cat", "call", date=WEDNESDAY),
    row("dan", "call", date=WEDNESDAY),
    skipped("eve", "call", "cap", "at most 3", date=WEDNESDAY),
    row("gus", "welcome", date=WEDNESDAY),
    skipped("hal", "welcome", "cap", "at most 2", date=WEDNESDAY),
    row("ida", "call", date=dt.date(2026, 11, 5)),
)


def test_diff_shows_added_dropped_and_changed_rows(project: Project) -> None:
    """Each with its reason; a day that has passed, or one more day, is no difference."""
    customers: list[str] = []

    def why_gone(row_gone: Any) -> str:
        customers.append(row_gone["customer"])
        return f"no {row_gone['practice']} any more"

    assert diff_text(OLD, NEW, project=project, why_gone=why_gone) == (
        "1 task added, and 1 left out (--all lists them)\n"
        "  gus  Gus  Welcome  call on 2026-11-04: because of welcome\n"
        "\n"
        "1 task gone, and 1 left out (--all lists them)\n"
        "  ann  Ann  Birthday wishes  no birthday any more\n"
        "\n"
        "3 tasks changed\n"
        "  bob  Bob  A call without an occasion  was call on 2026-11-03: because of call; "
        "now left out: at most 2\n"
        "  cat  Cat  A call without an occasion  was email on 2026-11-03: because of call; "
        "now call on 2026-11-04: because of call\n"
        "  dan  Dan  A call without an occasion  was left out: at most 2 in 14 days: "
        "2026-10-28 (call); "
        "now call on 2026-11-04: because of call"
    )
    assert customers == ["ann"]


def test_a_plan_does_not_differ_from_itself(project: Project) -> None:
    """The diff says so."""
    text = diff_text(OLD, OLD, project=project, why_gone=str, everything=True)
    assert text == "0 tasks added\n\n0 tasks gone\n\n0 tasks changed"


def test_a_plan_file_is_read_back_unchanged(tmp_path: Path) -> None:
    """Reading the file of a build gives the plan again."""
    file = tmp_path / "plan.csv"
    file.write_bytes(b"".join(machine_csv([TABLE])))
    assert read_plan(file, shown="plan.csv").equals(TABLE)


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "date\n3.11.2026\n"])
def test_a_file_that_is_no_plan_is_refused(tmp_path: Path, text: str) -> None:
    """The message names the file."""
    file = tmp_path / "plan.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(NewsletterError, match=r"plan.csv: this is not a plan that a build wrote"):
        read_plan(file, shown="plan.csv")


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Result]:
    """Return a function that runs `newsletter plan` for the example, with its own output."""

    def plan(*arguments: object) -> Result:
        where = ["--project", ROOT, "--today", EXAMPLE_DAY, "--output", tmp_path / "output"]
        return CliRunner().invoke(commands.main, ["plan", *map(str, [*arguments, *where])])

    return plan


def test_json_and_file_have_the_rows_of_the_plan(
    run: Callable[..., Result], plan: CarePlan, tmp_path: Path
) -> None:
    """JSON is a list of objects with the plan's columns; the file has the same rows."""
    result = run("--json", "--to", EXAMPLE_DAY)
    assert result.exit_code == 0, result.output
    rows = json.loads(result.stdout)
    assert rows == json.loads(plan.table.write_json())
    assert list(rows[0]) == list(PLAN)
    file = tmp_path / "output/private/plan.csv"
    with file.open(
        encoding="utf-8-sig", newline=""
    ) as text:  # the separator that Excel expects in Luxembourg
        csv_rows = list(csv.DictReader(text, delimiter=";"))
    assert [row["skipped_because"] for row in csv_rows] == [
        row["skipped_because"] or "" for row in rows
    ]
    assert read_plan(file, shown="plan.csv").equals(plan.table)


def test_a_name_like_a_formula_is_escaped_in_the_file(plan: CarePlan, tmp_path: Path) -> None:
    """No spreadsheet would run it, and it reads back unchanged."""
    hostile = plan.table.with_columns(name=pl.lit("=1+1"))
    config = read_project(ROOT, today=EXAMPLE_DAY).config
    file_bytes = b"".join(chunks_of(plan_file(hostile, "private/plan.csv", config).content))
    assert b'"=1+1"' not in file_bytes
    file = tmp_path / "plan.csv"
    file.write_bytes(file_bytes)
    assert read_plan(file, shown="plan.csv").equals(hostile)


def test_plan_covers_seven_days_by_default(
    run: Callable[..., Result], plan: CarePlan, tmp_path: Path
) -> None:
    """The output ends with the files written and the next command."""
    result = run("--to", "2026-11-04")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0].endswith("from 2026-11-03 to 2026-11-04")
    assert "Wednesday 2026-11-04" in lines
    for because in plan.planned["because"]:
        assert any(line.endswith(because) for line in lines)
    assert lines[-3:] == [
        f"wrote {tmp_path}/output/private/plan.csv",
        "",
        "next: newsletter explain CUSTOMER, or newsletter today",
    ]


@pytest.mark.slow
def test_diff_with_the_last_build(
    run: Callable[..., Result], plan: CarePlan, tmp_path: Path
) -> None:
    """Without a build there is nothing to compare; an equal plan has no difference."""
    missing = run("--diff", "--to", EXAMPLE_DAY)
    assert (missing.exit_code, "newsletter build" in missing.stderr) == (1, True)
    run("--to", EXAMPLE_DAY)
    care = tmp_path / "output/private/care"
    care.mkdir()
    new = plan.planned.row(0, named=True)
    is_new = (pl.col("customer") == new["customer"]) & pl.col("rule").is_null()
    last = plan.table.filter(~is_new)
    (care / "plan.csv").write_bytes(b"".join(machine_csv([last])))
    result = run("--diff", "--to", EXAMPLE_DAY)
    assert result.exit_code == 0, result.output
    [added, *changes] = result.stdout.split("\n\n")
    assert added.startswith(f"1 task added\n  {new['customer']}  {new['name']}")
    assert changes[0].startswith("0 tasks gone")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--from", "2026-11-05", "--to", "2026-11-04"], 1, "is before"),
        (["--from", "2026-11-05", "--to", "2028-11-04"], 1, "at most 400 days"),
        (["--from", "5.11."], 2, "is not a day"),
        (["--by", "year"], 2, "'year' is not one of"),
        (["--diff", "--json"], 2, "leave out --json"),
    ],
)
def test_impossible_days_are_refused(
    run: Callable[..., Result], arguments: list[str], code: int, message: str
) -> None:
    """The message has a hint."""
    result = run(*arguments)
    assert (result.exit_code, message in result.stderr) == (code, True)


def test_a_project_without_practices_has_no_plan() -> None:
    """The message says how to add practices."""
    minimal = ROOT / "tests/projects/valid/minimal"
    for command in (["plan"], ["today"], ["explain", "customer"]):
        result = CliRunner().invoke(
            commands.main, [*command, "--project", str(minimal), "--today", "2026-11-05"]
        )
        assert result.exit_code == 1
        assert "content/practices: there are no practices, so nothing is planned" in result.stderr
