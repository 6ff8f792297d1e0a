"""Events from tables: services, feedback, promises, recommendations, leaving."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from made import DAY, basis_of

from newsletter.model.care import EVENT
from newsletter.plan.events import EVENTS, FINDERS, events_of
from newsletter.read.content.customs_yml import packaged_customs

D = dt.date
OCTOBER = {"first": D(2026, 10, 1), "last": D(2026, 10, 31)}


def test_services_of_a_day_are_one() -> None:
    """Their titles and details are joined; without a detail it is missing."""
    rows = [
        {"customer": "a", "date": D(2026, 10, 5), "title": "Nib ground", "detail": "fine"},
        {"customer": "a", "date": D(2026, 10, 5), "title": "Cleaned"},
        {"customer": "a", "date": D(2026, 10, 6), "title": "Cleaned"},
        {"customer": "a", "date": D(2026, 11, 1), "title": "Cleaned"},
    ]

    events = events_of("service", basis_of([{"id": "a"}], services=rows), **OCTOBER)

    day, after = D(2026, 10, 5), D(2026, 10, 6)
    titles = "Cleaned; Nib ground"
    assert events.rows() == [
        ("a", "2026-10-05", day, f"service of 5 Oct 2026 ({titles})", day, titles, "fine"),
        ("a", "2026-10-06", after, "service of 6 Oct 2026 (Cleaned)", after, "Cleaned", None),
    ]


def test_feedback_is_keyed_by_id() -> None:
    """Rows without ids have the day and, for the second of a day, a number."""
    day = D(2026, 10, 5)
    rows = [
        {"customer": "a", "date": day, "score": 9, "text": "b"},
        {"customer": "a", "date": day, "text": "a"},
        {"id": "F-1", "customer": "a", "date": day, "score": 3, "text": "loud"},
    ]

    events = events_of("feedback", basis_of([{"id": "a"}], feedback=rows), **OCTOBER)

    assert events.drop("customer", "on").rows() == [
        ("2026-10-05", "feedback of 5 Oct 2026", None, "a", None, day, False, True),
        ("2026-10-05 2", "feedback of 5 Oct 2026 (score 9)", None, "b", 9, day, True, True),
        ("F-1", "feedback of 5 Oct 2026 (score 3)", "F-1", "loud", 3, day, False, True),
    ]


def test_announced_visits_are_due_on_their_day() -> None:
    """A visit put off has its new day alone; other outcomes announce nothing."""
    task = {"customer": "a", "practice": "call", "key": "2026", "outcome": "visit announced"}
    rows = [
        {**task, "date": D(2026, 9, 1), "again": D(2026, 10, 3)},
        {**task, "date": D(2026, 9, 2), "again": D(2026, 10, 5), "remark": "With the old pen"},
        {**task, "key": "2025", "date": D(2026, 9, 1), "again": D(2026, 10, 9)},
        {**task, "key": "k", "date": D(2026, 9, 1), "outcome": "done", "again": D(2026, 10, 7)},
        {**task, "key": "l", "date": D(2026, 9, 1)},
    ]

    events = events_of("visit", basis_of([{"id": "a"}], history=rows), **OCTOBER)

    first, second = D(2026, 10, 5), D(2026, 10, 9)
    told = "visit announced for 5 Oct 2026 (With the old pen)"
    assert events.rows() == [
        ("a", "2026-10-05", first, told, first, "With the old pen"),
        ("a", "2026-10-09", second, "visit announced for 9 Oct 2026", second, None),
    ]


def test_conversations_of_a_day_are_one() -> None:
    """They were met if one of the rows says so; a visit was planned."""
    day, other = D(2026, 10, 5), D(2026, 10, 6)
    rows = [
        {"customer": "a", "date": day, "text": "Likes tea", "channel": "call", "member": "maya"},
        {"customer": "a", "date": day, "text": "A new shop", "met": True},
        {"customer": "a", "date": other, "channel": "call", "promise": "send the card"},
        {"customer": "b", "date": other, "channel": "visit", "text": "Moved"},
        {"customer": "b", "date": day, "channel": "call", "member": "maya"},
        {"customer": "b", "date": day, "member": "tomas", "met": True},
    ]
    people = [{"id": "a"}, {"id": "b"}]

    events = events_of("conversation", basis_of(people, conversations=rows), **OCTOBER)

    said, told = "A new shop; Likes tea", "conversation of"
    assert events.drop("on").rows() == [
        ("a", "2026-10-05", f"{told} 5 Oct 2026 ({said})", day, said, "call", "maya", True),
        ("a", "2026-10-06", f"{told} 6 Oct 2026", other, None, "call", None, False),
        ("b", "2026-10-05", f"{told} 5 Oct 2026", day, None, "call", "tomas", True),
        ("b", "2026-10-06", f"{told} 6 Oct 2026 (Moved)", other, "Moved", "visit", None, False),
    ]


def test_open_promises_are_due_on_their_day() -> None:
    """Fulfilled ones and conversations without a promise are no events."""
    day, by = D(2026, 9, 1), D(2026, 10, 5)
    rows = [
        {"customer": "a", "date": day, "promise": "send the card", "promised_by": by},
        {"customer": "a", "date": day, "promise": "ring back", "promised_by": by, "kept": False},
        {"customer": "a", "date": day, "promise": "done", "promised_by": by, "kept": True},
        {"customer": "a", "date": day, "text": "talked", "promised_by": by},
    ]

    events = events_of("promise", basis_of([{"id": "a"}], conversations=rows), **OCTOBER)

    assert events.rows() == [
        (
            "a",
            "promise 2026-10-05 2",
            by,
            "promised by 5 Oct 2026 (ring back)",
            "ring back",
            day,
            by,
            30,
        ),
        (
            "a",
            "promise 2026-10-05 3",
            by,
            "promised by 5 Oct 2026 (send the card)",
            "send the card",
            day,
            by,
            30,
        ),
    ]


def test_a_promise_without_a_day_is_due_a_week_after_it_was_made() -> None:
    """It is never late, because no day was named; its key has the day on which it was made."""
    made, due = D(2026, 9, 29), D(2026, 10, 6)
    rows = [{"customer": "a", "date": made, "promise": what} for what in ("a pen", "some ink")]

    events = events_of("promise", basis_of([{"id": "a"}], conversations=rows), **OCTOBER)

    assert events.drop("customer", "promise").rows() == [
        ("promise of 2026-09-29", due, "promised on 29 Sept 2026 (a pen)", made, None, None),
        ("promise of 2026-09-29 2", due, "promised on 29 Sept 2026 (some ink)", made, None, None),
    ]


def test_a_promise_for_a_quiet_day_is_due_before_it() -> None:
    """On the day itself nobody is contacted, and afterwards it is late."""
    saturday, sunday = D(2026, 10, 10), D(2026, 10, 11)
    rows = [{"customer": "a", "date": D(2026, 10, 1), "promise": "a pen", "promised_by": sunday}]

    events = events_of("promise", basis_of([{"id": "a"}], conversations=rows), **OCTOBER)

    assert events.select("on", "about", "promised_by").rows() == [
        (saturday, "promised by 11 Oct 2026 (a pen)", sunday)
    ]


def test_a_promise_for_a_day_to_leave_them_alone_is_due_before_it() -> None:
    """Good Friday in Germany; elsewhere it is a day like any other."""
    friday = D(2026, 4, 3)
    rows = [
        {"customer": key, "date": D(2026, 4, 1), "promise": "a pen", "promised_by": friday}
        for key in "ab"
    ]
    people = [{"id": "a", "country": "DE"}, {"id": "b", "country": "JP"}]
    basis = replace(basis_of(people, conversations=rows), customs=packaged_customs())
    events = events_of("promise", basis, first=D(2026, 4, 1), last=D(2026, 4, 30))
    assert events["on"].to_list() == [D(2026, 4, 2), friday]


def test_a_moved_promise_is_due_on_its_new_day() -> None:
    """It has the key of its first day; before the new day it is not late."""
    day, by, to = D(2026, 9, 1), D(2026, 10, 5), D(2026, 11, 6)
    rows = [{"customer": "a", "date": day, "promise": "a pen", "promised_by": by, "moved_to": to}]

    basis = basis_of([{"id": "a"}], conversations=rows)

    assert events_of("promise", basis, **OCTOBER).is_empty()
    events = events_of("promise", basis, first=to, last=to)
    assert events.select("key", "promised_by", "promise_days_late").rows() == [
        ("promise 2026-10-05", to, 0)
    ]


def test_a_recommendation_is_an_event_of_the_recommender() -> None:
    """One for each new customer, on their first day; they are named if they agreed to it."""
    by_anna = {"referred_by": "a", "customer_since": D(2026, 10, 9)}
    people = [
        {"id": "a", "name": "Anna", "email": "anna@x.example"},
        {"id": "b", "name": "Ben", "may_be_named": True} | by_anna,
        {"id": "c", "company": "Firm", "may_be_named": True, "referred_by": "anna@x.example"},
        {"id": "d", "referred_by": "a", "customer_since": D(2026, 9, 9)},
        {"id": "e", "referred_by": "e", "customer_since": D(2026, 10, 9)},
        {"id": "f", "name": "Fay"} | by_anna,
        {"id": "g", "name": "Gil", "may_be_named": False} | by_anna,
    ]
    orders = [{"customer": "c", "date": D(2026, 10, 20), "amount": 1.0}]

    events = events_of("recommendation", basis_of(people, orders=orders), **OCTOBER)

    assert events.rows() == [
        ("a", "b", D(2026, 10, 9), "recommended us to Ben", "Ben", "b"),
        ("a", "f", D(2026, 10, 9), "recommended us to somebody", None, "f"),
        ("a", "g", D(2026, 10, 9), "recommended us to somebody", None, "g"),
        ("a", "c", D(2026, 10, 20), "recommended us to Firm", "Firm", "c"),
    ]


def test_a_reason_for_leaving_is_an_event() -> None:
    """On the day of its row of the history; other rows are none."""
    rows = [
        {"customer": "a", "date": D(2026, 10, 9), "practice": "win-back", "reason": "moved away"},
        {"customer": "b", "date": D(2026, 10, 9), "practice": "win-back"},
    ]
    basis = basis_of([{"id": "a"}, {"id": "b"}], history=rows)

    events = events_of("leaving", basis, **OCTOBER)

    day = D(2026, 10, 9)
    assert events.rows() == [
        ("a", "2026-10-09", day, "left on 9 Oct 2026 (moved away)", "moved away", day)
    ]


def test_an_empty_span_of_days_has_no_events() -> None:
    """The last day may lie before the first without an error."""
    basis = basis_of([{"id": "a", "birthday": "--11-04"}])

    events = events_of("birthday", basis, first=DAY, last=DAY - dt.timedelta(1))

    assert events.is_empty()
    assert events.columns == ["customer", "key", "on", "about", "turns", "days_late"]


@pytest.mark.parametrize("kind", EVENTS)
def test_empty_events_have_the_columns_of_their_kind(kind: str) -> None:
    """Every kind can be asked for in an empty project."""
    events = events_of(kind, basis_of([]), **OCTOBER, date="10-05")

    assert events.schema == EVENT | dict(EVENTS[kind].details)
    assert set(FINDERS) == EVENTS.keys() - {"issue"}
