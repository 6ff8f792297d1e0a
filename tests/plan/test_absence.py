"""Who does the work of those who are away or have left, and who tells their customers."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from made import basis_of, people_of, practice, project_of, settings, source
from pydantic import ValidationError

from newsletter.facts import add_facts
from newsletter.model.config import Config
from newsletter.model.duty import on_duty, team_on
from newsletter.model.entry import Issue
from newsletter.model.practice import NEWSLETTER, Rhythm, Span
from newsletter.plan.events import events_of
from newsletter.plan.planning import plan_day

D = dt.date
DAY = D(2026, 11, 4)
LONG_AGO = D(2020, 1, 1)


def _team(**of_nora: object) -> Config:
    """Return settings with Nora, Tomás and Zoë, who writes no notes by hand."""
    return settings(
        team=(
            {"id": "nora", "name": "Nora", "phone": "1", **of_nora},
            {"id": "zoe", "name": "Zoë", "capacity": {"handwritten": 0}},
            {"id": "tomas", "name": "Tomás", "phone": "2", "role": "Coffee"},
        )
    )


@pytest.mark.parametrize(
    ("nora", "acts"),
    [
        ({}, "nora"),
        ({"away": "2026-11-01 to 2026-11-03"}, "nora"),
        ({"away": "2026-11-01 to 2026-11-04", "deputy": "zoe"}, "zoe"),
        ({"away": "2026-11-04", "deputy": "zoe"}, "zoe"),
        ({"away": ["2026-01-01", "from 2026-11-04"], "deputy": "tomas"}, "tomas"),
        ({"away": "until 2026-11-04"}, "tomas"),  # Zoë has no time for notes by hand
        ({"left": "2026-11-04", "handed_to": "zoe"}, "nora"),
        ({"left": "2026-11-03", "handed_to": "zoe"}, "zoe"),
        ({"left": "2026-11-03"}, "zoe"),
    ],
)
def test_somebody_does_the_work(nora: dict[str, object], acts: str) -> None:
    """The member, the deputy, the successor; else the first who is there and has the time."""
    assert on_duty(_team(**nora), DAY) == {"nora": acts, "tomas": "tomas", "zoe": "zoe"}


def test_a_deputy_may_be_away_and_a_successor_may_leave() -> None:
    """Then their own deputy and successor count; circles end."""
    team = (
        {"id": "a", "name": "A", "away": "2026-11-04", "deputy": "b"},
        {"id": "b", "name": "B", "away": "2026-11-04", "deputy": "a"},
        {"id": "c", "name": "C", "left": "2026-10-01", "handed_to": "d"},
        {"id": "d", "name": "D", "left": "2026-10-02", "handed_to": "e"},
        {"id": "e", "name": "E"},
    )
    config = settings(team=team)
    assert on_duty(config, DAY) == {"a": "e", "b": "e", "c": "e", "d": "e", "e": "e"}
    assert [member.id for member in team_on(config, DAY)] == ["a", "b", "e"]
    alone = settings(team=({"id": "a", "name": "A", "away": "from 2026-01-01"},))
    assert on_duty(alone, DAY) == {"a": "a"}


@pytest.mark.parametrize(
    ("nora", "message"),
    [
        ({"away": "in summer"}, "'in summer' says not when"),
        ({"away": "2026-11-04 to 2026-11-01"}, "ends before it begins"),
        ({"away": "2026-11-31"}, "there is no day 2026-11-31"),
        ({"deputy": "nobody"}, "'nobody' cannot be 'deputy' of nora"),
        ({"deputy": "nora"}, "'nora' cannot be 'deputy' of nora"),
        ({"handed_to": "zoe"}, "'handed_to' of nora needs 'left'"),
    ],
)
def test_mistakes_in_the_team_are_refused(nora: dict[str, object], message: str) -> None:
    """With what is wrong."""
    with pytest.raises(ValidationError, match=message):
        _team(**nora)


def test_facts_name_who_is_there() -> None:
    """With their role and phone number, and in whose place; firms share a manager."""
    customers = [
        {"id": "a", "account_manager": "nora", "account": "f"},
        {"id": "b", "account": "f"},
        {"id": "c", "account_manager": "zoe"},
    ]
    people = people_of(customers)
    config = _team(away="from 2026-11-01", deputy="tomas")
    facts = add_facts(people, config, today=DAY, since=DAY)
    names = ["manager_id", "manager_name", "manager_phone", "manager_role", "stands_in_for"]
    there = ("tomas", "Tomás", "2", "Coffee", "Nora")
    assert facts.select(names).rows() == [there, there, ("zoe", "Zoë", None, None, None)]
    left = add_facts(people, _team(left="2026-11-01", handed_to="zoe"), today=DAY, since=DAY)
    assert left["manager_name"].to_list() == ["Zoë"] * 3
    assert left["stands_in_for"].to_list() == [None] * 3


def test_the_deputy_s_capacity_counts_and_the_task_says_in_whose_place() -> None:
    """Two calls for Nora's customers and one for his own: he has time for two."""
    customers = [
        {"id": key, "account_manager": who, "phone": f"+49 {ord(key)}", "consent_phone": True}
        for key, who in (("a", "nora"), ("b", "nora"), ("c", "tomas"))
    ]
    calls = practice(
        name="call", every=(Rhythm("", Span(1, "month")),), channels=("call",), until=None
    )
    config = settings(
        team=(
            {"id": "nora", "name": "Nora", "away": "2026-11-04", "deputy": "tomas"},
            {"id": "tomas", "name": "Tomás", "capacity": {"call": 2}},
        ),
        start=D(2026, 9, 1),
    )
    talks = [{"customer": c["id"], "date": D(2026, 9, 30)} for c in customers]
    people = people_of(customers, conversations=talks)
    project = project_of(config=config, people=people, practices=(calls,))
    plan = plan_day(project, today=DAY)
    assert set(plan.table["member"]) == {"tomas"}
    assert plan.planned.height == 2
    because = dict(plan.table.select("customer", "because").iter_rows())
    assert because["a"].endswith("every month; in place of Nora")
    assert because["c"].endswith("every month")
    later = plan_day(project, today=DAY + dt.timedelta(days=1))
    assert set(later.table["member"]) == {"nora", "tomas"}
    assert later.planned.height == 3


def test_customers_of_somebody_who_has_left_get_a_new_manager() -> None:
    """Those of the file, and those whom that member spoke with last; not those who came later."""
    customers = [
        {"id": "a", "account_manager": "nora", "customer_since": LONG_AGO},
        {"id": "b", "account_manager": "zoe", "customer_since": LONG_AGO},
        {"id": "c", "account_manager": "zoe", "customer_since": LONG_AGO},
        {"id": "d", "account_manager": "nora", "customer_since": D(2026, 11, 2)},
        {"id": "e"},
    ]
    talks = [
        {"customer": "b", "date": D(2026, 10, 1), "member": "nora"},
        {"customer": "c", "date": D(2026, 10, 1), "member": "nora"},
        {"customer": "c", "date": D(2026, 10, 2), "member": "zoe"},
    ]
    config = _team(left="2026-10-31", handed_to="zoe")
    basis = basis_of(customers, config=config, conversations=talks)
    found = events_of("new manager", basis, first=D(2026, 10, 1), last=DAY)
    told = "new account manager in place of Nora since 1 Nov 2026"
    since = D(2026, 11, 1)
    assert found.rows() == [
        (key, "nora 2026-10-31", since, told, "Nora", since) for key in ("a", "b", "e")
    ]
    assert events_of("new manager", basis, first=D(2026, 11, 2), last=DAY).is_empty()
    assert found.schema["manager_since"] == pl.Date


def test_each_day_has_its_own_team_beside_an_issue_of_another_day() -> None:
    """An issue of last month or of next week gives the tasks of today to nobody else."""
    config = _team(left="2026-10-31", handed_to="zoe")
    customers = [{"id": "a", "account_manager": "nora", "email": "a@a.example"}]
    care = practice("birthday")
    people = people_of([customers[0] | {"birthday": "1990-11-04"}])
    for day, of_issue in ((D(2026, 10, 5), "nora"), (D(2026, 11, 20), "zoe")):
        issue = Issue(
            name="x",
            language="en",
            title="x",
            date=day,
            subject=source("x"),
            preheader=source(""),
            body=source(""),
        )
        project = project_of(
            config=config, people=people, practices=(care, NEWSLETTER), issues=(issue,)
        )
        table = plan_day(project, today=DAY, issue="x").table
        members = dict(table.select("practice", "member").iter_rows())
        assert members == {"care": "zoe", "issue": of_issue}


def test_only_the_new_manager_writes_the_letter_of_the_handover() -> None:
    """It is not posted early, while the one who leaves is still there."""
    home = {"street": "Road 1", "postcode": "1", "city": "Ulm", "consent_post": True}
    person = {"id": "a", "account_manager": "nora", "customer_since": LONG_AGO}
    people = people_of([person | home])
    handover = practice("new manager", channels=("letter",))
    config = _team(left=str(DAY), handed_to="zoe")
    project = project_of(config=config, people=people, practices=(handover,))
    assert plan_day(project, today=DAY).table.is_empty()
    table = plan_day(project, today=DAY + dt.timedelta(days=1)).table
    assert table.select("member", "channel", "skipped_because").rows() == [("zoe", "letter", None)]
