"""What happened to customers, or is about to: the occasions for practices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import polars as pl

from newsletter.facts.product_names import with_product_names
from newsletter.model.events import EVENTS, LATE, EventKind
from newsletter.model.project import Project
from newsletter.plan.events import entries, holidays, managers, orders, records, rewards, yearly
from newsletter.plan.events.basis import EventBasis, Window, columns_of, row_columns

__all__ = [
    "EVENTS", "EventBasis", "EventKind", "Window", "columns_of", "details_in_languages",
    "events_of",
]  # fmt: skip

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
    "visit": records.visit,
    "conversation": records.conversation,
    "new manager": managers.new_manager,
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
    "new manager": ("first_order_date",),
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


def details_in_languages(
    rows: pl.DataFrame, kind: str, *, tag: str, project: Project, day: dt.date
) -> pl.DataFrame:
    """
    Return *rows* with texts of entries, holidays, rewards and products in the language in *tag*.

    The events of a plan have these texts in the customers' own languages.
    """
    name, config = _NAMES.get(kind, ""), project.config
    if kind == "order":
        named = with_product_names(
            rows.with_columns(language=tag), project.people, default=config.language
        )
        return named.with_columns(rows["language"]).select(rows.columns)
    if name not in rows.columns:
        return rows
    known = [entry for entry in project.entries if entry.date <= day]
    if kind == "holiday":
        cards = holidays.holiday_cards(project.customs, config)
    elif kind == "reward":
        cards = rewards.reward_cards(config)
    else:
        cards = entries.entry_cards(known, kind, config)
    pairs = rows.select(name, tag).drop_nulls().unique().sort(name, tag).rows()
    if not pairs:
        return rows
    texts = [{name: key, tag: language, **cards(key, language)} for key, language in pairs]
    schema = {column: rows.schema[column] for column in texts[0] if column in rows.columns}
    table = pl.DataFrame(texts, schema=schema)
    others = rows.drop(column for column in schema if column not in (name, tag))
    localised = others.join(table, on=[name, tag], how="left", maintain_order="left")
    return localised.select(rows.columns)


_NAMES = {
    "answer": "answer_slug",
    "event": "event_slug",
    "article": "article_slug",
    "holiday": "holiday",
    "reward": "reward_id",
}
"""Kind of event with texts in several languages → the detail that says which it is."""


def days_late(on: str, arrival: pl.Expr) -> pl.Expr:
    """Return the detail LATE: the days from the event to *arrival*, 0 if it is in time."""
    return (arrival - pl.col(on)).dt.total_days().clip(lower_bound=0).alias(LATE)


def find_events(kind: str, basis: EventBasis, window: Window) -> pl.DataFrame:
    """Return the events of a kind in a window; `customer` is a row of the facts."""
    schema = row_columns(kind)
    if window.first > window.last or kind not in FINDERS:
        return pl.DataFrame(schema=schema)
    events = FINDERS[kind](basis, window)
    if LATE in schema:
        events = events.with_columns(days_late("on", pl.lit(basis.tables.today)))
    typed = events.select(pl.col(name).cast(dtype) for name, dtype in schema.items())
    return typed.sort("customer", "on", "key")
