"""When what has no event is due: at a steady rhythm, or as long as a rule holds, well spread."""

from __future__ import annotations

import datetime as dt
import zlib

import polars as pl

from newsletter.model.config import Config
from newsletter.model.practice import Practice, Span
from newsletter.model.tables import NOT_REACHED
from newsletter.plan.due import shift

SPREAD_DAYS = 90
"""Over so many days after the start those are spread for whom a rule holds already."""
COUNTED = {
    "contact": ("last_contact", "last_contact_channel", "first_order_date"),
    "order": ("last_order", "first_order_date"),
    "practice": ("first_order_date",),
}
"""What a rhythm is counted from → the facts that it reads."""
_PERIODS = {"year": ("1y", 90), "quarter": ("1q", 90), "month": ("1mo", 28)}
"""once_per → the length of its periods, and over how many of its first days one is spread."""


def rhythm(
    practice: Practice,
    facts: pl.DataFrame,
    *,
    history: pl.DataFrame,
    latest: dt.date,
    config: Config,
) -> pl.DataFrame:
    """
    Return customer, key, on, about and arrives of those who are due by *latest*.

    Due is the last contact that counts and the span of the first segment that holds. Who was never
    contacted, or would have been due before the start, is due on a day of the first span after it;
    who became a customer later, after that day. *history* ends on the day of the facts.
    """
    steps = list(practice.every)
    chosen = [pl.when(step.segment).then(n) for n, step in enumerate(steps) if step.segment]
    otherwise = [pl.lit(n) for n, step in enumerate(steps) if not step.segment]
    known = _with_last(practice, facts, history).with_columns(
        _step=pl.coalesce(*chosen, *otherwise)
    )
    parts = [
        _due(known.filter(pl.col("_step") == n), step.span, practice=practice, config=config)
        for n, step in enumerate(steps)
    ]
    due = pl.concat([part.filter(pl.col("arrives") <= latest) for part in parts])
    return due.select(
        "customer",
        pl.col("arrives").dt.to_string("%Y-%m-%d").alias("key"),
        pl.col("arrives").alias("on"),
        _about(practice),
        "arrives",
    )


def state(
    practice: Practice, customers: pl.DataFrame, *, day: dt.date, config: Config
) -> pl.DataFrame:
    """
    Return customer, key, on, about and arrives of *customers*, for whom the practice's rule holds.

    They are due on a day of the first 90 after the start; with `once_per: year` (or quarter,
    month) after the beginning of the year, so that they are not all due again on 1 January.
    """
    first, days = _start(config), SPREAD_DAYS
    if practice.once_per in _PERIODS:
        every, days = _PERIODS[practice.once_per]
        first = max(first, pl.select(pl.lit(day).dt.truncate(every)).item())
    arrives = _spread(customers["customer"], practice, first=pl.lit(first), days=days)
    placed = customers.with_columns(arrives=arrives)
    return placed.with_columns(key=pl.lit("once"), on="arrives", about=pl.lit(""))


def since_start(customers: pl.Series, practice: Practice, config: Config) -> pl.Expr:
    """Return a day of the first 90 after the start for each customer."""
    return _spread(customers, practice, first=pl.lit(_start(config)), days=SPREAD_DAYS)


def _spread(
    customers: pl.Series, practice: Practice, *, first: pl.Expr, days: pl.Expr | int
) -> pl.Expr:
    """Return a day from *first* on for each customer, less than *days* later; always the same."""
    # CRC-32 is the same on every machine and in every version, unlike Polars' own hash.
    seed = zlib.crc32(practice.name.encode())
    numbers = [zlib.crc32(customer.encode(), seed) for customer in customers]
    number = pl.lit(pl.Series(numbers, dtype=pl.Int64))
    return first + pl.duration(days=number % days)


def _due(known: pl.DataFrame, span: Span, *, practice: Practice, config: Config) -> pl.DataFrame:
    """Return the customers of one rhythm with the day on which they are due as `arrives`."""
    start = _start(config)
    dated = known.with_columns(arrives=shift(pl.col("_last"), span, config))
    early = (pl.col("arrives") < pl.lit(start)).fill_null(value=True)
    fresh, later = dated.filter(early), dated.filter(~early)
    since = pl.max_horizontal(pl.lit(start), "_began")
    days = (shift(since, span, config) - since).dt.total_days()
    arrives = _spread(fresh["customer"], practice, first=since, days=days)
    placed = pl.concat([later, fresh.with_columns(arrives=arrives)])
    return placed.with_columns(_every=pl.lit(_in_words(span)))


def _in_words(span: Span) -> str:
    """Return `every quarter`, `every 6 weeks`."""
    if span == Span(3, "month"):
        return "every quarter"
    return f"every {span.unit}" if span.count == 1 else f"every {span.count} {span.unit}s"


def _start(config: Config) -> dt.date:
    assert config.start  # that it is missing where there are practices, is said in reading
    return config.start


def _with_last(practice: Practice, facts: pl.DataFrame, history: pl.DataFrame) -> pl.DataFrame:
    """Return the customers with `_last` day and `_channel` of what the rhythm counts from."""
    days = {"contact": pl.col("last_contact"), "order": pl.col("last_order")}
    nothing = pl.lit(None, dtype=pl.String)
    channel = pl.col("last_contact_channel") if practice.counted_from == "contact" else nothing
    segments = [step.segment for step in practice.every if step.segment]
    known = facts.select(
        pl.col("id").alias("customer"),
        pl.coalesce("customer_since", "first_order_date").alias("_began"),
        days.get(practice.counted_from, pl.lit(None, dtype=pl.Date)).alias("_last"),
        channel.alias("_channel"),
        *dict.fromkeys(segments),
    )
    if practice.counted_from != "practice":
        return known
    done = (pl.col("practice") == practice.name) & (pl.col("outcome").fill_null("") != NOT_REACHED)
    last = history.filter(done).group_by("customer").agg(pl.col("date").max().alias("_last"))
    return known.drop("_last").join(last, on="customer", how="left", maintain_order="left")


def _about(practice: Practice) -> pl.Expr:
    """Return `last contact 2026-08-01 (call), every quarter`, or that there was none."""
    if practice.counted_from == "practice":
        name, none = "last time", "never so far"
    else:
        name, none = f"last {practice.counted_from}", f"no {practice.counted_from} yet"
    day = pl.col("_last").dt.to_string("%Y-%m-%d")
    channel = pl.format(" ({})", "_channel").fill_null("")
    last = pl.format("{} {}{}", pl.lit(name), day, channel).fill_null(none)
    return pl.format("{}, {}", last, "_every").alias("about")
