"""Entries as events: for whom they are, in their language, with an address that works."""

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


def test_answer_is_for_those_who_asked() -> None:
    """An answer is an event for each customer whose feedback it names, whatever they like."""
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


def test_events_and_articles_are_for_those_whom_they_interest() -> None:
    """Interests and audience decide, and an article is not for who has had it."""
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


def test_event_is_on_the_day_it_starts() -> None:
    """The day of an event is that on which it starts, not that on which it was written."""
    entries = [
        entry("event", "now", starts=STARTS, date=D(2026, 9, 1)),
        entry("event", "later", starts=dt.datetime(2026, 12, 1, 18, 0)),
    ]

    events = events_of("event", basis_of([{"id": "a"}], entries=entries), **DAYS)

    assert events.row(0) == (
        "a",
        "now",
        D(2026, 11, 19),
        "now, 2026-11-19",
        "now",
        "now",
        None,
        STARTS,
        None,
        "https://p.example/events/now/",
        "https://p.example/events/now/now.ics",
    )
    assert events.height == 1


def test_words_are_in_the_language_of_the_customer() -> None:
    """Title, summary and address are those of the translation, else those of the original."""
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
    german = ("Tinte", "Schwarz", None, "https://p.example/de/articles/ink/")
    assert events.select(pl.exclude("customer", "key", "on", "about", "article_slug")).rows() == [
        german,
        english,
        english,
        german,
    ]
    assert events["about"].unique().to_list() == ["Ink, 2026-11-01"]


def test_addresses() -> None:
    """A shared article has its own address, a private one none; a private translation that of
    the original."""
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


def test_nobody_to_tell() -> None:
    """An entry that is for nobody gives no event, and no error."""
    entries = [entry("event", "x", starts=STARTS, audience="orders_count > 5")]

    assert _customers("event", entries, [{"id": "a"}]) == []
    assert _customers("event", [], [{"id": "a"}]) == []
