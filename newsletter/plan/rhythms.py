"""When what has no event is due: at a steady rhythm, or as long as a rule holds, well spread."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Mapping

import polars as pl

from newsletter.model.config import Config
from newsletter.model.practice import Practice, Span
from newsletter.plan.due import most_days, shift

SPREAD_DAYS = 90
"""Over so many days after the start those are spread for whom a rule holds already."""
_PERIODS = {"year": ("1y", 90), "quarter": ("1q", 90), "month": ("1mo", 28)}
"""once_per → the length of its periods, and over how many of its first days one is spread."""


def rhythm(
    practice: Practice,
    facts: pl.DataFrame,
    *,
    tables: Mapping[str, pl.DataFrame],
    day: dt.date,
    config: Config,
) -> pl.DataFrame:
    """
    Return customer, key, on, about and arrives: when each is due for a practice with `every`.

    Due is the last contact that counts and the span of the first segment that holds. Who was never
    contacted, or would have been due before the start, is due on a day of the first span after it;
    who became a customer later, after that day.
    """
    steps = list(practice.every)
    chosen = [pl.when(step.segment).then(n) for n, step in enumerate(steps) if step.segment]
    otherwise = [pl.lit(n) for n, step in enumerate(steps) if not step.segment]
    people = facts.select(
        pl.col("id").alias("customer"),
        pl.coalesce("customer_since", "first_order_date").alias("_began"),
        pl.coalesce(*chosen, *otherwise).alias("_step"),
    ).drop_nulls("_step")
    last = _last(practice, facts, tables=tables, day=day)
    known = people.join(last, on="customer", how="left", maintain_order="left")
    parts = [
        _due(known.filter(pl.col("_step") == n), step.span, practice=practice, config=config)
        for n, step in enumerate(steps)
    ]
    due = pl.concat(parts)
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


def _spread(customers: pl.Series, practice: Practice, *, first: pl.Expr, days: int) -> pl.Expr:
    """Return a day from *first* on for each customer, less than *days* later; always the same."""
    # CRC-32 is the same on every machine and in every version, unlike Polars' own hash.
    seed = zlib.crc32(practice.name.encode())
    numbers = [zlib.crc32(customer.encode(), seed) for customer in customers]
    later = pl.Series(numbers, dtype=pl.Int64) % days
    return first + pl.duration(days=pl.lit(later))


def _due(known: pl.DataFrame, span: Span, *, practice: Practice, config: Config) -> pl.DataFrame:
    """Return the customers of one rhythm with the day on which they are due as `arrives`."""
    start = _start(config)
    dated = known.with_columns(arrives=shift(pl.col("_last"), span, config))
    early = (pl.col("arrives") < pl.lit(start)).fill_null(value=True)
    fresh, later = dated.filter(early), dated.filter(~early)
    since = pl.max_horizontal(pl.lit(start), "_began")
    days = most_days(span, config)
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


def _last(
    practice: Practice, facts: pl.DataFrame, *, tables: Mapping[str, pl.DataFrame], day: dt.date
) -> pl.DataFrame:
    """Return customer, `_last` day and `_channel` of what the rhythm counts from."""
    if practice.counted_from == "order":
        last = facts.select(
            pl.col("id").alias("customer"),
            pl.col("last_order").alias("_last"),
            pl.lit(None, dtype=pl.String).alias("_channel"),
        )
        return last.drop_nulls("_last")
    happened = pl.col("outcome").is_null() | (pl.col("outcome") != "not reached")
    is_issue = (pl.col("practice") == "issue").fill_null(pl.col("issue").is_not_null())
    history = tables["history"].filter(happened)
    if practice.counted_from == "practice":
        parts = [history.filter(pl.col("practice") == practice.name)]
    else:
        parts = [history.filter(~is_issue), tables["conversations"]]
    contacts = pl.concat([part.select("customer", "date", "channel") for part in parts])
    past = contacts.filter(pl.col("date") <= day).sort("customer", "date", "channel")
    return past.group_by("customer").agg(
        pl.col("date").last().alias("_last"), pl.col("channel").last().alias("_channel")
    )


def _about(practice: Practice) -> pl.Expr:
    """Return `last contact 2026-08-01 (call), every quarter`, or that there was none."""
    name = practice.title if practice.counted_from == "practice" else practice.counted_from
    day = pl.col("_last").dt.to_string("%Y-%m-%d")
    channel = pl.format(" ({})", "_channel").fill_null("")
    last = pl.format("last {} {}{}", pl.lit(name), day, channel).fill_null(f"no {name} yet")
    return pl.format("{}, {}", last, "_every").alias("about")
