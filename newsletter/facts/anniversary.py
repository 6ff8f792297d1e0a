"""How long somebody has been a customer, and the day of the year on which that began."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import (
    Basis,
    Fact,
    by_value,
    days_before,
    full_years,
    in_year,
    next_return,
)

_SOURCE = "file: customer_since, else orders: first date; `leap_day`"

_YEAR_DAYS = 365
"""Nobody signs up and waits that long: a table of orders that begins so late is not complete."""

FACTS = {
    "years_as_customer": Fact(
        pl.Int64(),
        "Full years since customer_since, else since the first order",
        unit="full years",
        source=_SOURCE,
        missing="neither is known, or it lies ahead",
    ),
    "returning": Fact(
        pl.Boolean(),
        "Ordered at least twice, or a customer for a year before the first order that is known; "
        "without a number of orders, a customer for a year or longer",
        unit="",
        source="orders_count; file: customer_since; else years_as_customer",
        missing="neither is known",
    ),
    "anniversary_years": Fact(
        pl.Int64(),
        "Years on the anniversary that is today or comes next; at least 1",
        unit="years",
        source=_SOURCE,
        missing="as years_as_customer",
    ),
    "days_to_anniversary": Fact(
        pl.Int64(),
        "Days until that anniversary; 0 on the day itself",
        unit="days, 0 to 365",
        source=_SOURCE,
        missing="as years_as_customer",
    ),
}


def add(customers: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Add what follows from the day on which it began. Needs first_order_date, orders_count."""
    today, leap_day = basis.today, basis.config.leap_day
    began = pl.col("_began")
    month, day, year = began.dt.month(), began.dt.day(), began.dt.year().cast(pl.Int64)
    now = in_year(today.year, month=month, day=day, leap_day=leap_day)
    after = in_year(today.year + 1, month=month, day=day, leap_day=leap_day)
    # The day on which it begins is no anniversary yet.
    coming = (
        pl.when(year == today.year)
        .then(after)
        .otherwise(next_return(today, month=month, day=day, leap_day=leap_day))
    )
    known = by_value(
        customers,
        _began(basis),
        years_as_customer=full_years(today, year=year, birthday=now),
        anniversary_years=coming.dt.year().cast(pl.Int64) - year,
        days_to_anniversary=-days_before(today, coming),
    )
    years = pl.col("years_as_customer")
    again = (pl.col("orders_count") >= 2) | _long_before()
    return known.with_columns(returning=pl.coalesce(again, years >= 1))


def _long_before() -> pl.Expr:
    """Return whether the file knows them for a year before the first row of the orders table."""
    before = pl.col("first_order_date") - pl.col("customer_since")
    return (before.dt.total_days() >= _YEAR_DAYS).fill_null(value=False)


def _began(basis: Basis) -> pl.Expr:
    began = pl.coalesce("customer_since", "first_order_date")
    return pl.when(began <= pl.lit(basis.today)).then(began).alias("_began")
