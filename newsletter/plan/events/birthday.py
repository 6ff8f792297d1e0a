"""Birthdays: once a year, also for those born on 29 February and where the year is not known."""

from __future__ import annotations

import polars as pl

from newsletter.plan.events.basis import EventBasis, Window, about, iso, returns


def birthday(basis: EventBasis, window: Window) -> pl.DataFrame:
    """Return the birthdays of those already born; key: the year."""
    born = pl.col("birthday")
    people = basis.facts.select(pl.col("id").alias("customer"), born).drop_nulls()
    found = returns(
        people,
        window,
        month=born.str.slice(-5, 2).cast(pl.Int8, strict=False),
        day=born.str.slice(-2, 2).cast(pl.Int8, strict=False),
        config=basis.config,
    )
    year = born.str.slice(0, 4).cast(pl.Int64, strict=False)  # null for `--02`
    turned = found.with_columns(turns=pl.col("on").dt.year().cast(pl.Int64) - year)
    return turned.filter((pl.col("turns") > 0).fill_null(value=True)).with_columns(
        pl.col("on").dt.to_string("%Y").alias("key"),
        about("birthday on {}", iso("on"), detail=pl.format("turns {}", "turns")),
    )
