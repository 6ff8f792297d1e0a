"""What we promised and have not noted as kept."""

from __future__ import annotations

import polars as pl

from newsletter.plan.events.basis import EventBasis, Window, about, iso, numbered


def promise(basis: EventBasis, window: Window) -> pl.DataFrame:
    """Return the open promises; key: the day by which (and a number, if it has several)."""
    by = pl.col("promised_by")
    is_open = pl.col("promise").is_not_null() & ~pl.col("kept").fill_null(value=False)
    found = basis.tables["conversations"].filter(is_open & window.holds(by))
    ordered = found.sort("customer", "promised_by", "date", "promise", nulls_last=True)
    return ordered.with_columns(_key=iso("promised_by")).select(
        "customer",
        numbered("_key").alias("key"),
        by.alias("on"),
        about("promised by {}", iso("promised_by"), detail=pl.col("promise")),
        "promise",
        pl.col("date").alias("promise_date"),
        by,
    )
