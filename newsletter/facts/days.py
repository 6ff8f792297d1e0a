"""Days of a customer's life, and how long ago or how near they are."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import (
    FactsBasis,
    Source,
    by_value,
    days_before,
    full_years,
    in_year,
    next_return,
    years_later,
)

_BIRTHDAY: dict[str, pl.DataType] = {
    "birthday_today": pl.Boolean(),
    "days_to_birthday": pl.Int64(),
    "age": pl.Int64(),
}


_ANNIVERSARY: dict[str, pl.DataType] = {
    "years_as_customer": pl.Int64(),
    "returning": pl.Boolean(),
    "anniversary_years": pl.Int64(),
    "days_to_anniversary": pl.Int64(),
}


def _add_birthday(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """Add the facts of `birthday` (1984-02-29, or --02-29 without a year)."""
    today, leap_day = basis.today, basis.config.leap_day
    text = pl.col("birthday")
    month = text.str.slice(-5, 2).cast(pl.Int8, strict=False)
    day = text.str.slice(-2, 2).cast(pl.Int8, strict=False)
    year = text.str.slice(0, 4).cast(pl.Int64, strict=False)  # null for `--02`
    coming = next_return(today, month=month, day=day, leap_day=leap_day)
    now = in_year(today.year, month=month, day=day, leap_day=leap_day)
    days = -days_before(today, coming)
    age = full_years(today, year=year, birthday=now)
    return by_value(
        customers,
        text,
        birthday_today=(days == 0).fill_null(value=False),
        days_to_birthday=days,
        age=pl.when(age >= 0).then(age),
    )


def _add_anniversary(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """Add the facts of the customer's first day. Needs first_order_date, orders_count."""
    today, leap_day = basis.today, basis.config.leap_day
    began = pl.col("_began")
    month, day, year = began.dt.month(), began.dt.day(), began.dt.year().cast(pl.Int64)
    now = in_year(today.year, month=month, day=day, leap_day=leap_day)
    after = in_year(today.year + 1, month=month, day=day, leap_day=leap_day)
    # The first day itself is no anniversary.
    coming = (
        pl.when(year == today.year)
        .then(after)
        .otherwise(next_return(today, month=month, day=day, leap_day=leap_day))
    )
    added = by_value(
        customers,
        _began(basis),
        years_as_customer=full_years(today, year=year, birthday=now),
        anniversary_years=coming.dt.year().cast(pl.Int64) - year,
        days_to_anniversary=-days_before(today, coming),
    )
    years = pl.col("years_as_customer")
    again = (pl.col("orders_count") >= 2) | _long_before(leap_day)
    return added.with_columns(returning=pl.coalesce(again, years >= 1))


def _long_before(leap_day: str) -> pl.Expr:
    """
    Return whether they were customers for a year before their first known order.

    Nobody waits that long for a first order: the table of orders must be incomplete.
    """
    complete = years_later(pl.col("customer_since"), 1, leap_day=leap_day)
    return (pl.col("first_order_date") >= complete).fill_null(value=False)


def _began(basis: FactsBasis) -> pl.Expr:
    began = pl.coalesce("customer_since", "first_order_date")
    return pl.when(began <= pl.lit(basis.today)).then(began).alias("_began")


BIRTHDAY = Source(
    name="birthday", facts=_BIRTHDAY, nobody={"birthday_today": False}, add=_add_birthday
)
ANNIVERSARY = Source(
    name="anniversary",
    facts=_ANNIVERSARY,
    add=_add_anniversary,
    needs=("first_order_date", "orders_count"),
)
