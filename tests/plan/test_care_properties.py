"""Properties of plans: random customers, histories and limits, day after day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan.caring import CUSTOMS, HOME, PRACTICES, caring
from support import examples

from newsletter.model.care import CarePlan
from newsletter.model.channels import CHANNELS
from newsletter.model.project import Project
from newsletter.plan.due import is_quiet
from newsletter.plan.etiquette import ETIQUETTE
from newsletter.plan.planning import as_recorded, plan_day, plan_days, with_history

FIRST = dt.date(2026, 10, 29)
DAYS = 7
"""With a Sunday and All Souls among them."""

_IDS = [f"c{number:02}" for number in range(12)]
_days = st.integers(-20, DAYS).map(lambda n: FIRST + dt.timedelta(days=n))
_past = st.integers(-20, -1).map(lambda n: FIRST + dt.timedelta(days=n))
_customer = st.fixed_dictionaries(
    {
        "account": st.sampled_from([None, None, "x", "y"]),
        "account_manager": st.sampled_from([None, "nora", "tomas", "left"]),
        "channel": st.sampled_from([None, *CHANNELS]),
        "email": st.sampled_from([None, "Home@example.com", "home@example.com", "o@example.com"])
        | st.integers(0, 99).map("{}@example.com".format),
        "phone": st.sampled_from([None, "+49 1", "+49 (1)", "+49 2"]),
        "home": st.booleans(),
        "country": st.sampled_from([None, "DE", "LU", "NO", "BR"]),
        "consent_email": st.sampled_from([True, True, True, False]),
        "consent_post": st.sampled_from([None, True, False]),
        "consent_phone": st.sampled_from([None, True, False]),
        "closed": st.sampled_from([None, None, None, True]),
        "birthday": st.sampled_from([None, "--11-01", "--11-03", "1980-10-30"]),
        "orders_count": st.integers(0, 3),
    }
)
_customers = st.sampled_from(_IDS)
_names = st.sampled_from([None, *(practice.name for practice in PRACTICES)])
_touch = {
    "customer": _customers,
    "practice": _names,
    "channel": st.sampled_from([None, *CHANNELS]),
}
_outcomes = st.sampled_from([None, "done", "not reached", "not wanted"])
_cap = st.fixed_dictionaries(
    {
        "per": st.sampled_from(["customer", "customer", "account", "call", "email"]),
        "most": st.integers(1, 3),
        "days": st.integers(1, 20),
    }
)


@st.composite
def _projects(draw, make) -> Project:
    people = [
        {
            "id": key,
            **{k: v for k, v in row.items() if k != "home"},
            **(HOME if row["home"] else {}),
        }
        for key, row in zip(_IDS, draw(st.lists(_customer, min_size=6, max_size=12)), strict=False)
    ]
    history = st.fixed_dictionaries({**_touch, "date": _past, "outcome": _outcomes})
    order = st.fixed_dictionaries({"customer": _customers, "date": _days})
    promise = {
        "customer": _customers,
        "date": _past,
        "promised_by": _days,
        "promise": st.just("word"),
    }
    project = make.project(
        people,
        orders=draw(st.lists(order, min_size=10, max_size=30)),
        history=draw(st.lists(history, min_size=5, max_size=30)),
        conversations=draw(st.lists(st.fixed_dictionaries(promise), max_size=4)),
        issues=[make.issue(date=draw(_days))],
        suppressed=[{"email": "O@example.com"}],
    )
    return caring(
        project,
        caps=draw(st.lists(_cap, min_size=1, max_size=3)),
        gap=draw(st.integers(0, 5)),
        capacity=draw(st.dictionaries(st.sampled_from(list(CHANNELS)), st.integers(0, 2))),
    )


def _holds(make, check, *, count: int) -> None:
    """Run *check* on random projects."""

    @examples(count)
    @given(project=_projects(make))
    def run(project: Project) -> None:
        check(project)

    run()


def _planned(project: Project) -> list[CarePlan]:
    return list(plan_days(project, first=FIRST, last=FIRST + dt.timedelta(days=DAYS - 1)))


@pytest.mark.slow
def test_every_day_respects_the_etiquette(make) -> None:
    """Consent, caps, the gap, one touchpoint a day and capacity hold on each of several days."""

    def check(project: Project) -> None:
        plans = _planned(project)
        for plan in plans:
            _reasons_are_given(plan, project)
            _everybody_agreed(plan, project)
            _one_touch(plan)
            _capacity(plan, project)
        _caps(plans, project)
        _gap(plans, project)

    _holds(make, check, count=12)


def _reasons_are_given(plan: CarePlan, project: Project) -> None:
    table = plan.table
    assert table.filter(pl.col("rule").is_null() != pl.col("skipped_because").is_null()).is_empty()
    assert set(table["rule"].drop_nulls()) <= set(ETIQUETTE)
    assert table.select("customer", "practice", "key").is_duplicated().sum() == 0
    dated = table.drop_nulls("possible_on")
    waiting_rules = ("cap", "gap", "reserved", "quiet", "do_not_write", "one_a_day", "capacity")
    assert set(dated["rule"]) <= {*waiting_rules, "after"}
    assert (
        dated.filter(pl.col("rule").is_in(waiting_rules)).height
        == table.filter(pl.col("rule").is_in(waiting_rules)).height
    )
    for day in dated["possible_on"]:
        assert day > plan.day
        assert not is_quiet(day, project.config)


def _everybody_agreed(plan: CarePlan, project: Project) -> None:
    people = {row["id"]: row for row in project.people.customers.iter_rows(named=True)}
    listed = {email.lower() for email in project.people.tables["suppressed"]["email"]}
    for touch in plan.planned.iter_rows(named=True):
        row = people[touch["customer"]]
        suppressed = (row["email"] or "").lower() in listed
        assert not row["closed"]
        channel = touch["channel"]
        if channel == "email":
            assert row["email"] and row["consent_email"] and not suppressed
            continue
        allowed = CUSTOMS.of(row["country"] or "US").without_asking
        unasked = not suppressed and channel in allowed
        answer = row["consent_phone" if channel == "call" else "consent_post"]
        assert unasked if answer is None else answer
        assert row["phone"] if channel == "call" else row["street"]


def _one_touch(plan: CarePlan) -> None:
    assert not plan.planned["customer"].is_duplicated().any()


def _capacity(plan: CarePlan, project: Project) -> None:
    planned = plan.planned.filter(pl.col("practice") != "issue")
    used = Counter(planned.select("member", "channel").iter_rows())
    for member, channel in planned.filter(~pl.col("owed")).select("member", "channel").iter_rows():
        limit = project.config.etiquette.capacity.get(channel, len(used) + 99)
        assert used[member, channel] <= limit


def _caps(plans: list[CarePlan], project: Project) -> None:
    """Count, for every planned touchpoint, the rows in each window that ends with it."""
    account = dict(project.people.customers.select("id", "account").iter_rows())
    columns = ("customer", "date", "channel", "practice")
    history = project.people.tables["history"].filter(
        pl.col("outcome").fill_null("done") != "not reached",
        pl.col("practice").fill_null("") != "promise",
    )
    new = [row for p in plans for row in p.planned.filter(~pl.col("owed")).select(columns).rows()]
    counted = [*history.select(columns).rows(), *new]
    for cap in project.config.etiquette.caps:
        window = dt.timedelta(days=cap.days)
        for customer, day, channel, practice in new:
            whose = account[customer] if cap.per == "account" else customer
            if practice == "issue" or whose is None or cap.per in set(CHANNELS) - {channel}:
                continue
            inside = [
                other
                for other, date, how, _ in counted
                if day - window < date <= day and (cap.per not in CHANNELS or how == cap.per)
                if whose == (account.get(other) if cap.per == "account" else other)
            ]
            assert len(inside) <= cap.most


def _gap(plans: list[CarePlan], project: Project) -> None:
    """Count the days from each touchpoint back to the one before; issues do not count."""
    gap, columns = project.config.etiquette.gap, ("customer", "date")
    unasked = ~pl.col("practice").fill_null("").is_in(["promise", "issue"])
    reached = pl.col("outcome").fill_null("done") != "not reached"
    history = project.people.tables["history"].filter(unasked, reached)
    new = [row for plan in plans for row in plan.planned.filter(unasked).select(columns).rows()]
    counted = [*history.select(columns).rows(), *new]
    for customer, day in new:
        earlier = [date for other, date in counted if other == customer and date < day]
        assert not earlier or (day - max(earlier)).days >= gap


def test_the_order_of_rows_changes_nothing(make) -> None:
    """Customers and all tables shuffled give the same plan."""

    def check(project: Project) -> None:
        people = project.people
        shuffled = replace(
            people,
            customers=_shuffled(people.customers),
            tables={name: _shuffled(table) for name, table in people.tables.items()},
        )
        reordered = replace(project, people=shuffled)
        day = FIRST + dt.timedelta(days=1)
        original, other_plan = plan_day(project, today=day), plan_day(reordered, today=day)
        assert original.table.equals(other_plan.table)

    _holds(make, check, count=15)


def _shuffled(table: pl.DataFrame) -> pl.DataFrame:
    return table.sample(fraction=1, shuffle=True, seed=7)


def test_recorded_customers_have_no_second_task_that_day(make) -> None:
    """Planning the same day again after recording gives them nothing to do."""

    def check(project: Project) -> None:
        first = plan_day(project, today=FIRST)
        second = plan_day(with_history(project, as_recorded(first.planned)), today=FIRST)
        once = first.planned.select("customer", "practice", "key")
        assert second.planned.join(once, on=once.columns).is_empty()
        assert second.planned.join(once, on="customer").is_empty()

    _holds(make, check, count=15)
