"""A year of the example: each practice is planned, skipped, and takes each of its channels.

The shop plans every Tuesday, and every day in the last five weeks, which include an issue. Tasks
due between two Tuesdays wait for the second.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Set as AbstractSet
from dataclasses import replace

import polars as pl
import pytest
from living import of_the_year

from newsletter.model.channels import CHANNELS
from newsletter.model.practice import ISSUE
from newsletter.model.project import Project
from newsletter.model.team import TeamMember
from newsletter.plan.planning import as_recorded, plan_day, with_history

FIRST, DAILY, LAST = dt.date(2025, 11, 4), dt.date(2026, 9, 29), dt.date(2026, 11, 3)
TUESDAYS = [FIRST + dt.timedelta(weeks=n) for n in range((DAILY - FIRST).days // 7)]
DAYS = [*TUESDAYS, *(DAILY + dt.timedelta(days=n) for n in range((LAST - DAILY).days + 1))]


@pytest.fixture(scope="module")
def project() -> Project:
    """Return the example on its first day, with no task done, and somebody who will leave."""
    project = of_the_year(FIRST)
    # Until October, somebody who then left looked after half of the customers.
    ines = TeamMember(id="ines", name="Ines", left=dt.date(2026, 10, 2), handed_to="tomas")
    customers = project.people.customers.with_columns(
        pl.col("account_manager").replace("tomas", "ines")
    )
    config = project.config.model_copy(update={"team": (*project.config.team, ines)})
    people = replace(project.people, customers=customers)
    return replace(project, config=config, people=people)


@pytest.fixture(scope="module")
def year(project: Project) -> pl.DataFrame:
    """Return every touchpoint of the year, planned and skipped."""
    columns = ["date", "customer", "practice", "key", "channel", "skipped_because", "owed"]
    days = []
    for day in DAYS:
        plan = plan_day(project, today=day)
        days.append(plan.table.select(columns))
        done = as_recorded(plan.settled, issue=plan.events.get(ISSUE))
        project = with_history(project, done)
    return pl.concat(days)


def values_of(touchpoints: pl.DataFrame, *columns: str) -> AbstractSet[tuple[str, ...]]:
    """Return the distinct values of these columns."""
    return set(touchpoints.select(columns).unique().rows())


def test_each_practice_is_planned_and_skipped(project: Project, year: pl.DataFrame) -> None:
    """Every practice reaches somebody, and the etiquette holds it back from somebody."""
    is_planned = pl.col("skipped_because").is_null()
    all_practices = {(practice.name,) for practice in project.practices}
    assert values_of(year.filter(is_planned), "practice") == all_practices
    assert values_of(year.filter(~is_planned), "practice") == all_practices


def test_each_practice_takes_every_channel_it_lists(project: Project, year: pl.DataFrame) -> None:
    """A planned touchpoint uses each channel that its practice lists, and no other."""
    carried_out = year.filter(pl.col("skipped_because").is_null())
    listed = {
        (practice.name, channel) for practice in project.practices for channel in practice.channels
    }
    assert values_of(carried_out, "practice", "channel") == listed


@pytest.fixture(scope="module")
def carried_out(year: pl.DataFrame) -> pl.DataFrame:
    """Return the touchpoints of the year that were carried out."""
    return year.filter(pl.col("skipped_because").is_null())


def test_emails_go_only_to_customers_who_agreed(
    project: Project, carried_out: pl.DataFrame
) -> None:
    """Nobody suppressed, closed or without consent gets an email."""
    people = project.people.customers
    suppressed = project.people.tables["suppressed"]["email"].str.to_lowercase()
    agreed = people.filter(
        pl.col("consent_email")
        & ~pl.col("closed").fill_null(value=False)
        & ~pl.col("email").str.to_lowercase().is_in(suppressed.implode())
    )
    reached = carried_out.filter(pl.col("channel") == "email")["customer"]
    assert reached.n_unique() > 20
    assert set(reached) <= set(agreed["id"])


def test_no_cap_is_exceeded(project: Project, carried_out: pl.DataFrame) -> None:
    """No window has more touchpoints than a cap allows; owed tasks do not count."""
    firms = project.people.customers.select(customer="id", account="account")
    counted = carried_out.filter(~pl.col("owed")).join(firms, on="customer")
    for cap in project.config.etiquette.caps:
        whose = "account" if cap.per == "account" else "customer"
        channels = [cap.per] if cap.per not in ("customer", "account") else CHANNELS
        rows = counted.filter(pl.col("channel").is_in(channels) & pl.col(whose).is_not_null())
        window = f"{cap.days}d"
        per_day = rows.sort("date").rolling("date", period=window, group_by=whose)
        assert rows.height > cap.most
        most = per_day.agg(pl.len(), pl.col("practice").last())
        # An issue goes to everybody on its day, whatever the caps.
        assert most.filter(pl.col("practice") != "issue")["len"].max() <= cap.most, cap


def test_customers_have_one_touchpoint_a_day(carried_out: pl.DataFrame) -> None:
    """And no task is done twice in the year."""
    assert not carried_out.select("customer", "date").is_duplicated().any()
    assert not carried_out.select("customer", "practice", "key").is_duplicated().any()
