"""Birthdays, whose year is often unknown; who was born on 29 February has 28 in common years."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import Basis, Fact, days_before, full_years, in_year

FACTS = {
    "birthday_today": Fact(pl.Boolean(), "Whether it is the birthday (29 February: the 28th)"),
    "days_to_birthday": Fact(pl.Int64(), "Days until the next birthday; 0 on the day itself"),
    "age": Fact(pl.Int64(), "Years of age; missing where the year of birth is not known"),
}


def add(customers: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Add what follows from `birthday` (1984-02-29, or --02-29 without a year)."""
    today = basis.today
    text = pl.col("birthday")
    month = text.str.slice(-5, 2).cast(pl.Int8, strict=False)
    day = text.str.slice(-2, 2).cast(pl.Int8, strict=False)
    year = text.str.slice(0, 4).cast(pl.Int64, strict=False)  # null for `--02`
    now = in_year(today.year, month=month, day=day)
    coming = (
        pl.when(now >= today).then(now).otherwise(in_year(today.year + 1, month=month, day=day))
    )
    days = -days_before(today, coming)
    return customers.with_columns(
        birthday_today=(days == 0).fill_null(value=False),
        days_to_birthday=days,
        age=full_years(today, year=year, birthday=now),
    )
