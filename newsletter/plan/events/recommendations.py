"""Customers who came because another customer recommended us."""

from __future__ import annotations

import polars as pl

from newsletter.plan.events.basis import EventBasis, Window, about


def recommendation(basis: EventBasis, window: Window) -> pl.DataFrame:
    """Return one event for who recommended us and each who came; key: the id of who came."""
    came = pl.coalesce("customer_since", "first_order_date")
    found = basis.facts.select(
        pl.col("referred_by").alias("customer"),
        pl.col("id").alias("recommended_id"),
        pl.coalesce("name", "company").alias("recommended_name"),
        came.alias("on"),
    )
    other = pl.col("customer") != pl.col("recommended_id")
    return found.filter(window.holds(pl.col("on")) & other).with_columns(
        pl.col("recommended_id").alias("key"),
        about("recommended us to {}", pl.coalesce("recommended_name", "recommended_id")),
    )
