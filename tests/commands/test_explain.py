"""`newsletter explain` gives the plan's reasons, and says why other practices are not due."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from click.testing import CliRunner, Result
from support import EXAMPLE_DAY, ROOT

from newsletter import commands
from newsletter.commands.explain import story
from newsletter.commands.explain_practice import Case, why
from newsletter.errors import Place
from newsletter.model.care import CarePlan
from newsletter.model.gift import Gift
from newsletter.model.practice import Practice, Rhythm, Span
from newsletter.model.project import Project
from newsletter.model.source import Source
from newsletter.plan.planning import plan_day


def story_of(project: Project, plan: CarePlan, customer: str) -> str:
    """Return the explanation of a customer on the example's day."""
    return "\n\n".join(story(Case(project=project, customer=customer, plan=plan)))


@pytest.mark.slow
def test_the_explanation_has_the_reason_of_every_row_of_the_plan(
    project: Project, plan: CarePlan
) -> None:
    """Planned or skipped, each row's reason is printed word for word."""
    for customer in plan.everybody["id"]:
        text = story_of(project, plan, customer)
        assert all(f"\n  {practice.title} " in text for practice in project.practices)
        text = " ".join(text.split())
        rows = plan.table.filter(pl.col("customer") == customer)
        for row in rows.iter_rows(named=True):
            assert row["because"] in text
            assert row["skipped_because"] is None or row["skipped_because"] in text
    assert plan.planned.height
    assert plan.planned.height < plan.table.height


def run(*arguments: str) -> Result:
    """Run `newsletter explain` for the example."""
    where = ("--project", str(ROOT), "--today", str(EXAMPLE_DAY))
    return CliRunner().invoke(commands.main, ["explain", *arguments, *where])


@pytest.mark.slow
def test_the_explanation_has_every_section() -> None:
    """From the customer and their facts to conversations, and what comes next."""
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
    assert "favourite drink: " in result.stdout
    assert "by 2026-10-31" in result.stdout


def test_practice_limits_the_explanation_to_one() -> None:
    """With --practice only that practice is explained."""
    result = run("PB-1001", "--practice", "win-back")
    assert result.stdout == run("PB-1001", "--practice", "We have not seen you").stdout
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0].startswith("Marguerite Olinger")
    assert lines[2].startswith("  We have not seen you  ")
    assert lines[-1] == "next: newsletter explain PB-1001"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nobody-at-all"], "no customer matches 'nobody-at-all'"),
        (["kirchberg"], "'kirchberg' may be 3 customers:"),
        (["PB-1001", "--practice", "birtday"], "did you mean 'birthday'?"),
    ],
)
def test_ambiguous_and_unknown_customers_are_refused(arguments: list[str], message: str) -> None:
    """The message lists the matches, or says that there is no such customer."""
    result = run(*arguments)
    assert (result.exit_code, message in result.stderr) == (1, True)


@pytest.fixture
def practices(project: Project) -> dict[str, Practice]:
    """Return the example's practices by name."""
    return {practice.name: practice for practice in project.practices}


def test_the_deciding_part_of_a_rule_is_named(
    project: Project, plan: CarePlan, practices: dict[str, Practice]
) -> None:
    """For a segment in the rule, its own deciding part only if asked for."""
    place = Place(path="content/practices/farewell.md")
    state = replace(practices["farewell"], event="", when=Source("vip and lapsed", place))
    case = Case(project=project, customer="PB-1001", plan=plan)
    question = "  it asks for: belongs to “vip” and belongs to “lapsed”"
    assert why(state, case) == ["its rule does not hold: does not belong to “lapsed”", question]
    assert why(state, replace(case, verbose=True))[2:] == ["  rule: vip and lapsed"]
    days = plan.everybody.filter(pl.col("id") == "PB-1001")["days_since_last_order"].item()
    assert why(state, replace(case, unfold=True)) == [
        f"its rule does not hold: does not belong to “lapsed” (last order {days} days ago)",
        question,
    ]


def test_the_reason_names_the_day(
    project: Project, plan: CarePlan, practices: dict[str, Practice]
) -> None:
    """The event never happened, is still to come, is over, or was before the start."""
    case = Case(project=project, customer="PB-1001", plan=plan)
    birthday = replace(practices["birthday"], when=None)
    past = replace(practices["feedback-answer"], when=None)
    seldom = replace(birthday, name="seldom", event="", every=(Rhythm("", Span(9, "year")),))
    assert why(practices["farewell"], case) == ["no event of this kind is known"]
    assert why(birthday, case) == ["next on 2027-05-17: birthday on 17 May 2027 (turns 76)"]
    assert why(past, case) == [
        f"was due on 2025-11-25, before the care plan began on {project.config.start}: "
        "feedback of 22 Nov 2025 (score 10)",
        "last done by letter on 2025-11-24",
    ]
    [line] = why(seldom, case)
    assert line.startswith("next on 20")
    assert line.endswith("every 9 years")


def test_a_planned_row_of_the_coming_days_is_the_next_task(
    project: Project, plan: CarePlan, practices: dict[str, Practice]
) -> None:
    """In a plan of several days a planned row goes before a skipped one."""
    row = plan.planned.filter(pl.col("practice") != "birthday").head(1)
    later = row.with_columns(practice=pl.lit("birthday"), date=pl.date(2026, 11, 9))
    customer, because, channel = row.select("customer", "because", "channel").row(0)
    skipped = later.with_columns(rule=pl.lit("cap"), skipped_because=pl.lit("one too many"))
    no_event = replace(practices["birthday"], event="leaving")
    case = Case(project=project, customer=customer, plan=plan, coming=pl.concat([skipped, later]))
    assert why(replace(no_event, name="x"), case) == ["no event of this kind is known"]
    [line] = why(replace(practices["birthday"], event="leaving"), case)
    assert line == f"next on 2026-11-09 by {channel}: {because}"
    [line] = why(practices["birthday"], replace(case, coming=skipped))
    assert line == "next on 2026-11-09, but not then, because one too many"


@pytest.mark.slow
def test_numbers_of_a_stamp_card_have_their_names() -> None:
    """A record of a list is not a row of bare numbers."""
    told = " ".join(run("PB-1027", "--ahead", "0", "--verbose").stdout.split())
    assert "Coffee card, stamps " in told
    assert ", needed 9, missing " in told


@pytest.mark.slow
def test_the_gift_that_goes_with_a_task_is_named(
    project: Project, practices: dict[str, Practice]
) -> None:
    """And for whom it is, if the practice has others."""
    beans = Gift(
        kind="item",
        name="a bag of beans",
        worth=9.0,
        cost=4.0,
        currency="EUR",
        valid_days=30,
        conditions="",
        category="coffee",
    )
    cup = replace(beans, name="a cup", category="")
    thanks = replace(practices["thank-you"], gifts=(beans,), gift=cup)
    others = tuple(practice for practice in project.practices if practice.name != thanks.name)
    shop = replace(project, practices=(*others, thanks))
    plan = plan_day(shop, today=EXAMPLE_DAY)
    given = plan.gifts.filter(pl.col("practice") == thanks.name)
    told = {
        0: "  with it goes a bag of beans, for what was bought: coffee",
        1: "  with it goes a cup",
    }
    assert given.height
    for customer, number in given.select("customer", "gift").iter_rows():
        assert told[number] in why(thanks, Case(project=shop, customer=customer, plan=plan))
