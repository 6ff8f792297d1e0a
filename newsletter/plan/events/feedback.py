"""What customers told us, and the answers in content/answers/ that name it."""

from __future__ import annotations

import polars as pl

from newsletter.plan.events.basis import EventBasis, Window, about, iso, numbered


def feedback(basis: EventBasis, window: Window) -> pl.DataFrame:
    """Return the rows of feedback; key: the id, else the day (and a number, if it has several)."""
    given = basis.tables["feedback"].filter(window.holds(pl.col("date")))
    ordered = given.sort("customer", "date", "id", "text", "score", nulls_last=True)
    key = pl.coalesce("id", iso("date"))
    return ordered.with_columns(_key=key).select(
        "customer",
        numbered("_key").alias("key"),
        pl.col("date").alias("on"),
        about("feedback of {}", iso("date"), detail=pl.format("score {}", "score")),
        pl.col("id").alias("feedback_id"),
        pl.col("text").alias("feedback_text"),
        pl.col("score").alias("feedback_score"),
        pl.col("date").alias("feedback_date"),
    )
