"""The input of all facts, and what a group of them consists of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from newsletter.model.config import Config
from newsletter.model.customs import Customs
from newsletter.model.tables import TABLES
from newsletter.model.values import Localised


class Tables:
    """
    The dated tables up to today, by their names in model.tables.TABLES, read on first use.

    `customer` is the customer's row number, from 0, because numbers join faster than ids. The
    history includes undated rows: they went out, though nobody wrote down when.
    """

    def __init__(
        self, read: Callable[[str], pl.DataFrame], ids: pl.Series, *, today: dt.date
    ) -> None:
        self._read, self._ids, self.today = read, ids, today
        self._numbered: dict[str, pl.DataFrame] = {}
        self._past: dict[str, pl.DataFrame] = {}
        self._results: dict[tuple[Callable[..., pl.DataFrame], Hashable], pl.DataFrame] = {}

    def __getitem__(self, name: str) -> pl.DataFrame:
        if name not in self._past:
            rows = self.with_future(name)
            past = (rows["date"] <= self.today).fill_null(name == "history")
            self._past[name] = rows if past.all() else rows.filter(past)
        return self._past[name]

    def with_future(self, name: str) -> pl.DataFrame:
        """Return the rows of all days, dated or not."""
        if name not in self._numbered:
            self._numbered[name] = self._with_numbers(self._read(name).select(*TABLES[name]))
        return self._numbered[name]

    @cached_property
    def has_orders(self) -> bool:
        """Return whether any customer has an order, including customers that `of` left out."""
        return self.with_future("orders")["date"].count() > 0

    @cached_property
    def coming(self) -> pl.Series:
        """Return the row numbers of customers with an order after today."""
        orders = self.with_future("orders")
        return orders.filter(pl.col("date") > self.today)["customer"].unique()

    def once(self, make: Callable[..., pl.DataFrame], *settings: Hashable) -> pl.DataFrame:
        """
        Return the result of *make* for these tables and *settings*, made once.

        It has a `customer` column.
        """
        if (make, settings) not in self._results:
            self._results[make, settings] = make(self, *settings)
        return self._results[make, settings]

    def of(self, rows: pl.Series) -> Tables:
        """Return the tables of the customers in *rows*, renumbered from 0."""
        some = Tables(self.with_future, rows, today=self.today)
        results = self._results.items()
        some._results |= {make: some._with_numbers(result) for make, result in results}
        some.has_orders = self.has_orders
        return some

    @cached_property
    def _rows(self) -> pl.DataFrame:
        rows = pl.int_range(len(self._ids), dtype=pl.UInt32, eager=True)
        return pl.DataFrame([self._ids.alias("customer"), rows.alias("_row")])

    def _with_numbers(self, table: pl.DataFrame) -> pl.DataFrame:
        whose = pl.LazyFrame([table["customer"]])
        rows = self._rows.lazy()
        numbered = whose.join(rows, on="customer", how="left", maintain_order="left")
        row = numbered.select(customer="_row").collect()["customer"]
        if row.has_nulls():
            table, row = table.filter(row.is_not_null()), row.drop_nulls()
        columns = table.get_columns()
        return pl.DataFrame([row if column.name == row.name else column for column in columns])


@dataclass(frozen=True, kw_only=True)
class FactsBasis:
    """Everything that facts are made from, except the customer table."""

    tables: Tables
    config: Config
    customs: Customs
    today: dt.date
    since: dt.date
    """First day of the services to report on."""
    photos: Mapping[str, str] = field(default_factory=dict)
    """Id of a team member → address of their photo."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """A group of facts that are worked out together."""

    name: str
    """The heading of these facts in what `explain` prints; several sources may share it."""
    facts: Mapping[str, pl.DataType]
    """docs/rules.md says what each means, where it comes from, and when it is missing."""
    add: Callable[[pl.DataFrame, FactsBasis], pl.DataFrame]
    """Adds the facts, and perhaps columns that begin with `_`, to the customers."""
    nobody: Mapping[str, object] = field(default_factory=dict)
    """Values for an unknown customer; those of other facts are missing, or the settings decide."""
    needs: tuple[str, ...] = ()
    """Facts of earlier sources that `add` reads."""
    completes: tuple[str, ...] = ()
    """Columns of the customer file that are no facts and whose gaps `add` fills."""
    localise: Callable[[pl.DataFrame, Config], pl.DataFrame] | None = None
    """Adds or replaces the localised facts, in each customer's `language`."""
    everybody: bool = False
    """Whether it reads customers of other firms, so that it must be added for all at once."""


def localised(text: Localised, customers: pl.DataFrame, config: Config) -> pl.Expr:
    """Return the text in each customer's `language`, else the project's; missing if empty."""
    default = config.language
    tags = customers["language"].drop_nulls().unique()
    texts = {tag: text.in_language(tag, default) or None for tag in tags}
    otherwise = text.in_language(default, default) or None
    return pl.col("language").replace_strict(texts, default=otherwise, return_dtype=pl.String)


def joined(customers: pl.DataFrame, *parts: pl.DataFrame) -> pl.DataFrame:
    """
    Return the customers with the columns of *parts*.

    Each part has `customer`, a row number of *customers*, at most once.
    """
    rows = pl.DataFrame([numbers(customers)])
    beside = [
        column
        for part in parts
        for column in rows.join(part, on="customer", how="left", maintain_order="left")
        if column.name != "customer"
    ]
    return customers.hstack(beside)  # a join would copy the wide table


def gathered(table: pl.DataFrame, rows: pl.Series, *columns: str) -> pl.DataFrame:
    """Return *columns* of the table for these *rows*, in the order of *rows*."""
    return pl.DataFrame([table[name] for name in columns])[
        rows
    ]  # a query would be slower for hundreds of calls


def numbers(customers: pl.DataFrame) -> pl.Series:
    """Return `customer`, the row number of each customer from 0, as in Tables."""
    return pl.int_range(customers.height, dtype=pl.UInt32, eager=True).alias("customer")


def by_value(customers: pl.DataFrame, value: pl.Expr, **facts: pl.Expr) -> pl.DataFrame:
    """Add *facts* that depend on *value* alone; each is worked out once per value."""
    values = customers.select(value)
    worked_out = values.unique().with_columns(**facts)
    matched = values.join(
        worked_out, on=values.columns, how="left", nulls_equal=True, maintain_order="left"
    )
    return customers.hstack(matched.select(*facts))


def latest(
    table: pl.DataFrame, column: str, *, as_: str, day_as: str | None = None
) -> pl.DataFrame:
    """
    Return the last non-null value of a column for each `customer`, and its day.

    Of several values on that day it is the greatest, whatever the order of the rows.
    """
    rows = table.select("customer", "date", column).drop_nulls()
    days = rows.group_by("customer").agg(pl.col("date").max())
    last = rows.join(days, on=["customer", "date"], how="semi").group_by("customer")
    day = [] if day_as is None else [pl.col("date").first().alias(day_as)]
    return last.agg(pl.col(column).max().alias(as_), *day)


def days_before(today: dt.date, day: pl.Expr) -> pl.Expr:
    """Return how many days *day* lies before *today*; missing stays missing."""
    return (pl.lit(today) - day).dt.total_days()


def full_years(today: dt.date, *, year: pl.Expr, birthday: pl.Expr) -> pl.Expr:
    """Return the years completed since *year*; *birthday* is this year's return of the day."""
    return today.year - year - (birthday > pl.lit(today)).cast(pl.Int64)


def years_later(day: pl.Expr, years: int, *, leap_day: str) -> pl.Expr:
    """
    Return the day *years* years after *day* (before it if negative); missing stays missing.

    *leap_day* (Config.leap_day) replaces 29 February in common years: 02-28 or 03-01.
    """
    moved = day.dt.offset_by(f"{years}y")  # to 28 February where there is no 29th
    if leap_day == "02-28":
        return moved
    is_lost = (day.dt.day() == 29) & (day.dt.month() == 2) & (moved.dt.day() == 28)
    return moved + pl.duration(days=is_lost.cast(pl.Int64))


def next_return(today: dt.date, *, month: pl.Expr, day: pl.Expr, leap_day: str) -> pl.Expr:
    """Return the first date from *today* on with this month and day."""
    now = in_year(today.year, month=month, day=day, leap_day=leap_day)
    coming = in_year(today.year + 1, month=month, day=day, leap_day=leap_day)
    return pl.when(now >= pl.lit(today)).then(now).otherwise(coming)


def in_year(year: int, *, month: pl.Expr, day: pl.Expr, leap_day: str) -> pl.Expr:
    """
    Return the date with this month and day in *year*; missing stays missing.

    *leap_day* (Config.leap_day) replaces 29 February in common years: 02-28 or 03-01.
    """
    if dt.date(year, 12, 31).timetuple().tm_yday == 366:
        return pl.date(year, month, day)
    is_leap_day = (month == 2) & (day == 29)
    instead = dt.date.fromisoformat(f"{year}-{leap_day}")
    common = pl.date(year, month, pl.when(is_leap_day).then(28).otherwise(day))
    return pl.when(is_leap_day).then(pl.lit(instead)).otherwise(common)
