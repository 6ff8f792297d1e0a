"""What events are found in, the days asked for, and what several kinds of events share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from newsletter.facts.basis import Tables, in_year, numbers
from newsletter.model.care import EVENT
from newsletter.model.config import Config
from newsletter.model.customs import Customs
from newsletter.model.entry import Entry
from newsletter.model.events import EVENTS


@dataclass(frozen=True, kw_only=True)
class EventBasis:
    """Everything that events are found in."""

    facts: pl.DataFrame
    """Facts and segments of every customer on the day of the plan."""
    tables: Tables
    """Of these customers: `customer` is the row of the facts."""
    config: Config
    entries: tuple[Entry, ...]
    customs: Customs

    def people(self, *columns: str | pl.Expr) -> pl.DataFrame:
        """Return `customer`, the row of each, and some facts."""
        return self.facts.select(numbers(self.facts), *columns)


@dataclass(frozen=True)
class Window:
    """The days asked for, both included."""

    first: dt.date
    last: dt.date
    date: str = ""
    """Of the event `date`: 12-24 or 2026-12-24."""

    def holds(self, day: pl.Expr) -> pl.Expr:
        """Return whether that day is one of them; null where there is no day."""
        return day.is_between(self.first, self.last)


def columns_of(kind: str) -> dict[str, pl.DataType]:
    """Return the columns of the events of a kind: EVENT and its details; EVENT for no kind."""
    return EVENT | (dict(EVENTS[kind].details) if kind in EVENTS else {})


def found_columns(kind: str) -> dict[str, pl.DataType]:
    """Return `columns_of` a kind as its events are found: `customer` is a row of the facts."""
    return columns_of(kind) | {"customer": pl.UInt32()}


def yearly(frame: pl.DataFrame, window: Window, day: pl.Expr, *, config: Config) -> pl.DataFrame:
    """Return the rows with `on`, once for each return in the window of the day *day*."""
    return returns(frame, window, month=day.dt.month(), day=day.dt.day(), config=config)


def returns(
    frame: pl.DataFrame, window: Window, *, month: pl.Expr, day: pl.Expr, config: Config
) -> pl.DataFrame:
    """Return the rows with `on`, once for each year in which the window has that day."""
    years = range(window.first.year, window.last.year + 1)
    placed = [
        frame.with_columns(on=in_year(year, month=month, day=day, leap_day=config.leap_day))
        for year in years
    ]
    return pl.concat([part.filter(window.holds(pl.col("on"))) for part in placed])


def spoken(
    customers: pl.DataFrame, told: Callable[[str], Mapping[str, object]], config: Config
) -> pl.DataFrame:
    """
    Return customer and language with what *told* says in it, one column for each of its keys.

    *customers* has customer and language; who names none is told in the project's.
    """
    tags = [None, *customers["language"].drop_nulls().unique().sort()]
    cards = pl.DataFrame(
        [{"language": tag, **told(tag or config.language)} for tag in tags],
        schema_overrides={"language": pl.String},
        infer_schema_length=None,
    )
    known = pl.DataFrame([customers["customer"], customers["language"]])
    return known.join(cards, on="language", how="left", nulls_equal=True)


def numbered(key: str) -> pl.Expr:
    """Return that column so that no customer has a key twice: `2026-11-05`, `2026-11-05 2`."""
    count = pl.int_range(1, pl.len() + 1).over("customer", key)
    return pl.when(count > 1).then(pl.format("{} {}", key, count)).otherwise(pl.col(key))


def iso(day: str) -> pl.Expr:
    """Return the day in that column as text: 2026-11-05."""
    return pl.col(day).dt.to_string("%Y-%m-%d")


def about(words: str, *values: str | pl.Expr, detail: pl.Expr | None = None) -> pl.Expr:
    """Return *words* with the values in place of `{}`, and the detail in brackets if there is one.

    A value that is missing leaves its place empty.
    """
    told = [pl.col(v) if isinstance(v, str) else v for v in values]
    text = pl.format(words, *(value.cast(pl.String).fill_null("") for value in told))
    if detail is not None:
        text = text + pl.format(" ({})", detail).fill_null("")
    return text.alias("about")
