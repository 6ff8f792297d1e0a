"""Birthdays that no living customer has."""

from __future__ import annotations

import polars as pl

from newsletter.read.people.findings import Column, Findings, counted_words

_OLDEST = 115
"""Years of the oldest customer; programs fill in 1900-01-01 where they know no birthday."""


def of_the_living(
    values: pl.Series, column: Column, findings: Findings, *, year: int
) -> pl.Series:
    """Leave out birthdays in the future, and those of long ago that programs fill in."""
    born = values.str.extract(r"^(\d{4})-").cast(pl.Int64)
    wrong = ((born > year) | (born < year - _OLDEST)).fill_null(value=False)
    if not year or not wrong.any():
        return values
    for finding in counted_words(column, wrong):
        message = f"{finding} is no birthday of anybody alive, and was left empty"
        findings.of_columns(message, hint="write the day without the year if you do not know it")
    return pl.select(pl.when(~wrong).then(values)).to_series()
