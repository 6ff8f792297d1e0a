"""Entries as events: for the right customers, in their language, with a working address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl
from made import Rows, basis_of, entry

from newsletter.model.entry import Entry
from newsletter.plan.events import events_of

D = dt.date
DAYS = {"first": D(2026, 11, 1), "last": D(2026, 11, 30)}
STARTS = dt.datetime(2026, 11, 19, 18, 30)


def _customers(
    kind: str, entries: Sequence[Entry], customers: Rows, **tables: Rows
) -> list[tuple[str, str]]:
    basis = basis_of(customers, entries=entries, **tables)
    events = events_of(kind, basis, **DAYS)
    return events.select("customer", "key").rows()


def test_an_answer_is_an_event_for_customers_who_asked() -> None:
    """Its front matter names their feedback; their interests do not matter."""
    people = [{"id": "a", "interests": ["tea"]}, {"id": "b"}, {"id": "c"}]
    feedback = [
        {"id": f"F-{key}", "customer": key, "date": D(2026, 10, 1)} for key in ("a", "b", "c")
    ]
    answers = [
        entry("answer", "quiet", answers=("F-a", "F-b"), interests=("pens",)),
        entry("answer", "old", answers=("F-c",), date=D(2026, 10, 31)),
    ]

    assert _customers("answer", answers, people, feedback=feedback) == [
        ("a", "quiet"),
        ("b", "quiet"),
    ]


def test_events_and_articles_are_for_interested_customers() -> None:
    """Interests and audience decide; an article is not for customers who had it."""
    people = [
        {"id": "a", "interests": ["pens"]},
        {"id": "b", "interests": ["tea"]},
        {"id": "c", "city": "Ulm"},
    ]
    history = [{"customer": "c", "date": D(2026, 9, 1), "practice": "x", "entries": ["nibs"]}]
    entries = [
        entry("event", "evening", starts=STARTS, interests=("pens",)),
        entry("event", "tour", starts=STARTS, audience='city == "Ulm"'),
        entry("article", "nibs", interests=("pens",)),
    ]

    assert _customers("event", entries, people, history=history) == [
        ("a", "evening"),
        ("c", "evening"),
        ("c", "tour"),
    ]
    assert _customers("article", entries, people, history=history) == [("a", "nibs")]


def test_an_event_is_due_on_its_first_day() -> None:
    """Not on the date of its entry."""
    entries = [
        entry("event", "now", starts=STARTS, date=D(2026, 9, 1)),
        entry("event", "later", starts=dt.datetime(2026, 12, 1, 18, 0)),
    ]

    events = events_of("event", basis_of([{"id": "a"}], entries=entries), **DAYS)

    assert events.row(0) == (
        "a",
        "now",
        D(2026, 11, 19),
        "now, 19 Nov 2026",
        "now",
        "now",
        None,
        STARTS,
        None,
        "https://p.example/events/now/",
        "https://p.example/events/now/now.ics",
        None,
    )
    assert events.height == 1


def test_title_and_address_are_in_the_customer_s_language() -> None:
    """Those of the translation, else those of the original, which say in which language it is."""
    people = [
        {"id": "a", "language": "de"},
        {"id": "b", "language": "fr"},
        {"id": "c"},
        {"id": "d", "language": "de-at"},
    ]
    entries = [
        entry("article", "ink", title="Ink", summary="Black", source_name="Mill"),
        entry("article", "ink", language="de", title="Tinte", summary="Schwarz"),
    ]

    events = events_of("article", basis_of(people, entries=entries), **DAYS)

    english = ("Ink", "Black", "Mill", "https://p.example/articles/ink/")
    german = ("Tinte", "Schwarz", None, "https://p.example/de/articles/ink/", None)
    assert events.select(pl.exclude("customer", "key", "on", "about", "article_slug")).rows() == [
        german,
        (*english, "anglais"),
        (*english, None),
        german,
    ]
    assert events["about"].unique().to_list() == ["Ink, 1 Nov 2026"]


def test_public_entries_have_addresses() -> None:
    """A private one has none; a private translation has that of the original."""
    entries = [
        entry("article", "shared", url="https://mill.example/x"),
        entry("article", "private", public=False),
        entry("article", "half"),
        entry("article", "half", language="de", public=False),
    ]

    events = events_of(
        "article", basis_of([{"id": "a", "language": "de"}], entries=entries), **DAYS
    )

    assert dict(events.select("key", "article_url").rows()) == {
        "shared": "https://mill.example/x",
        "private": None,
        "half": "https://p.example/articles/half/",
    }


def test_an_entry_for_nobody_is_no_event() -> None:
    """And no error."""
    entries = [entry("event", "x", starts=STARTS, audience="orders_count > 5")]

    assert _customers("event", entries, [{"id": "a"}]) == []
    assert _customers("event", [], [{"id": "a"}]) == []
