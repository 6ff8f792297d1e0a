"""One touchpoint for customers who share an email address or a phone."""

from __future__ import annotations

import polars as pl

from newsletter.plan.etiquette.basis import Basis

_SHARED = {"email": ("email",), "phone": ("call", "text")}
"""Column → channels on which two customers who share it would be one person."""


def duplicate(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Hold all but one of the same practice and arrival: the one who ordered more is kept."""
    held = [
        _sharing(rows.filter(pl.col("channel").is_in(channels)), basis, column)
        for column, channels in _SHARED.items()
    ]
    return pl.concat(held)


def _sharing(rows: pl.DataFrame, basis: Basis, column: str) -> pl.DataFrame:
    same = ["practice", "arrives", column]
    several = basis.customers[column].is_duplicated() & basis.customers[column].is_not_null()
    rows = basis.of(rows.filter(several.gather(rows["idx"])), column, "orders_count", "name")
    ordered = rows.sort("orders_count", "idx", descending=[True, False], nulls_last=True)
    table = ordered.with_columns(
        _keeper=pl.col("idx").first().over(same), _name=pl.col("name").first().over(same)
    )
    # Two touchpoints for one customer are none of this rule's business.
    held = table.filter(pl.col("idx") != pl.col("_keeper"))
    words = pl.lit(f"shares the {'address' if column == 'email' else 'phone'} of ")
    return held.select("row", "idx", skipped_because=words + pl.col("_name"))
