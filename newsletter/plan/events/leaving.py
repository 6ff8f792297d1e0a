"""Customers who left and said why."""

from __future__ import annotations

import polars as pl

from newsletter.plan.events.basis import EventBasis, Window, about, iso


def leaving(basis: EventBasis, window: Window) -> pl.DataFrame:
    """Return the days on which a reason for leaving was noted; key: the day."""
    noted = basis.tables["history"].filter(
        pl.col("reason").is_not_null() & window.holds(pl.col("date"))
    )
    reasons = pl.col("reason").unique().sort().str.join("; ")
    days = noted.group_by("customer", pl.col("date").alias("leaving_date")).agg(
        reasons.alias("leaving_reason")
    )
    return days.with_columns(
        iso("leaving_date").alias("key"),
        pl.col("leaving_date").alias("on"),
        about("left on {}", iso("leaving_date"), detail=pl.col("leaving_reason")),
    )
