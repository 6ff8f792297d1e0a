"""The keys of feedback, by which touchpoints and conversations name it."""

from __future__ import annotations

import polars as pl


def with_keys(feedback: pl.DataFrame) -> pl.DataFrame:
    """
    Return customer, date, id, score, text and key of all *feedback*, sorted.

    The key is the id, else the day, with a number from a customer's second with that key on.
    """
    ordered = feedback.select("customer", "date", "id", "score", "text").sort(
        "customer", "date", "id", "text", "score", nulls_last=True
    )
    key = pl.coalesce("id", pl.col("date").dt.to_string("%Y-%m-%d"))
    number = pl.int_range(1, pl.len() + 1).over("customer", "key")
    numbered = pl.when(number > 1).then(pl.format("{} {}", "key", number)).otherwise("key")
    return ordered.with_columns(key=key).with_columns(key=numbered)
