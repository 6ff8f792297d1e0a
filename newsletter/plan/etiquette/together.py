"""One touch a day and the capacity of the team: what touchpoints of one day take from each other.

The more important comes first. A touchpoint that finds no room does not take its customer's day:
the next one of that customer is tried then.
"""

from __future__ import annotations

import polars as pl

from newsletter.plan.etiquette.basis import TOUCHES, Basis
from newsletter.plan.etiquette.capacity import over_capacity
from newsletter.plan.etiquette.caps import crowded

_ORDER = ("owed", "priority", "arrives", "practice", "key", "idx", "row")
_DESCENDING = (True, True, False, False, False, False, False)


def together(rows: pl.DataFrame, basis: Basis) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows that are kept, and those held with `rule` and `skipped_because`."""
    held = [_touched_today(rows, basis)]
    waiting = _without(rows, held[0]).sort(_ORDER, descending=_DESCENDING)
    kept = waiting.clear()
    while waiting.height:
        first = waiting.filter(pl.col("idx").is_first_distinct())
        taken, no_room = _place(first, kept, basis)
        kept = pl.concat([kept, taken])
        rest = _without(waiting, first)
        second = _second(rest, taken)
        held += [no_room, second]
        waiting = _without(rest, second)
    return kept, pl.concat(held)


def touches_of(kept: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Return as TOUCHES what is kept today and counts for caps."""
    counted = kept.filter(~pl.col("owed")).with_columns(date=pl.lit(basis.day))
    return counted.select(*TOUCHES).cast({"practice": pl.String(), "channel": pl.String()})


def _touched_today(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Hold what is for customers to whom something went out today."""
    gone = basis.history.filter(pl.col("date") == basis.day).select(*TOUCHES)
    today = (
        pl.concat([gone, basis.issue])
        .group_by("idx")
        .agg(pl.col("practice", "channel").sort_by("practice", "channel").first())
    )
    held = rows.join(today, on="idx", suffix="_today", maintain_order="left")
    words = pl.format(
        "one touch a day: {} went out today", _named("practice_today", "channel_today")
    )
    return _held(held, "one_a_day", words)


def _place(
    first: pl.DataFrame, kept: pl.DataFrame, basis: Basis
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return which of the first ones of their customers find room, and which do not."""
    touches = pl.concat([basis.touches, touches_of(kept, basis)])
    many = crowded(first, touches, basis)
    left = _without(first, many)
    busy = over_capacity(left, kept, basis)
    no_room = [_held(many, "cap"), _held(busy, "capacity")]
    return _without(left, busy), pl.concat(no_room)


def _second(rest: pl.DataFrame, taken: pl.DataFrame) -> pl.DataFrame:
    """Hold what is for customers who get something else today."""
    held = rest.join(
        taken.select("idx", "practice", "channel"),
        on="idx",
        suffix="_today",
        maintain_order="left",
    )
    words = pl.format("one touch a day: {} comes first", _named("practice_today", "channel_today"))
    return _held(held, "one_a_day", words)


def _named(practice: str, channel: str) -> pl.Expr:
    how = pl.format(" ({})", pl.col(channel).cast(pl.String)).fill_null("")
    return pl.format("{}{}", pl.col(practice).cast(pl.String).fill_null("a contact"), how)


def _held(rows: pl.DataFrame, rule: str, words: pl.Expr | None = None) -> pl.DataFrame:
    because = pl.col("skipped_because") if words is None else words
    return rows.select("row", "idx", rule=pl.lit(rule), skipped_because=because)


def _without(rows: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    return rows.join(others, on="row", how="anti", maintain_order="left")
