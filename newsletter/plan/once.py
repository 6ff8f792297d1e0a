"""How often something is due: `once_per` event, customer, period or value of a column."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import polars as pl

from newsletter.model.practice import Practice

PERIODS = {
    "year": pl.format("{}", pl.col("_at").dt.year()),
    "quarter": pl.format("{}-Q{}", pl.col("_at").dt.year(), pl.col("_at").dt.quarter()),
    "month": pl.col("_at").dt.to_string("%Y-%m"),
}
"""once_per → key, by the day `_at`."""


def once(rows: pl.DataFrame, *, day: dt.date) -> pl.DataFrame:
    """
    Return one row for each customer, practice and key; `once_per` decides the key.

    Rows that are due only after `_latest` are no reason to leave out one that is due.
    """
    once_per = pl.col("_once_per")
    key = (
        pl.when(once_per == "event").then("key").when(once_per == "customer").then(pl.lit("once"))
    )
    for period, text in PERIODS.items():
        key = key.when(once_per == period).then(text)
    # A state has no day of its own: it is due again with each period that begins.
    at = pl.when("_is_state").then(pl.lit(day)).otherwise("arrives")
    # The earlier of two rows with one key wins, unless its deadline has passed.
    over = (pl.col("last_day") < pl.lit(day)).fill_null(value=False)
    # With once_per: event every row stays, even if two events share a key.
    number = pl.when(once_per == "event").then(pl.int_range(pl.len()))
    later = pl.col("arrives") > pl.col("_latest")
    keyed = rows.with_columns(_at=at, _over=over, _number=number, _later=later).with_columns(
        key=key.otherwise(pl.coalesce("_value", "key"))
    )
    ordered = keyed.sort("customer", "key", "_over", "arrives", "on")
    return ordered.unique(
        ["customer", "practice", "key", "_number", "_later"], keep="first", maintain_order=True
    )


def once_value(practices: Sequence[Practice], schema: Mapping[str, pl.DataType]) -> pl.Expr:
    """Return the value of the column that `once_per` names, as text; null if it names none."""
    texts = [
        pl.when(pl.col("_practice") == practice.name).then(_as_text(column, schema[column]))
        if len(practices) > 1
        else _as_text(column, schema[column])
        for practice in practices
        if (column := once_column(practice))
    ]
    return pl.coalesce(*texts, pl.lit(None, dtype=pl.String))


def once_column(practice: Practice) -> str:
    """Return the column that `once_per` names; empty if it names none."""
    return "" if practice.once_per in ("event", "customer", *PERIODS) else practice.once_per


def _as_text(column: str, dtype: pl.DataType) -> pl.Expr:
    if isinstance(dtype, pl.List):
        return pl.col(column).cast(pl.List(pl.String)).list.sort().list.join(", ")
    return pl.col(column).cast(pl.String)
