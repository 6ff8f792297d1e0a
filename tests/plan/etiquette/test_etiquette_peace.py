"""Asking, selling and celebrating wait for states to pass; what is owed does not."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from newsletter.model.practice import Span

D = dt.date
PLANNED = (None, None, None)
STATES = {
    "owed": ({"owed": True, "open_promise_by": D(2026, 11, 20)}, D(2026, 11, 21)),
    "overdue": ({"owed": True, "open_promise_by": D(2026, 11, 2)}, D(2026, 11, 5)),
    "unanswered": ({"owed": True, "open_feedback": True}, D(2026, 11, 5)),
    "unhappy": ({"unhappy_until": D(2026, 12, 30)}, D(2026, 12, 31)),
    "bereaved": ({"bereaved_until": D(2026, 12, 30)}, D(2026, 12, 31)),
    "paused": ({"pause_until": D(2026, 12, 30)}, D(2026, 12, 31)),
}
STOPPED = {
    "care": {"paused"},
    "ask": set(STATES),
    "celebrate": set(STATES) - {"owed"},
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("does", STOPPED)
def test_a_state_stops_what_the_table_says(make, does: str, state: str) -> None:
    """The task is possible on the day after the state."""
    values, day = STATES[state]
    tested = make.practice("birthday", does=does)
    basis = make.basis([{"id": "a", **values}], practices=[tested])

    (verdict,) = make.judged(basis, {"customer": "a", "practice": "birthday"})

    if state in STOPPED[does]:
        assert (verdict[0], verdict[2]) == ("peace", day)
    else:
        assert verdict == PLANNED


def test_what_is_owed_goes_to_everybody(make) -> None:
    """Also to those who asked for peace."""
    basis = make.basis([{"id": "a", "pause_until": D(2026, 12, 30), "owed": True}])
    assert make.judged(basis, {"customer": "a", "practice": "promise", "owed": True}) == [PLANNED]


def test_the_reason_names_the_state_that_lasts_longest(make) -> None:
    """And its last day."""
    tested = make.practice("birthday", does="celebrate")
    states = {"unhappy_until": D(2026, 12, 1), "bereaved_until": D(2027, 1, 5), "owed": True}
    basis = make.basis([{"id": "a", **states}], practices=[tested])

    assert make.judged(basis, {"customer": "a", "practice": "birthday"}) == [
        ("peace", "lost somebody: left in peace until 5 Jan 2027", D(2027, 1, 6))
    ]


def test_the_settings_say_what_waits_for_which_state(make) -> None:
    """Nothing waits for a state that stops nothing."""
    tested = make.practice("birthday", does="celebrate")
    peace = {"unhappy": {"stops": ["ask"]}}
    customer = {"id": "a", "unhappy_until": D(2026, 12, 1)}
    basis = make.basis([customer], practices=[tested], peace=peace)
    assert make.judged(basis, {"customer": "a", "practice": "birthday"}) == [PLANNED]


def test_an_exempt_practice_does_not_wait(make) -> None:
    """`exempt: [peace]`."""
    tested = make.practice("birthday", does="celebrate", exempt=("peace",))
    basis = make.basis([{"id": "a", "unhappy_until": D(2026, 12, 1)}], practices=[tested])
    assert make.judged(basis, {"customer": "a", "practice": "birthday"}) == [PLANNED]


def _win_back(make, **more: object):
    return make.practice("call", does="ask", peace_after=Span(60, "day"), **more)


@pytest.mark.parametrize(
    ("date", "outcome", "waits"),
    [
        (D(2026, 9, 5), "done", True),
        (D(2026, 9, 4), "done", False),
        (D(2026, 11, 1), "not reached", False),
    ],
)
def test_nothing_else_asks_after_a_win_back(
    make,
    date: D,
    outcome: str,
    waits: bool,
) -> None:
    """For 60 days; what cares goes on, and an attempt that failed asked nothing."""
    asking = make.practice("follow-up", does="ask")
    done = {"customer": "a", "date": date, "practice": "call", "outcome": outcome}
    basis = make.basis([{"id": "a"}], practices=[_win_back(make), asking], history=[done])

    verdicts = [
        make.judged(basis, {"customer": "a", "practice": name})[0][0]
        for name in ("follow-up", "thank-you", "call")
    ]

    assert verdicts == ["peace" if waits else None, None, None]


def test_of_two_that_want_peace_each_waits_for_the_other(make) -> None:
    """Even if its own time ends later, which it does not wait for."""
    asking = make.practice("follow-up", does="ask", peace_after=Span(10, "day"))
    done = [
        {"customer": "a", "date": D(2026, 11, 1), "practice": name}
        for name in ("call", "follow-up")
    ]
    both = [_win_back(make), asking]
    basis = make.basis([{"id": "a"}], practices=both, history=done, caps=())
    rows = [{"customer": "a", "practice": name} for name in ("call", "follow-up")]
    days = [make.judged(basis, {**row, "key": "next"})[0][2] for row in rows]
    assert days == [D(2026, 11, 12), D(2027, 1, 1)]


def test_a_practice_is_done_once_in_its_span(make) -> None:
    """`once_per: 365 days` counts from the last time, not from the year."""
    yearly = make.practice("call", once_in=Span(365, "day"))
    done = {"customer": "a", "date": D(2025, 12, 23), "practice": "call", "channel": "email"}
    basis = make.basis([{"id": "a"}], practices=[yearly], history=[done])

    def rule(day: D) -> object:
        row = {"customer": "a", "practice": "call", "key": "2026"}
        return make.judged(replace(basis, day=day), row)[0][:2]

    reason = "done already: 23 Dec 2025 (email), not again before 23 Dec 2026"
    assert rule(D(2026, 1, 6)) == ("had", reason)
    assert rule(D(2026, 12, 22)) == ("had", reason)
    assert rule(D(2026, 12, 23)) == (None, None)


@pytest.mark.parametrize(
    ("last_heard", "ends"), [(D(2023, 1, 1), True), (D(2025, 1, 1), False), (None, True)]
)
def test_a_practice_ends_without_answers(make, last_heard: D | None, ends: bool) -> None:
    """After `most: 2`, until the customer orders or tells us something."""
    tested = make.practice("call", most=2)
    days = (D(2024, 1, 1), D(2025, 9, 1))
    done = [{"customer": "a", "date": day, "practice": "call", "key": str(day)} for day in days]
    basis = make.basis([{"id": "a", "last_heard": last_heard}], practices=[tested], history=done)

    verdict = make.judged(basis, {"customer": "a", "practice": "call"})[0][:2]

    reason = "done 2 times without an answer: last on 1 Sept 2025"
    assert verdict == (("had", reason) if ends else (None, None))


def test_feedback_of_yesterday_is_not_called_late(make) -> None:
    """It waits for an answer; only a promise can be late."""
    tested = make.practice("birthday", does="celebrate")
    basis = make.basis([{"id": "a", "owed": True, "open_feedback": True}], practices=[tested])

    ((_, reason, _),) = make.judged(basis, {"customer": "a", "practice": "birthday"})

    assert reason.startswith("their feedback waits for an answer, or a promise is late")
