"""What went out before, so that nobody gets it twice; and who said that they leave."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import Basis, Fact, joined
from newsletter.model.tables import NOT_REACHED

FACTS = {
    "had": Fact(
        pl.List(pl.String()),
        "Entries that went out to this customer (their file names)",
        unit="",
        source="history: entries",
        missing="never; nothing went out: an empty list",
    ),
    "leaving_reason": Fact(
        pl.String(),
        "Why they left, in their words, as long as they have not ordered since",
        unit="",
        source="history: reason; orders",
        missing="they gave no reason for leaving, or came back",
    ),
}


def add(customers: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Add what went out up to today."""
    sent = basis.tables["history"].filter(pl.col("outcome").fill_null("") != NOT_REACHED)
    slugs = sent.select("customer", "entries").explode("entries").drop_nulls()
    # Numbers in the order of the names are compared faster than texts.
    names = pl.Enum(slugs["entries"].unique().sort())
    had = slugs.with_columns(pl.col("entries").cast(names)).unique().sort("customer", "entries")
    lists = had.group_by("customer", maintain_order=True).agg(
        pl.col("entries").cast(pl.String).alias("had")
    )
    nothing = pl.lit([], dtype=pl.List(pl.String()))
    known = joined(customers, lists).with_columns(pl.col("had").fill_null(nothing))
    return _with_reason(known, sent)


def _with_reason(customers: pl.DataFrame, sent: pl.DataFrame) -> pl.DataFrame:
    """Add the last reason; needs last_order."""
    said = sent.filter(pl.col("reason").is_not_null()).sort("date", "reason", nulls_last=False)
    last = said.group_by("customer").agg(
        pl.col("reason").last().alias("leaving_reason"), pl.col("date").last().alias("_left")
    )
    known = joined(customers, last)
    back = (pl.col("last_order") > pl.col("_left")).fill_null(value=False)
    reason = pl.when(~back).then("leaving_reason")
    return known.with_columns(reason.alias("leaving_reason")).drop("_left")
