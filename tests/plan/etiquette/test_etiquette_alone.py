"""Rules that judge each touchpoint by itself, and their order."""

from __future__ import annotations

import datetime as dt

import pytest

from newsletter.errors import Place
from newsletter.model.customs import Country, Customs, DoNotWrite
from newsletter.model.entry import Entry
from newsletter.model.source import Source
from newsletter.model.values import Localised

PLANNED = (None, None, None)
TODAY = dt.date(2026, 11, 4)
A = {"customer": "a", "practice": "thank-you"}


def _day(number: int, month: int = 11) -> dt.date:
    return dt.date(2026, month, number)


def test_a_proposal_that_breaks_no_rule_is_planned(make) -> None:
    """It has neither rule nor reason."""
    assert make.judged(make.basis([{"id": "a"}]), A) == [PLANNED]


@pytest.mark.parametrize(
    ("customer", "row", "rule", "reason"),
    [
        ({"closed": True, "suppressed": True}, {}, "closed", "account closed or deceased"),
        ({"suppressed": True}, {"channel": None}, "suppressed", "on the suppression list"),
        ({}, {"channel": None, "no_way": "said no to calls"}, "consent", "said no to calls"),
        ({}, {"last_day": _day(3)}, "too_late", "its time is over: it ended on 3 Nov 2026"),
    ],
)
def test_reasons_in_the_row_itself_name_no_day(make, customer, row, rule, reason) -> None:
    """The first reason is given; the touchpoint will not become possible."""
    basis = make.basis([{"id": "a", **customer}])
    assert make.judged(basis, {**A, **row}) == [(rule, reason, None)]


def test_the_last_day_is_still_in_time(make) -> None:
    """A touchpoint may be carried out on its last day."""
    assert make.judged(make.basis([{"id": "a"}]), {**A, "last_day": TODAY}) == [PLANNED]


def test_a_suppressed_customer_may_be_reached_by_another_channel(make) -> None:
    """The channel was chosen with an explicit consent."""
    basis = make.basis([{"id": "a", "suppressed": True}])
    assert make.judged(basis, {**A, "channel": "call"}) == [PLANNED]


def test_one_of_the_customers_who_share_an_address_is_reached(make) -> None:
    """The one with more orders, then the lower id; a letter is no duplicate of an email."""
    shared = {"email": "home@example.com", "phone": "491"}
    basis = make.basis(
        [
            {"id": "a", "orders_count": 1, **shared},
            {"id": "b", "orders_count": 3, **shared},
            {"id": "c", "orders_count": 3, **shared},
            {"id": "d", **shared},
            {"id": "e", **shared},
        ]
    )
    rows = [{"customer": c, "practice": "thank-you"} for c in "abc"]
    letter = {"customer": "d", "practice": "thank-you", "channel": "letter"}
    later = {"customer": "e", "practice": "thank-you", "arrives": _day(3)}
    duplicate = ("duplicate", "shares the address of B", None)
    assert make.judged(basis, *rows, letter, later) == [
        duplicate,
        PLANNED,
        duplicate,
        PLANNED,
        PLANNED,
    ]


def test_one_of_the_customers_who_share_a_phone_is_reached(make) -> None:
    """The phone number counts for calls and text messages."""
    basis = make.basis([{"id": "a", "phone": "491"}, {"id": "b", "phone": "491"}])
    rows = [{"customer": c, "practice": "call", "channel": "call"} for c in "ba"]
    assert make.judged(basis, *rows) == [("duplicate", "shares the phone of A", None), PLANNED]


def _event(slug: str, starts: dt.datetime) -> Entry:
    body = Source("", Place(path=f"content/events/{slug}.md"))
    return Entry(
        kind="event",
        slug=slug,
        language="en",
        title=slug,
        date=_day(1, 9),
        summary="",
        starts=starts,
        body=body,
    )


def test_an_entry_that_is_over_or_already_sent_is_skipped(make) -> None:
    """Customers are not invited twice, nor to a past event."""
    entries = [
        _event("over", dt.datetime(2026, 11, 3, 18)),
        _event("on", dt.datetime(2026, 11, 4)),
    ]
    basis = make.basis([{"id": "a", "had": ["known"]}, {"id": "b"}], entries=entries)
    rows = [
        {"customer": "a", "practice": "invitation", "slug": "over"},
        {"customer": "a", "practice": "invitation", "key": "2026", "slug": "known"},
        {"customer": "b", "practice": "invitation", "slug": "on"},
    ]
    assert make.judged(basis, *rows) == [
        ("expired", "'over' was over on 3 Nov 2026", None),
        ("expired", "has had 'known' already", None),
        PLANNED,
    ]


@pytest.mark.parametrize(
    ("history", "reason"),
    [
        ({"key": "k"}, "done already: 1 Nov 2026 (call)"),
        ({"key": "k", "outcome": "not wanted"}, "done already: 1 Nov 2026 (call)"),
        ({"key": None}, "done already: 1 Nov 2026 (call)"),
        ({"key": None, "date": _day(30, 10)}, None),
        ({"key": "other"}, None),
        ({"key": "k", "outcome": "not reached"}, None),
        ({"key": "k", "practice": "welcome"}, None),
        ({"key": "k", "customer": "b"}, None),
        ({"key": "k", "date": None, "channel": None}, "done already"),
    ],
)
def test_a_task_in_the_history_is_not_done_again(make, history, reason) -> None:
    """Same practice and key; a row without key covers all of its practice that arrived by then."""
    done = {"customer": "a", "practice": "thank-you", "date": _day(1), "channel": "call"}
    basis = make.basis([{"id": "a"}, {"id": "b"}], history=[{**done, **history}])
    expected = ("had", reason, None) if reason else PLANNED
    assert make.judged(basis, {**A, "arrives": _day(31, 10)}) == [expected]


@pytest.mark.parametrize(
    ("attempt", "again"),
    [
        ({"outcome": "not reached", "date": _day(3)}, None),
        ({"outcome": "message left", "date": _day(3)}, _day(6)),
        ({"outcome": "message left", "date": _day(1)}, None),
        ({"outcome": "somebody else", "date": _day(3)}, None),
        ({"outcome": "somebody else", "date": _day(3), "again": _day(7)}, _day(7)),
        ({"outcome": "message left", "date": _day(3), "key": None}, _day(6)),
        ({"outcome": "message left", "date": _day(3), "key": "other"}, None),
        ({"outcome": "message left", "date": _day(3), "practice": "welcome"}, None),
        ({"outcome": "message left", "date": None}, None),
    ],
)
def test_an_attempt_is_repeated_after_its_wait(make, attempt, again) -> None:
    """By its outcome, or on the day that was noted; the task is possible on that day."""
    tried = {"customer": "a", "practice": "thank-you", "key": "k", "channel": "call"}
    history = [{**tried, **attempt}]
    words = {"somebody else": "somebody else answered"}
    outcome = words.get(attempt["outcome"], attempt["outcome"])
    day = f"{again.day} Nov 2026" if again else ""
    reason = f"{outcome}: again from {day} (tried on 3 Nov 2026)"
    expected = ("try_again", reason, again) if again else PLANNED
    assert make.judged(make.basis([{"id": "a"}], history=history), A) == [expected]


def test_the_last_attempt_decides_and_the_settings_say_how_long(make) -> None:
    """An earlier message does not make a later attempt wait."""
    tried = {"customer": "a", "practice": "thank-you", "key": "k", "channel": "call"}
    message = {**tried, "outcome": "message left", "date": _day(2)}
    missed = {**tried, "outcome": "not reached", "date": _day(3)}
    waits = {"try_again": {"message_left": 9}}
    assert make.judged(make.basis([{"id": "a"}], history=[message, missed], **waits), A) == [
        PLANNED
    ]
    reason = "message left: again from 11 Nov 2026 (tried on 2 Nov 2026)"
    assert make.judged(make.basis([{"id": "a"}], history=[message], **waits), A) == [
        ("try_again", reason, _day(11))
    ]


def test_a_practice_after_another_waits_for_it(make) -> None:
    """Until that one is due the day is unknown; then it is the day after."""
    welcome = make.practice("welcome", after="thank-you")
    done = {"customer": "b", "practice": "thank-you", "date": _day(2), "key": "old"}
    tried = {"customer": "c", "practice": "thank-you", "date": _day(2), "outcome": "not reached"}
    basis = make.basis([{"id": c} for c in "abcd"], practices=[welcome], history=[done, tried])
    rows = [{"customer": c, "practice": "welcome"} for c in "abcd"]
    first = {"customer": "d", "practice": "thank-you"}
    reason = "comes after thank-you, which has not been done yet"
    assert make.judged(basis, *rows, first) == [
        ("after", reason, None),
        PLANNED,
        ("after", reason, None),
        ("after", reason, _day(5)),
        PLANNED,
    ]


@pytest.mark.parametrize(
    ("quiet", "reason", "day"),
    [
        (("wednesday",), "Wednesday is a quiet day", _day(5)),
        (("wednesday", "thursday", _day(6)), "Wednesday is a quiet day", _day(7)),
        ((_day(4),), "4 Nov 2026 is a quiet day", _day(5)),
        (("sunday",), None, None),
    ],
)
def test_quiet_days(make, quiet, reason, day) -> None:
    """A weekday or a date; the touchpoint is possible on the first day that is neither."""
    basis = make.basis([{"id": "a"}], quiet_days=quiet)
    expected = ("quiet", reason, day) if reason else PLANNED
    assert make.judged(basis, {**A, "owed": True}) == [expected]


def test_customers_are_left_alone_on_their_holidays(make) -> None:
    """By country, by what the row says they celebrate, or else by what their country does."""
    days = (
        DoNotWrite(name=Localised("All Souls"), days=(TODAY,), countries=("LU",)),
        DoNotWrite(
            name=Localised("Yom Kippur"), days=(TODAY, _day(5)), celebrates=("rosh-hashanah",)
        ),
        DoNotWrite(
            name=Localised("Friday"),
            days=(_day(6),),
            countries=("IL",),
            celebrates=("rosh-hashanah",),
        ),
    )
    countries = {"": Country(), "IL": Country(celebrates=("rosh-hashanah",))}
    basis = make.basis(
        [
            {"id": "a"},
            {"id": "b", "country": "LU"},
            {"id": "c", "celebrates": ["rosh-hashanah"]},
            {"id": "d", "country": "IL"},
            {"id": "e", "country": "IL", "celebrates": []},
        ],
        customs=Customs(countries=countries, do_not_write=days),
    )
    rows = [{"customer": c, "practice": "thank-you"} for c in "abcde"]
    assert make.judged(basis, *rows) == [
        PLANNED,
        ("do_not_write", "All Souls", _day(5)),
        ("do_not_write", "Yom Kippur", _day(6)),
        ("do_not_write", "Yom Kippur", _day(7)),
        PLANNED,
    ]
