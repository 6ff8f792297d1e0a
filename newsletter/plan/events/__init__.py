"""What happened to customers, or is about to: the occasions for practices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import polars as pl

from newsletter.model.events import EVENTS, EventKind
from newsletter.plan.events import (
    anniversary,
    birthday,
    dates,
    entries,
    feedback,
    holidays,
    leaving,
    occasions,
    orders,
    promises,
    recommendations,
    rewards,
    services,
)
from newsletter.plan.events.basis import EventBasis, Window, columns_of

__all__ = ["EVENTS", "EventBasis", "EventKind", "Window", "columns_of", "events_of"]

FINDERS: Mapping[str, Callable[[EventBasis, Window], pl.DataFrame]] = {
    "birthday": birthday.birthday,
    "anniversary": anniversary.anniversary,
    "occasion": occasions.occasion,
    "occasion anniversary": occasions.occasion_anniversary,
    "order": orders.order,
    "last order": orders.last_order,
    "service": services.service,
    "feedback": feedback.feedback,
    "promise": promises.promise,
    "answer": entries.answer,
    "event": entries.event,
    "article": entries.article,
    "holiday": holidays.holiday,
    "date": dates.date,
    "reward": rewards.reward,
    "recommendation": recommendations.recommendation,
    "leaving": leaving.leaving,
}
"""Kind of event → what finds it. Issues are planned by themselves and found by nobody here."""

READS: Mapping[str, tuple[str, ...]] = {
    "anniversary": ("first_order_date",),
    "order": ("orders_count", "last_order"),
    "last order": ("last_order",),
    "answer": ("feedback_ids",),
    "article": ("had",),
    "reward": ("total_spent", "points", "first_order_date"),
    "recommendation": ("referred_by", "first_order_date"),
    "issue": ("feedback_ids", "had"),
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
    schema = columns_of(kind)
    if first > last or kind not in FINDERS:
        return pl.DataFrame(schema=schema)
    found = FINDERS[kind](basis, Window(first, last, date))
    return found.select(*schema).cast(pl.Schema(schema)).sort("customer", "on", "key")
