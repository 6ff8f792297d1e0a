"""What went out before, so that nobody gets it twice."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import NOT_REACHED, Basis, Fact, joined

FACTS = {
    "had": Fact(
        pl.List(pl.String()),
        "Entries that went out to this customer (their file names)",
        unit="",
        source="history: entries",
        missing="never; nothing went out: an empty list",
    ),
}


def add(customers: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Add what went out up to today."""
    sent = basis.tables["history"].filter(pl.col("outcome").fill_null("") != NOT_REACHED)
    slugs = sent.select("customer", "entries").explode("entries").drop_nulls()
    had = slugs.unique().sort("customer", "entries")
    lists = had.group_by("customer", maintain_order=True).agg(pl.col("entries").alias("had"))
    nothing = pl.lit([], dtype=pl.List(pl.String()))
    return joined(customers, lists).with_columns(pl.col("had").fill_null(nothing))
