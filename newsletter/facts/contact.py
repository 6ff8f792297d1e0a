"""The last contact with each customer."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import FactsBasis, Source, days_before, joined
from newsletter.model.practice import PERSONAL
from newsletter.model.tables import REACHED

_CONTACT: dict[str, pl.DataType] = {
    "days_since_last_contact": pl.Int64(),
    "days_since_last_personal_contact": pl.Int64(),
    "last_contact": pl.Date(),
    "last_contact_channel": pl.String(),
}


def _add_contact(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """Add the last contacts. A failed attempt is no contact."""
    # Filtering copies all columns: drop those that nothing reads.
    history = basis.tables["history"].select("customer", "date", "channel", "practice", "outcome")
    happened = history.filter(REACHED)
    personal = happened.filter(PERSONAL)
    talks = basis.tables["conversations"].select("customer", "date", "channel")
    touched = pl.concat([talks, personal.select("customer", "date", "channel")])
    issues = happened.group_by("customer").agg(pl.col("date").max().alias("_sent"))
    added = joined(joined(customers, _last(touched)), issues)
    contact = pl.max_horizontal("last_contact", "_sent")
    return added.with_columns(
        days_since_last_contact=days_before(basis.today, contact),
        days_since_last_personal_contact=days_before(basis.today, pl.col("last_contact")),
    ).drop("_sent")


def _last(touched: pl.DataFrame) -> pl.DataFrame:
    """
    Return the last day of contact, and the first channel of that day by its name.

    Day and channel are packed into one whole number, so that one maximum gives both.
    """
    names = touched["channel"].drop_nulls().unique().cast(pl.String()).sort()
    many = names.len() + 1
    number = pl.col("channel").cast(pl.Enum(names)).to_physical().cast(pl.Int64)
    rank = (names.len() - number).fill_null(0)  # the first name ranks highest, no name lowest
    packed = pl.col("date").to_physical().cast(pl.Int64) * many + rank
    last = touched.group_by("customer").agg(packed.max().alias("_packed")).drop_nulls()
    day, rank = pl.col("_packed") // many, pl.col("_packed") % many
    return last.select(
        "customer",
        day.cast(pl.Int32).cast(pl.Date).alias("last_contact"),
        pl.when(rank > 0).then(names.len() - rank).alias("_channel"),
    ).select(
        "customer",
        "last_contact",
        pl.lit(names).gather("_channel").alias("last_contact_channel"),
    )


CONTACT = Source(name="contact", facts=_CONTACT, add=_add_contact)
