"""Weddings, moves, children: the day itself, and the same day in later years."""

from __future__ import annotations

import polars as pl

from newsletter.plan.events.anniversary import in_years
from newsletter.plan.events.basis import EventBasis, Window, about, iso, yearly


def occasion(basis: EventBasis, window: Window) -> pl.DataFrame:
    """Return the occasions themselves; key: `wedding 2023-06-17`."""
    rows = _occasions(basis).filter(window.holds(pl.col("occasion_date")))
    return rows.with_columns(
        _named(iso("occasion_date")).alias("key"),
        pl.col("occasion_date").alias("on"),
        about("{} on {}", _NAME, iso("occasion_date"), detail=pl.col("occasion_remark")),
    )


def occasion_anniversary(basis: EventBasis, window: Window) -> pl.DataFrame:
    """
    Return the yearly returns of occasions; key: `wedding 2026`.

    A second child has the day in its key, too: there are two reasons to write in one year.
    """
    rows = _occasions(basis).with_columns(
        _later=pl.int_range(pl.len()).over("customer", "occasion") > 0
    )
    returns = yearly(rows, window, pl.col("occasion_date"), config=basis.config)
    years = (pl.col("on").dt.year() - pl.col("occasion_date").dt.year()).cast(pl.Int64)
    found = returns.with_columns(occasion_years=years).filter(pl.col("occasion_years") > 0)
    key = _named(pl.col("on").dt.to_string("%Y"))
    own = key + pl.format(" ({})", iso("occasion_date"))
    return found.with_columns(
        pl.when("_later").then(own).otherwise(key).alias("key"),
        about("{} after {} on {}", in_years(pl.col("occasion_years")), _NAME, iso("on")),
    )


_NAME = pl.col("occasion").fill_null("occasion")


def _named(when: pl.Expr) -> pl.Expr:
    return pl.format("{} {}", _NAME, when)


def _occasions(basis: EventBasis) -> pl.DataFrame:
    """Return each occasion once, with the names of its details."""
    rows = basis.tables["occasions"].sort(
        "customer", "date", "occasion", "remark", nulls_last=True
    )
    return rows.unique(["customer", "date", "occasion"], keep="first", maintain_order=True).select(
        "customer", "occasion", pl.col("remark").alias("occasion_remark"), occasion_date="date"
    )
