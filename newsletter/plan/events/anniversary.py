"""The day somebody became a customer, each year."""

from __future__ import annotations

import polars as pl

from newsletter.plan.events.basis import EventBasis, Window, about, iso, yearly


def anniversary(basis: EventBasis, window: Window) -> pl.DataFrame:
    """Return the returns of customer_since, else of the first order; key: `4 years`."""
    began = pl.coalesce("customer_since", "first_order_date").alias("_began")
    people = basis.facts.select(pl.col("id").alias("customer"), began).drop_nulls()
    returns = yearly(people, window, pl.col("_began"), config=basis.config)
    years = (pl.col("on").dt.year() - pl.col("_began").dt.year()).cast(pl.Int64)
    found = returns.with_columns(anniversary_years=years).filter(pl.col("anniversary_years") > 0)
    number = pl.col("anniversary_years")
    return found.with_columns(
        in_years(number).alias("key"),
        about("customer for {} on {}", in_years(number), iso("on")),
    )


def in_years(number: pl.Expr) -> pl.Expr:
    """Return `1 year`, `4 years`."""
    return pl.when(number == 1).then(pl.lit("1 year")).otherwise(pl.format("{} years", number))
