"""What facts are made from, and what every fact says of itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from newsletter.model.config import Config
from newsletter.model.customs import Customs
from newsletter.model.localised import Localised


@dataclass(frozen=True)
class Fact:
    """A column that facts/ adds to the customers, and its row in docs/rules.md."""

    dtype: pl.DataType
    meaning: str
    """In one line."""
    unit: str
    """Of a number; empty for everything else."""
    source: str
    """Table, columns and settings that it follows from; the customer file where it says `file`."""
    missing: str
    """What a missing value means; `never` where there always is one."""


@dataclass(frozen=True, kw_only=True)
class Basis:
    """Everything beside the customer table that facts are made from."""

    tables: Mapping[str, pl.DataFrame]
    """
    By name of model.tables.TABLES, up to today; of the history also what has no date.
    `customer` is the row of the customer, from 0.
    """
    coming: pl.Series
    """Rows of customers who order after today."""
    config: Config
    customs: Customs
    today: dt.date
    since: dt.date
    """First day of the services to report on."""


def told(text: Localised, customers: pl.DataFrame, config: Config) -> pl.Expr:
    """Return the text in each customer's `language`, else the project's; missing if empty."""
    default = config.language
    tags = customers["language"].drop_nulls().unique()
    texts = {tag: text.in_language(tag, default) or None for tag in tags}
    otherwise = text.in_language(default, default) or None
    return pl.col("language").replace_strict(texts, default=otherwise, return_dtype=pl.String)


def joined(customers: pl.DataFrame, part: pl.DataFrame) -> pl.DataFrame:
    """
    Return the customers with the columns of *part*; its `customer` is a row of theirs, once each.
    """
    rows = pl.DataFrame([numbers(customers)])
    found = rows.join(part, on="customer", how="left", maintain_order="left")
    return customers.hstack(found.drop("customer"))  # so that nothing wide is copied


def numbers(customers: pl.DataFrame) -> pl.Series:
    """Return `customer`, the row of each from 0, as the tables call them."""
    return pl.int_range(customers.height, dtype=pl.UInt32, eager=True).alias("customer")


def by_value(customers: pl.DataFrame, value: pl.Expr, **facts: pl.Expr) -> pl.DataFrame:
    """Return the customers with *facts*, which follow from *value* alone: found once for each."""
    values = customers.select(value)
    known = values.unique().with_columns(**facts)
    found = values.join(
        known, on=values.columns, how="left", nulls_equal=True, maintain_order="left"
    )
    return customers.hstack(found.select(*facts))


def latest(
    table: pl.DataFrame, column: str, *, as_: str, day_as: str | None = None
) -> pl.DataFrame:
    """
    Return for each `customer` the last value of a column that there is, and its day.

    Of several values of that day it is the greatest, whatever the order of the rows.
    """
    known = table.select("customer", "date", column).drop_nulls()
    days = known.group_by("customer").agg(pl.col("date").max())
    last = known.join(days, on=["customer", "date"], how="semi").group_by("customer")
    day = [] if day_as is None else [pl.col("date").first().alias(day_as)]
    return last.agg(pl.col(column).max().alias(as_), *day)


def days_before(today: dt.date, day: pl.Expr) -> pl.Expr:
    """Return how many days that day lies back; missing stays missing."""
    return (pl.lit(today) - day).dt.total_days()


def full_years(today: dt.date, *, year: pl.Expr, birthday: pl.Expr) -> pl.Expr:
    """Return the years completed since *year*; *birthday* is this year's return of the day."""
    return today.year - year - (birthday > pl.lit(today)).cast(pl.Int64)


def next_return(today: dt.date, *, month: pl.Expr, day: pl.Expr, leap_day: str) -> pl.Expr:
    """Return the first day from today on that is this day of its year."""
    now = in_year(today.year, month=month, day=day, leap_day=leap_day)
    coming = in_year(today.year + 1, month=month, day=day, leap_day=leap_day)
    return pl.when(now >= pl.lit(today)).then(now).otherwise(coming)


def in_year(year: int, *, month: pl.Expr, day: pl.Expr, leap_day: str) -> pl.Expr:
    """
    Return that day of the year, exactly one; missing stays missing.

    *leap_day* is Config.leap_day: where 29 February is kept in common years, 02-28 or 03-01.
    """
    if dt.date(year, 12, 31).timetuple().tm_yday == 366:
        return pl.date(year, month, day)
    is_leap_day = (month == 2) & (day == 29)
    instead = dt.date.fromisoformat(f"{year}-{leap_day}")
    common = pl.date(year, month, pl.when(is_leap_day).then(28).otherwise(day))
    return pl.when(is_leap_day).then(pl.lit(instead)).otherwise(common)
