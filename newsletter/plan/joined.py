"""Orders that are one task: those of a few days for which nobody has been thanked yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import polars as pl

from newsletter.model.config import Config
from newsletter.model.practice import Practice
from newsletter.model.tables import REACHED
from newsletter.plan.due import latest_arrival
from newsletter.plan.events import EventBasis
from newsletter.plan.events.orders import joined_orders

_TASK = ["customer", "_practice"]


def joined(
    practices: Sequence[Practice],
    rows: pl.DataFrame,
    events: pl.DataFrame,
    basis: EventBasis,
    *,
    day: dt.date,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """
    Return *rows* with those that are `together` as one, and *events* with the details of that one.

    It has the key of the last of its events, and the days of the first. Rows that are done or too
    late stay as they are.
    """
    some = [practice for practice in practices if practice.together]
    several = _several(_open(some, rows, basis, day=day), some) if some else rows.clear()
    if several.is_empty():
        return rows, events
    merged = joined_orders(several, basis)
    number = pl.int_range(merged.height, dtype=pl.UInt32, eager=True) + events.height
    first = several.unique("_group", keep="first").sort("_group")
    one = first.with_columns(number.alias("_event"), *merged.select(events.columns))
    others = rows.join(several, on=["_event", "_practice"], how="anti", maintain_order="left")
    together = pl.concat([others, one.select(rows.columns)])
    return together, pl.concat([events, merged.select(events.columns)])


def due_by(
    practices: Sequence[Practice], rows: pl.DataFrame, config: Config, *, day: dt.date
) -> pl.DataFrame:
    """Return the rows without those of orders `together` of which none is due on *day*."""
    for practice in practices:
        if practice.together:
            latest = latest_arrival(practice.channels, config, day=day)
            other = pl.col("_practice") != practice.name
            rows = rows.filter(other | (pl.col("arrives") <= latest))
    return rows


def done_before(practices: Iterable[Practice]) -> pl.Expr:
    """
    Return whether a row (`practice`, `key`, `arrives`) is done by a record (`key_done`, `date`).

    The record has the same key or, for orders that are `together`, the key of a day soon after
    them; or no key and the day of the row or a later one.
    """
    key, done = pl.col("key"), pl.col("key_done")
    covered = [
        (pl.col("practice").cast(pl.String) == practice.name)
        & _day(key).is_between(_day(done) - pl.duration(days=practice.together), _day(done))
        for practice in practices
        if practice.together
    ]
    undated = done.is_null() & (pl.col("arrives") <= pl.col("date"))
    return pl.any_horizontal(key == done, undated, *covered).fill_null(value=False)


def _day(key: pl.Expr) -> pl.Expr:
    return key.str.to_date("%Y-%m-%d", strict=False)


def _open(
    practices: Sequence[Practice], rows: pl.DataFrame, basis: EventBasis, *, day: dt.date
) -> pl.DataFrame:
    """Return the rows of these practices that are neither done nor too late."""
    names = [practice.name for practice in practices]
    timely = (pl.col("last_day") >= day).fill_null(value=True)
    waiting = rows.filter(pl.col("_practice").is_in(names) & timely)
    text = pl.col("practice").cast(pl.String)
    history = basis.tables["history"].select("customer", "practice", "key", "date", "outcome")
    records = history.filter(REACHED, text.is_in(names)).select(
        "customer", "date", practice=text, key_done="key"
    )
    asked = waiting.select("_event", "customer", "key", "arrives", practice=_text("_practice"))
    done = asked.join(records, on=["customer", "practice"]).filter(done_before(practices))
    done = done.select("_event", _practice=pl.col("practice").cast(rows.schema["_practice"]))
    return waiting.join(done, on=["_event", "_practice"], how="anti")


def _text(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.String)


def _several(rows: pl.DataFrame, practices: Sequence[Practice]) -> pl.DataFrame:
    """Return the rows that are not alone, by `on`, with the `_group` to which they belong."""
    days = {practice.name: practice.together for practice in practices}
    span = _text("_practice").replace_strict(days, default=0, return_dtype=pl.Int64)
    begun = pl.col("on").min().over(_TASK)
    near = rows.filter(pl.col("on") <= begun + pl.duration(days=span))
    near = near.filter(pl.len().over(_TASK) > 1)
    groups = near.select(_TASK).unique().sort(_TASK).with_row_index("_group")
    return near.join(groups, on=_TASK).sort("_group", "on")
