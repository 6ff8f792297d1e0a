"""What facts are made from, and what every fact says of itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from newsletter.model.config import Config
from newsletter.model.localised import Localised


@dataclass(frozen=True)
class Fact:
    """A column that facts/ adds to the customers."""

    dtype: pl.DataType
    meaning: str
    """One line for docs/rules.md."""


@dataclass(frozen=True, kw_only=True)
class Basis:
    """Everything beside the customer table that facts are made from."""

    tables: Mapping[str, pl.DataFrame]
    """By name of model.tables.TABLES."""
    config: Config
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


def days_before(today: dt.date, day: pl.Expr) -> pl.Expr:
    """Return how many days that day lies back; missing stays missing."""
    return (pl.lit(today) - day).dt.total_days()


def full_years(today: dt.date, *, year: pl.Expr, birthday: pl.Expr) -> pl.Expr:
    """Return the years completed since *year*; *birthday* is this year's return of the day."""
    return today.year - year - (birthday > pl.lit(today)).cast(pl.Int64)


def in_year(year: int, *, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Return that day of the year; in common years 29 February is 28 February."""
    leap = dt.date(year, 12, 31).timetuple().tm_yday == 366
    common = pl.when((month == 2) & (day == 29)).then(28).otherwise(day)
    return pl.date(year, month, day if leap else common)
