"""The data that events are found in, the window of days, and helpers of several kinds."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from newsletter.facts.basis import Tables, in_year, numbers
from newsletter.model.care import EVENT
from newsletter.model.config import Config
from newsletter.model.customs import Customs
from newsletter.model.entry import Entry
from newsletter.model.events import EVENTS
from newsletter.model.reasons import Reasons
from newsletter.plan.time_away import TimeAway


@dataclass(frozen=True, kw_only=True)
class EventBasis:
    """Everything that events are found in."""

    facts: pl.DataFrame
    """Facts and segments of every customer on the day of the plan."""
    tables: Tables
    """Tables of these customers; `customer` is a row of the facts."""
    config: Config
    entries: tuple[Entry, ...]
    customs: Customs
    reasons: Reasons
    """How events are told."""
    away: tuple[TimeAway, ...] = ()
    """The last times in which nothing was recorded."""

    def people(self, *columns: str | pl.Expr) -> pl.DataFrame:
        """Return `customer` (the row of the facts) and some facts."""
        return self.facts.select(numbers(self.facts), *columns)


@dataclass(frozen=True)
class Window:
    """The days asked for, both included."""

    first: dt.date
    last: dt.date
    date: str = ""
    """The day of the event `date`: 12-24 or 2026-12-24."""

    def holds(self, day: pl.Expr) -> pl.Expr:
        """Return whether *day* is in the window; null if there is no day."""
        return day.is_between(self.first, self.last)


Cards = Callable[[Any, str], Mapping[str, object]]
"""Returns the details of an entry (by slug), holiday (key) or reward (points), in a language."""


def columns_of(kind: str) -> dict[str, pl.DataType]:
    """Return the columns of the events of a kind: EVENT and its details; EVENT for no kind."""
    return EVENT | (dict(EVENTS[kind].details) if kind in EVENTS else {})


def row_columns(kind: str) -> dict[str, pl.DataType]:
    """Return `columns_of` a kind, but with `customer` as a row of the facts."""
    return columns_of(kind) | {"customer": pl.UInt32()}


def yearly(frame: pl.DataFrame, window: Window, day: pl.Expr, *, config: Config) -> pl.DataFrame:
    """Return the rows with `on`, once for each anniversary of *day* in the window."""
    return returns(frame, window, month=day.dt.month(), day=day.dt.day(), config=config)


def returns(
    frame: pl.DataFrame, window: Window, *, month: pl.Expr, day: pl.Expr, config: Config
) -> pl.DataFrame:
    """Return the rows with `on`, once for each year whose day of that date is in the window."""
    years = range(window.first.year, window.last.year + 1)
    placed = [
        frame.with_columns(on=in_year(year, month=month, day=day, leap_day=config.leap_day))
        for year in years
    ]
    return pl.concat([part.filter(window.holds(pl.col("on"))) for part in placed])


def spoken(
    customers: pl.DataFrame, card_in: Callable[[str], Mapping[str, object]], config: Config
) -> pl.DataFrame:
    """
    Return customer and language with the card in that language, a column for each of its keys.

    *customers* has customer and language. Customers without one get the project's language.
    """
    tags = [None, *customers["language"].drop_nulls().unique().sort()]
    cards = pl.DataFrame(
        [{"language": tag, **card_in(tag or config.language)} for tag in tags],
        schema_overrides={"language": pl.String},
        infer_schema_length=None,
    )
    readers = pl.DataFrame([customers["customer"], customers["language"]])
    return readers.join(cards, on="language", how="left", nulls_equal=True)


def iso(day: str) -> pl.Expr:
    """Return the day in that column as text: 2026-11-05."""
    return pl.col(day).dt.to_string("%Y-%m-%d")


def about(
    reasons: Reasons, event: str, *, detail: pl.Expr | None = None, **gaps: str | pl.Expr
) -> pl.Expr:
    """
    Return what happened in words, and any detail in brackets.

    *gaps* are columns for the gaps of the phrase; that of `date` is a day. A missing value leaves
    its place empty.
    """
    text = filled(reasons, event, **gaps)
    if detail is not None:
        text = text + pl.format(" ({})", detail).fill_null("")
    return text.alias("about")


def filled(reasons: Reasons, event: str, **gaps: str | pl.Expr) -> pl.Expr:
    """Return a phrase of events with its gaps filled by columns; a missing value by nothing."""
    return filled_in(reasons.events[event], reasons, **gaps)


def filled_in(phrase: str, reasons: Reasons, **gaps: str | pl.Expr) -> pl.Expr:
    """Return a phrase with its gaps filled, as `filled` does."""
    *parts, rest = _GAP.split(phrase)
    texts: list[pl.Expr] = []
    for before, gap in zip(parts[::2], parts[1::2], strict=True):
        value = gaps[gap]
        column = pl.col(value) if isinstance(value, str) else value
        shown = in_words(column, reasons) if gap == "date" else column.cast(pl.String)
        texts += [pl.lit(before), shown.fill_null("")]
    return pl.concat_str(*texts, pl.lit(rest))


def in_words(day: pl.Expr, reasons: Reasons) -> pl.Expr:
    """Return days as they are written in the language of the reasons; null stays null."""

    def named(days: pl.Series) -> pl.Series:
        known = days.drop_nulls().unique()
        names = pl.Series([reasons.day(each) for each in known], dtype=pl.String)
        return days.replace_strict(known, names, default=None, return_dtype=pl.String)

    return day.map_batches(named, return_dtype=pl.String())


_GAP = re.compile(r"\{(\w+)\}")
