"""After a time without a record, some tasks are done late, and the others are listed once more."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import polars as pl
import pytest
from made import people_of, settings
from plan.caring import BIRTHDAY, HOME, PROMISE, THANKS, caring
from support import ROOT

from newsletter.model.care import CarePlan
from newsletter.model.gift import Gift
from newsletter.model.practice import Practice, Span
from newsletter.model.project import Project
from newsletter.plan.missed import missed
from newsletter.plan.planning import plan_day
from newsletter.plan.time_away import TimeAway, times_away
from newsletter.read.assembly import read_project

D = dt.date
RECORD, BACK = D(2026, 10, 10), D(2026, 11, 4)
"""The last record before, and the day on which somebody is there again."""
WISHES = replace(BIRTHDAY, belated=Span(30, "day"), channels=("email",))


def _away(*recorded: D, day: D = BACK, **etiquette: object) -> tuple[TimeAway, ...]:
    config = settings(start=D(2026, 10, 1), etiquette=etiquette)
    history = [{"customer": "a", "date": each} for each in recorded]
    tables = people_of([{"id": "a"}], history=history).tables
    return times_away(tables, [WISHES], config, day=day)


@pytest.mark.parametrize(
    ("recorded", "away"),
    [
        ([], ()),  # a new project
        ([D(2026, 9, 20)], ()),  # before the start
        ([D(2026, 10, 21)], ()),  # 13 days
        ([D(2026, 10, 20)], (TimeAway(D(2026, 10, 21), D(2026, 11, 3), is_over=False),)),
        ([RECORD, D(2026, 12, 1)], (TimeAway(D(2026, 10, 11), D(2026, 11, 3), is_over=False),)),
        ([RECORD, BACK], (TimeAway(D(2026, 10, 11), D(2026, 11, 3), is_over=True),)),
        ([RECORD, D(2026, 10, 30)], (TimeAway(D(2026, 10, 11), D(2026, 10, 29), is_over=True),)),
    ],
)
def test_days_without_a_record(recorded: list[D], away: tuple[TimeAway, ...]) -> None:
    """At least 14, between two records or since the last; none before the first."""
    assert _away(*recorded) == away


def test_settings_and_time_end_it() -> None:
    """`away_days` is another number or none; after the longest `belated` nothing is late."""
    (away,) = _away(D(2026, 10, 29), away_days=5)
    assert away == TimeAway(D(2026, 10, 30), D(2026, 11, 3), is_over=False)
    assert _away(RECORD, away_days=0) == ()
    since = [RECORD, BACK, D(2026, 11, 15), D(2026, 11, 26)]
    assert len(_away(*since, day=D(2026, 12, 3))) == 1
    assert _away(*since, day=D(2026, 12, 4)) == ()


def test_a_conversation_is_a_record() -> None:
    """Whoever notes one was there."""
    people = people_of([{"id": "a"}], conversations=[{"customer": "a", "date": D(2026, 10, 20)}])
    config = settings(start=D(2026, 10, 1))
    assert [each.first for each in times_away(people.tables, [], config, day=BACK)] == [
        D(2026, 10, 21)
    ]


def _project(make, *practices: Practice, **tables: list[dict[str, object]]) -> Project:
    """Return a firm whose last record is of RECORD, and a birthday on 20 October."""
    people = [
        {"id": "a", "birthday": "1980-10-20", **HOME},
        {"id": "b"},
        {"id": "gone", "birthday": "1980-10-20", "closed": True},
    ]
    tables["history"] = [
        {"customer": "b", "practice": "x", "date": RECORD},
        *tables.get("history", []),
    ]
    return caring(make.project(people, **tables), *practices)


def _rows(project: Project, day: D) -> list[tuple[object, ...]]:
    table = plan_day(project, today=day).table.filter(pl.col("customer") == "a")
    return table.select("practice", "rule").rows()


def test_a_wish_is_due_late_and_its_reason_says_so(make) -> None:
    """Only after a time away: two weeks after the last record it is over as ever."""
    project = _project(make, WISHES)
    assert _rows(project, D(2026, 10, 24)) == [("birthday", "too_late")]
    plan = plan_day(project, today=BACK)
    (row,) = plan.planned.rows(named=True)
    assert row["because"] == (
        "birthday on Oct 20, 2026 (turns 46); "
        "missed while nothing was recorded, from Oct 11, 2026 to Nov 3, 2026"
    )
    assert plan.events["birthday"]["days_late"].unique().to_list() == [15]


def test_it_stays_due_after_the_next_record_until_its_time_is_over(make) -> None:
    """The list of what lapsed goes, but not the tasks that are still to be done."""
    since = [{"customer": "b", "practice": "x", "date": BACK}]
    project = _project(make, WISHES, history=since)
    assert missed(project, plan_day(project, today=BACK)) is None
    assert _rows(project, BACK) == [("birthday", None)]
    assert _rows(project, D(2026, 11, 19)) == [("birthday", None)]
    assert _rows(project, D(2026, 11, 20)) == [("birthday", "too_late")]
    assert _rows(project, D(2026, 11, 21)) == []
    done = {"customer": "a", "practice": "birthday", "key": "2026", "date": BACK}
    assert _rows(_project(make, WISHES, history=[done]), BACK) == [("birthday", "had")]


def test_what_lapsed_has_three_parts(make) -> None:
    """Done late, owed all the same, and better left; nothing for a closed account."""
    promise = replace(PROMISE, until=Span(3, "day"))
    project = _project(
        make,
        WISHES,
        THANKS,
        promise,
        orders=[{"customer": "a", "date": D(2026, 10, 15), "amount": 5.0}],
        conversations=[
            {"customer": "a", "date": RECORD, "promise": "Ink", "promised_by": D(2026, 10, 12)}
        ],
    )
    plan = plan_day(project, today=BACK)
    found = missed(project, plan)
    assert found
    assert found.away == TimeAway(D(2026, 10, 11), D(2026, 11, 3), is_over=False)
    parts = [found.late, found.owed, found.over]
    names = [part["practice"].to_list() for part in parts]
    assert names == [["birthday"], ["promise"], ["thank-you"]]


def test_wishes_that_wait_for_peace_too_long_are_better_left(make) -> None:
    """Peace ends after the last day on which they could be late."""
    celebrate = replace(WISHES, does="celebrate")
    pauses = [{"customer": "a", "date": RECORD, "pause_until": D(2026, 11, 10)}]
    project = _project(make, celebrate, conversations=pauses)
    found = missed(project, plan_day(project, today=BACK))
    assert found
    assert found.late["possible_on"].to_list() == [D(2026, 11, 11)]
    pauses = [{"customer": "a", "date": RECORD, "pause_until": D(2026, 11, 25)}]
    project = _project(make, celebrate, conversations=pauses)
    found = missed(project, plan_day(project, today=BACK))
    assert found
    assert found.late.is_empty()
    assert found.over.select("practice", "possible_on").rows() == [("birthday", None)]


def test_a_voucher_is_valid_from_the_day_on_which_somebody_is_back(make) -> None:
    """Otherwise it would have expired before it arrives."""
    voucher = Gift(
        kind="voucher", name="", worth=5, cost=5, currency="EUR", valid_days=10, conditions=""
    )
    plan = plan_day(_project(make, replace(WISHES, gift=voucher)), today=BACK)
    assert plan.gifts.select("arrives", "expires").rows() == [
        (D(2026, 10, 20), D(2026, 11, 14)),
    ]


@pytest.mark.parametrize("day", [D(2026, 11, 24), D(2027, 1, 20)])
def test_what_is_only_listed_changes_nothing_that_is_planned(day: D) -> None:
    """The example after weeks, without late tasks, has all the rows that it has otherwise."""
    project = read_project(ROOT, today=day)
    punctual = [replace(practice, belated=None) for practice in project.practices]
    project = replace(project, practices=tuple(punctual))

    def plan(away_days: int) -> CarePlan:
        etiquette = project.config.etiquette.model_copy(update={"away_days": away_days})
        config = project.config.model_copy(update={"etiquette": etiquette})
        return plan_day(replace(project, config=config), today=day)

    listed, usual = plan(14).table, plan(0).table
    more = listed.join(usual, on=listed.columns, how="anti", nulls_equal=True)
    over = ["too_late", "had", "expired", "consent", "closed", "suppressed", "duplicate"]
    assert more.height
    assert more["rule"].is_in(over).all()
    assert usual.join(listed, on=usual.columns, how="anti", nulls_equal=True).is_empty()
