"""Facts about contact, feedback and promises."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import polars as pl
import pytest

Know = Callable[..., pl.DataFrame]

TODAY = dt.date(2026, 11, 4)


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_issues_and_failed_attempts_are_no_personal_contact(know: Know) -> None:
    """An issue counts as contact, but not as a personal one; a failed attempt as neither."""
    talks = [
        {"customer": "a", "date": _day("2026-08-01"), "channel": "call"},
        {"customer": "a", "date": _day("2026-07-01"), "channel": "visit"},
        {"customer": "c", "date": _day("2026-08-01"), "channel": None},
        {"customer": "c", "date": _day("2026-08-01"), "channel": "text"},
    ]
    history = [
        {"customer": "a", "date": _day("2026-10-01"), "practice": "issue", "channel": "email"},
        {
            "customer": "a",
            "date": _day("2026-11-01"),
            "practice": "call",
            "outcome": "not reached",
        },
        {"customer": "b", "date": _day("2026-10-01"), "practice": "issue", "channel": "email"},
        {"customer": "c", "date": _day("2026-08-01"), "practice": "birthday", "channel": "letter"},
        {"customer": "d", "date": _day("2026-09-01"), "practice": None, "outcome": "not wanted"},
        {"customer": "d", "date": _day("2026-12-01"), "practice": "call", "channel": "call"},
    ]
    facts = know([{"id": key} for key in "abcde"], conversations=talks, history=history)
    columns = [
        "last_contact",
        "last_contact_channel",
        "days_since_last_personal_contact",
        "days_since_last_contact",
    ]
    assert facts.select(columns).rows() == [
        (_day("2026-08-01"), "call", 95, 34),
        (None, None, None, 34),
        (_day("2026-08-01"), "letter", 95, 95),
        (_day("2026-09-01"), None, 64, 64),
        (None, None, None, None),
    ]


def test_scores_are_latest_and_mean_of_the_feedback_so_far(know: Know) -> None:
    """Feedback without a score does not count; later feedback is not known yet."""
    feedback = [
        {"customer": "a", "date": _day(day), "score": score}
        for day, score in [
            ("2026-01-01", 9),
            ("2026-05-01", 4),
            ("2026-06-01", None),
            ("2026-07-01", 7),
            ("2026-12-01", 0),
        ]
    ]
    feedback += [{"customer": "b", "date": _day("2026-06-01"), "text": "Fine"}]
    facts = know([{"id": "a"}, {"id": "b"}], feedback=feedback)
    assert facts.select("last_score", "average_score").rows() == [(7, 6.67), (None, None)]


def test_open_feedback_has_its_last_text(know: Know) -> None:
    """A talk that names no feedback answers none; a score alone is open, but has no text."""
    feedback = [
        {"customer": "a", "date": _day("2026-09-01"), "text": "Too slow"},
        {"customer": "a", "date": _day("2026-10-01"), "text": "Still too slow"},
        {"customer": "b", "date": _day("2026-09-01"), "text": "Too slow"},
        {"customer": "b", "date": _day("2026-10-01"), "score": 3},
        {"customer": "c", "date": _day("2026-09-01"), "text": "Lovely"},
    ]
    talks = [
        {"customer": "b", "date": _day("2026-09-15")},
        {"customer": "c", "date": _day("2026-09-01"), "answers": ["2026-09-01"]},
        {"customer": "d", "date": _day("2026-09-01"), "answers": ["2026-09-01"]},
    ]
    feedback += [{"customer": "d", "date": _day("2026-09-02"), "score": 3}]
    facts = know([{"id": key} for key in "abcde"], feedback=feedback, conversations=talks)
    assert facts.select("open_feedback", "open_feedback_text").rows() == [
        (True, "Still too slow"),
        (True, "Too slow"),
        (False, None),
        (True, None),
        (False, None),
    ]


COMPLAINT = {"id": "F1", "customer": "a", "date": _day("2026-10-05"), "score": 1, "text": "Torn"}
ANSWER = {"customer": "a", "date": _day("2026-10-06"), "practice": "complaint", "key": "F1"}
FRIDAY = {"promise": "write again", "promised_by": _day("2026-10-09")}


@pytest.mark.parametrize(
    ("history", "talks", "is_open"),
    [
        ([], [], True),
        ([ANSWER], [], False),
        ([{**ANSWER, "practice": "feedback-answer", "outcome": "not wanted"}], [], False),
        ([{**ANSWER, "outcome": "not reached"}], [], True),
        ([{**ANSWER, "key": "F2"}], [], True),
        ([{**ANSWER, "practice": "thank-you"}], [], True),
        ([{**ANSWER, "practice": "promise", "key": "promise 2026-10-06"}], [], True),
        ([{**ANSWER, "key": None}], [], False),
        ([{**ANSWER, "key": None, "date": _day("2026-10-04")}], [], True),
        ([{**ANSWER, "date": None}], [], False),
        ([], [{"text": "Rang about the ink"}], True),
        ([], [{"text": "Paid it back", "answers": ["F1"]}], False),
        ([], [{"text": "Will see", "answers": ["F1"], **FRIDAY}], True),
        ([], [{"text": "Will see", "answers": ["F1"], **FRIDAY, "kept": True}], False),
        ([ANSWER], [{"text": "Will see", "answers": ["F1"], **FRIDAY}], True),
        (
            [{**ANSWER, "practice": "promise", "key": "promise 2026-10-09", "channel": "call"}],
            [{"text": "Will see", "answers": ["F1"], **FRIDAY}],
            False,
        ),
        (
            [{**ANSWER, "practice": "promise", "key": "promise 2026-10-09", "channel": "email"}],
            [{"text": "Will see", "answers": ["F1"], **FRIDAY}],
            True,
        ),
    ],
)
def test_only_what_answers_closes_feedback(
    know: Know, history: list[dict[str, object]], talks: list[dict[str, object]], is_open: bool
) -> None:
    """A task or a talk that is about it; "I will write again" is no answer before it is kept."""
    talks = [{"customer": "a", "date": _day("2026-10-06"), **talk} for talk in talks]
    facts = know([{"id": "a"}], feedback=[COMPLAINT], history=history, conversations=talks)
    assert facts["open_feedback"].to_list() == [is_open]


def test_the_last_conversation_is_the_last_one_with_a_text(know: Know) -> None:
    """Two on one day are ordered by their text, so that the order of rows does not matter."""
    talks = [
        {"customer": "a", "date": _day("2026-09-01"), "text": "About the trip"},
        {"customer": "a", "date": _day("2026-10-01"), "text": None},
        {"customer": "a", "date": _day("2026-12-01"), "text": "Later"},
        {"customer": "b", "date": _day("2026-09-01"), "text": "A"},
        {"customer": "b", "date": _day("2026-09-01"), "text": "B"},
    ]
    facts = know([{"id": key} for key in "abc"], conversations=talks)
    assert facts["last_conversation"].to_list() == ["About the trip", "B", None]


PROMISES = [
    {"date": _day("2026-09-01"), "promise": "a catalogue", "promised_by": None},
    {"date": _day("2026-09-01"), "promise": "a card", "promised_by": _day("2026-11-20")},
    {"date": _day("2026-10-01"), "promise": "a pen", "promised_by": _day("2026-10-10")},
    {"date": _day("2026-10-02"), "promise": "a sample", "promised_by": _day("2026-10-10")},
    {"date": _day("2026-08-01"), "promise": "a call", "promised_by": None, "kept": True},
]


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ([], ("a pen", _day("2026-10-10"), 0.33)),
        ([{"key": "promise 2026-10-10"}], ("a sample", _day("2026-10-10"), 0.67)),
        ([{"key": "promise 2026-10-10 2"}], ("a pen", _day("2026-10-10"), 0.67)),
        (
            [{"key": "promise 2026-10-10"}, {"key": "promise 2026-10-10 2"}],
            ("a card", _day("2026-11-20"), 1.0),
        ),
        ([{"key": None, "practice": "promise"}], ("a card", _day("2026-11-20"), 1.0)),
        ([{"key": None, "practice": "birthday"}], ("a pen", _day("2026-10-10"), 0.33)),
        (
            [{"key": "promise 2026-10-10", "outcome": "not reached"}],
            ("a pen", _day("2026-10-10"), 0.33),
        ),
        (
            [{"key": "promise 2026-10-10", "channel": "email"}],
            ("a pen", _day("2026-10-10"), 0.33),
        ),
        (
            [{"key": "promise 2026-10-10", "channel": "letter"}],
            ("a sample", _day("2026-10-10"), 0.67),
        ),
        (
            [{"key": "promise 2026-10-10", "date": _day("2026-09-30")}],
            ("a pen", _day("2026-10-10"), 0.33),
        ),
        (
            [{"key": "promise 2026-10-10", "date": _day("2026-11-05")}],
            ("a pen", _day("2026-10-10"), 0.33),
        ),
    ],
)
def test_a_task_done_for_a_promise_fulfils_it(
    know: Know, history: list[dict[str, object]], expected: tuple[object, ...]
) -> None:
    """It has the promise's key, and was done after the promise was made and by today."""
    talks = [{"customer": "a", **promise} for promise in PROMISES]
    done = [{"customer": "a", "date": _day("2026-10-12"), **row} for row in history]
    facts = know([{"id": "a"}], conversations=talks, history=done)
    columns = ["open_promise_text", "open_promise_by", "promises_kept_share"]
    assert facts.select(columns).row(0) == expected
    assert facts["open_promise"].to_list() == [True]


def test_a_promise_without_a_day_is_open_until_its_row_says_otherwise(know: Know) -> None:
    """It is never overdue, so it does not lower the share of promises fulfilled."""
    promise = {"customer": "a", "date": _day("2026-09-01"), "promise": "a catalogue"}
    columns = ["open_promise_text", "open_promise_by", "promises_kept_share"]
    for fulfilled, expected in ((False, ("a catalogue", None, None)), (True, (None, None, 1.0))):
        facts = know([{"id": "a"}], conversations=[{**promise, "kept": fulfilled}])
        assert facts.select(columns).row(0) == expected


def test_a_promise_noted_twice_counts_once(know: Know) -> None:
    """With equal text and day it is fulfilled if either row says so."""
    promise = {"customer": "a", "date": _day("2026-09-01"), "promise": "a pen"}
    twice = [
        {**promise, "promised_by": TODAY, "kept": None, "text": "first"},
        {**promise, "promised_by": TODAY, "kept": True, "text": "again"},
    ]
    facts = know([{"id": "a"}], conversations=twice)
    assert facts.select("open_promise", "promises_kept_share").row(0) == (False, 1.0)


def test_the_reason_for_leaving_lasts_until_the_next_order(know: Know) -> None:
    """The last reason counts."""
    departures = [
        {"customer": key, "date": _day(day), "practice": "win-back", "reason": reason}
        for key, day, reason in (
            ("a", "2026-01-05", "too far"),
            ("a", "2026-03-05", "moved to Bonn"),
            ("b", "2026-03-05", "too dear"),
        )
    ]
    orders = [{"customer": "b", "date": _day("2026-03-06"), "amount": 5.0}]
    facts = know([{"id": "a"}, {"id": "b"}, {"id": "c"}], history=departures, orders=orders)
    assert facts["leaving_reason"].to_list() == ["moved to Bonn", None, None]
