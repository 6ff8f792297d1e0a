"""
One touch a day: rules for touchpoints that compete for a day.

The more important touchpoint comes first. If it finds no room, the customer's next one is tried.
"""

from __future__ import annotations

import polars as pl

from newsletter.model.care import OWED_TOGETHER
from newsletter.model.channels import PENNED, SPOKEN
from newsletter.plan.etiquette.capacity import over_capacity
from newsletter.plan.etiquette.caps import crowded
from newsletter.plan.etiquette.evidence import TOUCHES, Basis

_ORDER = ("owed", "_carries", "_dated", "priority", "arrives", "practice", "key", "idx", "row")
_DESCENDING = (True, True, True, True, False, False, False, False, False)


def together(
    rows: pl.DataFrame, basis: Basis, *, gone: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """
    Return the rows that are planned, and the others with `rule` and `skipped_because`.

    Customers in *gone* (TOUCHES) have had their touchpoint of the day.
    """
    held = [_touched_today(rows, gone, basis)]
    dated = pl.col("practice").cast(pl.String).is_in(basis.dated)
    waiting = _without(rows, held[0]).with_columns(_dated=dated, _carries=_carries(basis))
    waiting = waiting.sort(_ORDER, descending=_DESCENDING)
    planned = waiting.clear()
    while waiting.height:
        first = waiting.filter(pl.col("idx").is_first_distinct())
        taken, no_room = _place(first, planned, basis)
        planned = pl.concat([planned, taken])
        remaining = _without(waiting, first)
        along = _along(remaining, taken, basis)
        remaining = _without(remaining, along)
        second = _second(remaining, taken, basis)
        yielding = _yielding(_without(remaining, second), first, no_room, basis)
        held += [no_room, along, second, yielding]
        waiting = _without(_without(remaining, second), yielding)
    return planned.drop("_dated", "_carries"), pl.concat(held)


def _carries(basis: Basis) -> pl.Expr:
    """
    Return whether a row is owed and can settle all that is owed to its customer.

    A talk, a note by hand and a draft can; a text that goes out as it is says only one thing.
    """
    drafts = [name for name, practice in basis.practices.items() if practice.draft]
    by_person = pl.col("channel").cast(pl.String).is_in((*SPOKEN, *PENNED))
    is_draft = pl.col("practice").cast(pl.String).is_in(drafts)
    return pl.col("owed") & (by_person | is_draft)


def touches_of(planned: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Return TOUCHES of the planned rows that count for caps."""
    counted = planned.filter(~pl.col("owed")).with_columns(date=pl.lit(basis.day))
    return counted.select(*TOUCHES).cast({"practice": pl.String(), "channel": pl.String()})


def _touched_today(rows: pl.DataFrame, gone: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Return the rows of customers to whom something went out today."""
    today = gone.group_by("idx").agg(
        pl.col("practice", "channel", "key").sort_by("practice", "channel", "key").first()
    )
    held = rows.join(today, on="idx", suffix="_today", maintain_order="left")
    reason = basis.told("out_today", practice=_named(basis))
    return _held(held, "one_a_day", reason)


def _place(
    first: pl.DataFrame, planned: pl.DataFrame, basis: Basis
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return which rows of *first* (one a customer) find room, and which do not."""
    touches = pl.concat([basis.touches, touches_of(planned, basis)])
    many = crowded(first, touches, basis)
    left = _without(first, many)
    busy = over_capacity(left, planned, basis)
    no_room = [_held(many, "cap"), _held(busy, "capacity")]
    return _without(left, busy), pl.concat(no_room)


def _along(remaining: pl.DataFrame, taken: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Return the owed rows of customers whose owed touch of the day settles them as well."""
    carriers = taken.filter("_carries").select("idx", "practice", "channel", "key")
    owed = remaining.filter("owed")
    held = owed.join(carriers, on="idx", suffix="_today", maintain_order="left")
    reason = basis.told("together", practice=_named(basis))
    return _held(held, OWED_TOGETHER, reason)


def _second(remaining: pl.DataFrame, taken: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Return the rows of customers who get something else today."""
    held = remaining.join(
        taken.select("idx", "practice", "channel", "key"),
        on="idx",
        suffix="_today",
        maintain_order="left",
    )
    reason = basis.told("first_today", practice=_named(basis))
    return _held(held, "one_a_day", reason)


def _yielding(
    remaining: pl.DataFrame, first: pl.DataFrame, no_room: pl.DataFrame, basis: Basis
) -> pl.DataFrame:
    """Return the rows that would put off what has its day, but finds no time, even further."""
    busy = first.filter("_dated").join(no_room.filter(rule="capacity"), on="row", how="semi")
    held = remaining.filter(~pl.col("_dated")).join(
        busy.select("idx", _next="practice"), on="idx", maintain_order="left"
    )
    return _held(held, "reserved", basis.told("room_tomorrow", practice=basis.title("_next")))


def _named(basis: Basis) -> pl.Expr:
    """Return the other touch of the day: thank-you (email), issue 2026-11 (letter)."""
    issues = [name for name, practice in basis.practices.items() if practice.is_issue]
    is_issue = pl.col("practice_today").cast(pl.String).is_in(issues)
    which = pl.when(is_issue).then(pl.format(" {}", "key_today")).fill_null("")
    return basis.title("practice_today") + which + basis.channel_in_words("channel_today")


def _held(rows: pl.DataFrame, rule: str, reason: pl.Expr | None = None) -> pl.DataFrame:
    because = pl.col("skipped_because") if reason is None else reason
    return rows.select("row", "idx", rule=pl.lit(rule), skipped_because=because)


def _without(rows: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    return rows.join(others, on="row", how="anti", maintain_order="left")
