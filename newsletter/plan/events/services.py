"""What we did for a customer, day by day."""

from __future__ import annotations

import polars as pl

from newsletter.plan.events.basis import EventBasis, Window, about, iso


def service(basis: EventBasis, window: Window) -> pl.DataFrame:
    """Return one event for each customer and day with services; key: the day."""
    done = basis.tables["services"].filter(window.holds(pl.col("date")))
    ordered = done.sort("title", "detail", nulls_last=True)
    days = ordered.group_by("customer", pl.col("date").alias("service_date")).agg(
        _joined("title").alias("service_title"), _joined("detail").alias("service_detail")
    )
    return days.with_columns(
        iso("service_date").alias("key"),
        pl.col("service_date").alias("on"),
        about("service of {}", iso("service_date"), detail=pl.col("service_title")),
    )


def _joined(column: str) -> pl.Expr:
    texts = pl.col(column).drop_nulls().unique(maintain_order=True)
    return pl.when(texts.len() > 0).then(texts.str.join("; "))
