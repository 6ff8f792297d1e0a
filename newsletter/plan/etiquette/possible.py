"""When what is held back becomes possible: the day on which nothing stands in its way."""

from __future__ import annotations

import datetime as dt

import polars as pl

from newsletter.plan.etiquette.basis import Basis
from newsletter.plan.etiquette.caps import free_on
from newsletter.plan.etiquette.days import first_open
from newsletter.plan.etiquette.together import touches_of

HELD_BACK = ("cap", "quiet", "do_not_write", "one_a_day", "capacity")
"""Rules after which a touchpoint stays due; so does what waits for another practice (`after`)."""


def possible(
    rows: pl.DataFrame, held: pl.DataFrame, kept: pl.DataFrame, basis: Basis
) -> pl.DataFrame:
    """
    Return *held* with `possible_on`: the first day that neither a cap nor the calendar forbids.

    What waits for another practice is possible the day after that one is, and not known while
    nothing of the kind is due. All else is never possible: null.
    """
    touches = pl.concat([basis.touches, touches_of(kept, basis)])
    tomorrow = basis.day + dt.timedelta(days=1)
    back = _rows(rows, held, HELD_BACK).with_columns(earliest=pl.lit(tomorrow))
    back = _opened(back, touches, basis)
    today = kept.select("idx", "practice", possible_on=pl.lit(basis.day))
    soon = pl.concat([today, back.select("idx", "practice", "possible_on")])
    waiting = _after(_rows(rows, held, ("after",)), soon, basis)
    days = [part.select("row", "possible_on") for part in (back, _opened(waiting, touches, basis))]
    return held.drop("idx").join(pl.concat(days), on="row", how="left", maintain_order="left")


def _rows(rows: pl.DataFrame, held: pl.DataFrame, rules: tuple[str, ...]) -> pl.DataFrame:
    those = held.filter(pl.col("rule").is_in(rules))
    return rows.select("row", "idx", "practice", "channel", "owed").join(
        those.select("row"), on="row", how="semi", maintain_order="left"
    )


def _after(waiting: pl.DataFrame, soon: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Return *waiting* with `earliest`: the day after the practice that must come first."""
    first = {name: practice.after for name, practice in basis.practices.items() if practice.after}
    before = (
        pl.col("practice")
        .cast(pl.String)
        .replace_strict(first, default=None, return_dtype=pl.String)
    )
    days = soon.group_by("idx", pl.col("practice").cast(pl.String).alias("_first")).agg(
        (pl.col("possible_on").min() + pl.duration(days=1)).alias("earliest")
    )
    return waiting.with_columns(_first=before).join(
        days, on=["idx", "_first"], how="left", maintain_order="left"
    )


def _opened(rows: pl.DataFrame, touches: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    free = free_on(rows, touches, basis)
    known = pl.when(pl.col("earliest").is_not_null()).then(pl.max_horizontal("earliest", "free"))
    return first_open(basis.of(free.with_columns(earliest=known), "country", "celebrates"), basis)
