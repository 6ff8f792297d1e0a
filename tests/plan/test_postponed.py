"""A request waits for peace, and its time runs on only afterwards."""

from __future__ import annotations

import datetime as dt

import pytest
from plan.caring import caring, practice

from newsletter.model.practice import Span
from newsletter.plan.planning import plan_day

D = dt.date
REVIEW = practice(
    "review-request",
    event="order",
    offset=Span(3, "week"),
    until=Span(30, "day"),
    once_per="customer",
    does="ask",
)
ORDER = {"customer": "a", "date": D(2026, 10, 2), "amount": 5.0}
"""The request is due on 23 October, and without a wait until 22 November."""


def _rule(make, day: D, **tables) -> tuple[object, ...]:
    """Return rule and day of the request in the plan of a day; empty if it is not in the plan."""
    made = make.project([{"id": "a"}, {"id": "b"}], orders=[ORDER], **tables)
    table = plan_day(caring(made, REVIEW, away_days=0), today=day).table
    mine = table.filter(table["practice"] == "review-request")
    return mine.select("rule", "possible_on").row(0) if mine.height else ()


def test_a_request_without_a_wait_runs_out(make) -> None:
    """After its `until` it is listed once as too late, then no more."""
    assert _rule(make, D(2026, 11, 20)) == (None, None)
    assert _rule(make, D(2026, 11, 23)) == ("too_late", None)
    assert _rule(make, D(2026, 11, 24)) == ()


@pytest.mark.parametrize("score", [0, 6, None])
def test_a_request_is_never_dropped_for_a_score(make, score: int | None) -> None:
    """It waits for 60 days, and may then still go out for as long as its `until` says."""
    told = [{"customer": "a", "id": "F1", "date": D(2026, 11, 1), "score": score}]
    answer = {"customer": "a", "date": D(2026, 11, 2), "answers": ["F1"], "text": "Sorry"}
    tables = {"feedback": told, "conversations": [answer]}
    assert _rule(make, D(2026, 11, 20), **tables) == ("peace", D(2027, 1, 1))
    assert _rule(make, D(2026, 12, 25), **tables) == ("peace", D(2027, 1, 1))
    assert _rule(make, D(2027, 1, 1), **tables) == (None, None)
    assert _rule(make, D(2027, 1, 29), **tables) == (None, None)
    assert _rule(make, D(2027, 2, 1), **tables) == ()


def test_a_wait_after_its_time_revives_nothing(make) -> None:
    """A complaint after the `until` of the request leaves it over."""
    told = [{"customer": "a", "date": D(2026, 12, 1), "score": 2}]
    assert _rule(make, D(2027, 2, 3), feedback=told) == ()


def test_waits_that_follow_each_other_are_one(make) -> None:
    """A second complaint within the first wait prolongs it."""
    days = (D(2026, 10, 20), D(2026, 12, 10))
    told = [{"customer": "a", "id": str(day), "date": day, "score": 1} for day in days]
    keys = [row["id"] for row in told]
    answer = {"customer": "a", "date": D(2026, 12, 11), "answers": keys, "text": "Sorry"}
    assert _rule(make, D(2027, 2, 10), feedback=told, conversations=[answer]) == (None, None)
