"""Orders that are one task: those for which nobody has been thanked yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import polars as pl

from newsletter.facts.orders import kept
from newsletter.model.config import Config
from newsletter.model.practice import Practice
from newsletter.model.tables import REACHED
from newsletter.plan.due import latest_arrival
from newsletter.plan.events import EventBasis, Window
from newsletter.plan.events.orders import joined_orders, order
from newsletter.plan.postponed import with_colleagues
from newsletter.plan.windows import start_of

_TASK = ["customer", "_practice"]
_TAKEN_UP = dt.timedelta(days=30)
"""How long before the first of its orders a task looks for earlier ones."""


def joined(
    practices: Sequence[Practice],
    found: tuple[pl.DataFrame, pl.DataFrame],
    basis: EventBasis,
    *,
    day: dt.date,
    holds: Callable[[pl.DataFrame], pl.DataFrame],
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """
    Return the rows *found* with those that are `together` as one, and the events with its details.

    It has the key of the last of its events, and the days of the first. It names earlier orders,
    too, for whose own task there was no room. Other rows, done or too late, stay as they are.
    *holds* returns the rows for which the rule of their practice holds.
    """
    rows, events = found
    some = [practice for practice in practices if practice.together]
    if not some:
        return found
    records = _records(some, basis)
    groups = _groups(_open(some, rows, records, day=day), some)
    missed = _missed(groups, records, basis)
    if any(practice.when for practice in some):
        missed = _that_hold(missed, basis, holds)
    days = ("_group", "customer", "date")
    lines = pl.concat([groups.select("_group", "customer", date="on"), missed.select(days)])
    several = groups.filter(pl.col("_group").is_in(_more_than_one(lines).implode()))
    if several.is_empty():
        return found
    merged = joined_orders(several, lines, basis)
    number = pl.int_range(merged.height, dtype=pl.UInt32, eager=True) + events.height
    first = several.unique("_group", keep="first").sort("_group")
    one = first.with_columns(number.alias("_event"), *merged.select(events.columns))
    others = rows.join(several, on=["_event", "_practice"], how="anti", maintain_order="left")
    others = others.join(
        missed, left_on=[*_TASK, "on"], right_on=[*_TASK, "date"], how="anti",
        maintain_order="left",
    )  # fmt: skip
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


def _records(practices: Sequence[Practice], basis: EventBasis) -> pl.DataFrame:
    """Return customer, date, practice and key_done of what was done for these practices."""
    text = pl.col("practice").cast(pl.String)
    history = basis.tables["history"].select("customer", "practice", "key", "date", "outcome")
    done = history.filter(REACHED, text.is_in([practice.name for practice in practices]))
    return done.select("customer", "date", practice=text, key_done="key")


def _open(
    practices: Sequence[Practice], rows: pl.DataFrame, records: pl.DataFrame, *, day: dt.date
) -> pl.DataFrame:
    """Return the rows of these practices that are neither done nor too late."""
    names = [practice.name for practice in practices]
    timely = (pl.col("last_day") >= day).fill_null(value=True)
    waiting = rows.filter(pl.col("_practice").is_in(names) & timely)
    asked = waiting.select("_event", "customer", "key", "arrives", practice=_text("_practice"))
    done = asked.join(records, on=["customer", "practice"]).filter(done_before(practices))
    done = done.select("_event", _practice=pl.col("practice").cast(rows.schema["_practice"]))
    return waiting.join(done, on=["_event", "_practice"], how="anti")


def _text(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.String)


def _groups(rows: pl.DataFrame, practices: Sequence[Practice]) -> pl.DataFrame:
    """Return the rows that are near the first of their customer, by `_group` and `on`."""
    days = {practice.name: practice.together for practice in practices}
    span = _text("_practice").replace_strict(days, default=0, return_dtype=pl.Int64)
    begun = pl.col("on").min().over(_TASK)
    near = rows.filter(pl.col("on") <= begun + pl.duration(days=span))
    groups = near.select(_TASK).unique().sort(_TASK).with_row_index("_group")
    return near.join(groups, on=_TASK).sort("_group", "on")


def _missed(groups: pl.DataFrame, records: pl.DataFrame, basis: EventBasis) -> pl.DataFrame:
    """
    Return `_group`, customer, `_practice` and date of orders before a group without thanks.

    They are younger than the last thanks, and no older than `_TAKEN_UP`.
    """
    first = groups.unique("_group", keep="first")
    span = first.select(_from=pl.col("on").min() - _TAKEN_UP, _to=pl.col("on").max())
    orders = kept(basis.tables["orders"].join(first, on="customer", how="semi")).filter(
        pl.col("date").is_between(*span.row(0)).fill_null(value=False)
    )
    thanked = records.group_by("customer", "practice").agg(
        _thanked=pl.coalesce(_day(pl.col("key_done")), "date").max()
    )
    begun = first.select("_group", *_TASK, "on", practice=_text("_practice"))
    begun = begun.join(thanked, on=["customer", "practice"], how="left")
    days = begun.join(orders.select("customer", "date").unique(), on="customer").filter(
        pl.col("date") < pl.col("on"),
        pl.col("date") >= pl.max_horizontal(pl.col("on") - _TAKEN_UP, pl.lit(start_of(basis))),
        (pl.col("date") > pl.col("_thanked")).fill_null(value=True),
    )
    return days.select("_group", *_TASK, "date")


def _that_hold(
    missed: pl.DataFrame, basis: EventBasis, holds: Callable[[pl.DataFrame], pl.DataFrame]
) -> pl.DataFrame:
    """Return the rows of *missed* for whose orders the rule of the practice holds."""
    if missed.is_empty():
        return missed
    circle = with_colleagues(missed["customer"].unique(), basis.facts)
    theirs = replace(basis, facts=basis.facts[circle], tables=basis.tables.of(circle))
    first, last = missed.select(first=pl.col("date").min(), last=pl.col("date").max()).row(0)
    found = order(theirs, Window(first, last)).with_columns(date="on")
    found = found.with_columns(circle.gather(found["customer"]).alias("customer"))
    return holds(missed.join(found, on=["customer", "date"])).select(missed.columns)


def _more_than_one(lines: pl.DataFrame) -> pl.Series:
    return lines.group_by("_group").len().filter(pl.col("len") > 1)["_group"]
