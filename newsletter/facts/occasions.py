"""What happened in a customer's life, as far as they told us."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import Basis, Fact, days_before, joined, latest

FACTS = {
    "last_occasion": Fact(
        pl.String(),
        "The latest personal occasion: wedding, move, child …",
        unit="",
        source="occasions: date, occasion",
        missing="none is known",
    ),
    "days_since_last_occasion": Fact(
        pl.Int64(),
        "Days since that occasion",
        unit="days",
        source="occasions: date",
        missing="none is known",
    ),
}


def add(customers: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Add the latest occasion up to today."""
    last = latest(basis.tables["occasions"], "occasion", as_="last_occasion", day_as="_day")
    known = joined(customers, last)
    days = days_before(basis.today, pl.col("_day"))
    return known.with_columns(days_since_last_occasion=days).drop("_day")
