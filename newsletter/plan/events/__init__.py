"""What happened to customers, or is about to: the occasions for practices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import polars as pl

from newsletter.model.events import EVENTS, EventKind
from newsletter.plan.events import entries, holidays, orders, records, rewards, yearly
from newsletter.plan.events.basis import EventBasis, Window, columns_of, row_columns

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
"""Kind of event → the function that finds it. Issues have none: they are planned separately."""

READS: Mapping[str, tuple[str, ...]] = {
    "anniversary": ("first_order_date",),
    "order": ("orders_count", "last_order"),
    "last order": ("last_order",),
    "answer": ("feedback_ids",),
    "reward": ("total_spent", "points", "first_order_date"),
    "recommendation": ("referred_by", "first_order_date"),
}
"""Kind of event → the facts that its function reads."""


def events_of(
    kind: str, basis: EventBasis, *, first: dt.date, last: dt.date, date: str = ""
) -> pl.DataFrame:
    """
    Return the events of a kind from *first* to *last*, both included, sorted by customer and day.

    The columns are `columns_of(kind)`. `on` is null for a reward of unknown day. *date* is the
    day of the event `date`.
    """
    events = find_events(kind, basis, Window(first, last, date))
    return events.with_columns(basis.facts["id"].gather(events["customer"]).alias("customer"))


def find_events(kind: str, basis: EventBasis, window: Window) -> pl.DataFrame:
    """Return the events of a kind in a window; `customer` is a row of the facts."""
    schema = row_columns(kind)
    if window.first > window.last or kind not in FINDERS:
        return pl.DataFrame(schema=schema)
    events = FINDERS[kind](basis, window)
    typed = events.select(pl.col(name).cast(dtype) for name, dtype in schema.items())
    return typed.sort("customer", "on", "key")
