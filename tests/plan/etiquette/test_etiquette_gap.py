"""Some days lie between two touchpoints that we begin."""

from __future__ import annotations

import datetime as dt

import pytest

PLANNED = (None, None, None)
TODAY, TOMORROW = dt.date(2026, 11, 4), dt.date(2026, 11, 5)


def _ago(days: int, **more: object) -> dict[str, object]:
    date = TODAY - dt.timedelta(days=days)
    return {"customer": "a", "practice": "call", "date": date, "channel": "call", **more}


def _judged(make, history, *rows, gap=3, caps=(), **more):
    people = [{"id": "a", "account": "x"}, {"id": "b", "account": "x"}]
    basis = make.basis(people, history=history, gap=gap, caps=caps, quiet_days=(), **more)
    return make.judged(basis, *({"customer": "a", "practice": "thank-you"} | row for row in rows))


@pytest.mark.parametrize(
    ("days", "verdict"),
    [
        (3, PLANNED),
        (2, ("gap", "3 days between two contacts: 2 Nov 2026 (call)", TOMORROW)),
        (1, ("gap", "3 days between two contacts: 3 Nov 2026 (call)", dt.date(2026, 11, 6))),
    ],
)
def test_the_next_touchpoint_is_three_days_later(make, days, verdict) -> None:
    """After Sunday, on Wednesday; a colleague at the same firm does not wait."""
    assert _judged(make, [_ago(days)], {}, {"customer": "b"}) == [verdict, PLANNED]


@pytest.mark.parametrize(
    "row",
    [
        {"outcome": "not reached"},
        {"practice": "promise"},
        {"practice": "issue"},
    ],
)
def test_what_counts_for_no_gap(make, row) -> None:
    """Attempts that reached nobody, what was owed, and the newsletter."""
    promise = make.practice("promise", owed=True)
    assert _judged(make, [_ago(1, **row)], {}, practices=[promise]) == [PLANNED]


def test_what_does_not_wait_for_the_gap(make) -> None:
    """What is owed, the newsletter, and practices whose file says so."""
    promise = make.practice("promise", owed=True)
    invitation = make.practice("invitation", exempt=("gap",))
    for row in (
        {"practice": "promise", "owed": True},
        {"practice": "issue"},
        {"practice": "invitation"},
    ):
        assert _judged(make, [_ago(1)], row, practices=[promise, invitation]) == [PLANNED]


def test_an_issue_that_is_not_exempt_waits_and_counts(make) -> None:
    """Its file decides."""
    issue = make.practice("issue", exempt=("cap", "quiet"))
    held = ("gap", "3 days between two contacts: 3 Nov 2026 (call)", dt.date(2026, 11, 6))
    assert _judged(make, [_ago(1)], {"practice": "issue"}, practices=[issue]) == [held]
    held = ("gap", "3 days between two contacts: 2 Nov 2026 (issue)", TOMORROW)
    assert _judged(make, [_ago(2, practice="issue")], {}, practices=[issue]) == [held]


@pytest.mark.parametrize("gap", [0, 1])
def test_without_a_gap_the_next_day_is_free(make, gap) -> None:
    """One contact a day is the only limit."""
    assert _judged(make, [_ago(1)], {}, gap=gap) == [PLANNED]


def test_other_tasks_are_possible_after_the_gap(make) -> None:
    """The second task of a day waits for three days after the first."""
    reason = "one contact a day is enough: birthday (email) comes first"
    second = ("one_a_day", reason, dt.date(2026, 11, 7))
    assert _judged(make, [], {}, {"practice": "birthday", "priority": 90}) == [second, PLANNED]


def test_the_gap_looks_back_farther_than_caps(make) -> None:
    """A gap of a month, without caps."""
    reason = "30 days between two contacts: 15 Oct 2026 (call)"
    held = ("gap", reason, dt.date(2026, 11, 14))
    assert _judged(make, [_ago(20)], {}, gap=30) == [held]
