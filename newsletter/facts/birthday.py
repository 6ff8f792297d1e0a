"""Birthdays, whose year is often unknown; who was born on 29 February has one every year."""

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

FACTS = {
    "birthday_today": Fact(
        pl.Boolean(),
        "Whether it is the birthday; 29 February is kept on `leap_day` in other years",
        unit="",
        source="file: birthday; `leap_day`",
        missing="never; no birthday known: no",
    ),
    "days_to_birthday": Fact(
        pl.Int64(),
        "Days until the next birthday; 0 on the day itself",
        unit="days, 0 to 365",
        source="file: birthday; `leap_day`",
        missing="no birthday known",
    ),
    "age": Fact(
        pl.Int64(),
        "Years of age",
        unit="full years",
        source="file: birthday; `leap_day`",
        missing="the year of birth is not known, or lies ahead",
    ),
}


def add(customers: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Add what follows from `birthday` (1984-02-29, or --02-29 without a year)."""
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
