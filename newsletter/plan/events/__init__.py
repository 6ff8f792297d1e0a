"""What happened to customers, or is about to: the occasions for practices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import polars as pl

from newsletter.model.events import EVENTS, EventKind
from newsletter.plan.events import entries, holidays, orders, records, rewards, yearly
from newsletter.plan.events.basis import EventBasis, Window, columns_of, found_columns

__all__ = ["EVENTS", "EventBasis", "EventKind", "Window", "columns_of", "events_of"]

FINDERS: Mapping[str, Callable[[EventBasis, Window], pl.DataFrame]] = {
    "birthday": yearly.birthday,
    "anniversary": yearly.anniversary,
    "occasion": yearly.occasion,
    "occasion anniversary": yearly.occasion_anniversary,
    "order": orders.order,
    "last order": orders.last_order,
    "service": records.service,
    "feedback": records.feedback,
    "promise": records.promise,
    "answer": entries.answer,
    "event": entries.event,
    "article": entries.article,
    "holiday": holidays.holiday,
    "date": yearly.date,
    "reward": rewards.reward,
    "recommendation": records.recommendation,
    "leaving": records.leaving,
}
"""Kind of event → what finds it. Issues are planned by themselves and found by nobody here."""

READS: Mapping[str, tuple[str, ...]] = {
    "anniversary": ("first_order_date",),
    "order": ("orders_count", "last_order"),
    "last order": ("last_order",),
    "answer": ("feedback_ids",),
    "reward": ("total_spent", "points", "first_order_date"),
    "recommendation": ("referred_by", "first_order_date"),
}
"""Kind of event → the facts that it is found in."""


def events_of(
    kind: str, basis: EventBasis, *, first: dt.date, last: dt.date, date: str = ""
) -> pl.DataFrame:
    """
    Return the events of a kind from *first* to *last*, both included, sorted by customer and day.

    The columns are `columns_of(kind)`. `on` is null for a reward whose day nobody knows. *date* is
    that of the event `date`.
    """
    found = find_events(kind, basis, Window(first, last, date))
    return found.with_columns(basis.facts["id"].gather(found["customer"]).alias("customer"))


def find_events(kind: str, basis: EventBasis, window: Window) -> pl.DataFrame:
    """Return the events of a kind in a window, with the rows of their customers in the facts."""
    schema = found_columns(kind)
    if window.first > window.last or kind not in FINDERS:
        return pl.DataFrame(schema=schema)
    found = FINDERS[kind](basis, window)
    typed = found.select(pl.col(name).cast(dtype) for name, dtype in schema.items())
    return typed.sort("customer", "on", "key")
