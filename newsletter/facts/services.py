"""What we did for this customer since the issue before: the first thing their message tells."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import Basis, Fact, joined

_SERVICE = pl.Struct({"date": pl.Date(), "title": pl.String(), "detail": pl.String()})

FACTS = {
    "services": Fact(
        pl.List(_SERVICE),
        "What we did since the issue before: date, title and detail of each",
        unit="",
        source="services: date, title, detail",
        missing="never; nothing was done: an empty list",
    ),
    "services_count": Fact(
        pl.Int64(),
        "How many of them there are",
        unit="services",
        source="services: date, title",
        missing="never; nothing was done: 0",
    ),
}


def add(customers: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Add the services from `since` up to today, oldest first; an empty list if none."""
    recent = basis.tables["services"].filter(
        pl.col("date").is_between(basis.since, basis.today) & pl.col("title").is_not_null()
    )
    done = recent.sort("date", "title").group_by("customer", maintain_order=True)
    lists = done.agg(pl.struct("date", "title", "detail").alias("services"))
    known = joined(customers, lists)
    nothing = pl.lit([], dtype=pl.List(_SERVICE))
    known = known.with_columns(pl.col("services").cast(pl.List(_SERVICE)).fill_null(nothing))
    return known.with_columns(pl.col("services").list.len().cast(pl.Int64).alias("services_count"))
