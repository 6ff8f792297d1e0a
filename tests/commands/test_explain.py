"""One person's story says the same as the plan, and why what is not in the plan is not."""

from __future__ import annotations

import polars as pl
import pytest
from click.testing import CliRunner, Result
from support import EXAMPLE_DAY, ROOT

from newsletter import cli
from newsletter.commands.explain import story
from newsletter.commands.why import Case, why
from newsletter.model.care import CarePlan
from newsletter.model.practice import Practice
from newsletter.model.project import Project


def told(project: Project, plan: CarePlan, customer: str) -> str:
    """Return the story of a customer on the example's day."""
    return "\n\n".join(story(Case(project=project, customer=customer, plan=plan)))


def test_every_line_of_the_plan(project: Project, plan: CarePlan) -> None:
    """For each touchpoint, kept or skipped, the story gives the reason in the plan's own words."""
    for customer in plan.facts["id"]:
        text = told(project, plan, customer)
        assert all(f"\n  {practice.name} " in text for practice in project.practices)
        rows = plan.table.filter(pl.col("customer") == customer)
        for row in rows.iter_rows(named=True):
            assert row["because"] in text
            assert row["skipped_because"] is None or row["skipped_because"] in text
    assert plan.kept.height
    assert plan.kept.height < plan.table.height


def run(*arguments: str) -> Result:
    """Run `newsletter explain` for the example."""
    where = ("--project", str(ROOT), "--today", str(EXAMPLE_DAY))
    return CliRunner().invoke(cli.main, ["explain", *arguments, *where])


def test_story() -> None:
    """Who, facts, segments, practices, etiquette, history, conversations; and what comes next."""
    result = run("Lamesch", "--ahead", "2")
    assert result.exit_code == 0, result.output
    heads = [line for line in result.stdout.splitlines() if line and not line.startswith(" ")]
    assert heads == [
        "Frédéric Lamesch · Luxembourg · fr · PB-1010",
        "facts",
        "segments",
        f"practices on {EXAMPLE_DAY}",
        "etiquette",
        "history",
        "conversations",
        "the next 2 days, as far as is known",
        "next: newsletter who PB-1010",
    ]
    assert "favourite_drink" in result.stdout
    assert "by 2026-10-31" in result.stdout


def test_one_practice() -> None:
    """With --practice it is about that one alone, with the rules of the segments it names."""
    result = run("PB-1001", "--practice", "win-back")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0].startswith("Marguerite Olinger")
    assert lines[2].startswith("  win-back  its rule does not hold: lapsed is false (days_since_")
    assert lines[-1] == "next: newsletter explain PB-1001"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nobody-at-all"], "nobody is called 'nobody-at-all'"),
        (["kirchberg"], "'kirchberg' may be 3 customers:"),
        (["PB-1001", "--practice", "birtday"], "did you mean 'birthday'?"),
    ],
)
def test_refused(arguments: list[str], said: str) -> None:
    """Who cannot be told apart from others, or is not there, is said to be so."""
    result = run(*arguments)
    assert (result.exit_code, said in result.stderr) == (1, True)


def test_unknown_practice_event(project: Project, plan: CarePlan) -> None:
    """What happened before the start of the plan, or never, is no reason for anything."""
    case = Case(project=project, customer="PB-1001", plan=plan)
    practices: dict[str, Practice] = {practice.name: practice for practice in project.practices}
    assert why(practices["farewell"], case) == ["no such event (leaving)"]
    [line] = why(practices["birthday"], case)
    assert line == "next on 2027-05-17: birthday on 2027-05-17 (turns 76)"
