"""Closed accounts, the suppression list, and consent per channel."""

from __future__ import annotations

import polars as pl

from newsletter.plan.etiquette.basis import Basis


def closed(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Hold all that is for the deceased and for closed accounts."""
    held = basis.of(rows, "closed").filter("closed")
    return held.with_columns(skipped_because=pl.lit("account closed or deceased"))


def suppressed(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Hold what is for customers on the suppression list who agreed to no other channel."""
    held = basis.of(rows.filter(pl.col("channel").is_null()), "suppressed").filter("suppressed")
    return held.with_columns(skipped_because=pl.lit("on the suppression list"))


def consent(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Hold what no channel of the practice may carry."""
    held = rows.filter(pl.col("channel").is_null())
    return held.with_columns(skipped_because=pl.col("no_way"))
