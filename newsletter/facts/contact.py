"""When we last talked or wrote to somebody, from conversations and the history."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import Basis, Fact, days_before, joined
from newsletter.model.tables import NOT_REACHED

_PERSONAL = "conversations: date; history: date, practice, outcome"

FACTS = {
    "days_since_last_contact": Fact(
        pl.Int64(),
        "Days since we last talked or wrote to them, an issue of the newsletter included",
        unit="days",
        source=_PERSONAL,
        missing="no contact ever",
    ),
    "days_since_last_personal_contact": Fact(
        pl.Int64(),
        "Days since we last talked or wrote to them in person: an issue goes to everybody",
        unit="days",
        source=_PERSONAL,
        missing="no personal contact ever",
    ),
    "last_contact": Fact(
        pl.Date(),
        "Day of the last personal contact",
        unit="",
        source=_PERSONAL,
        missing="no personal contact ever",
    ),
    "last_contact_channel": Fact(
        pl.String(),
        "Its channel: email, letter, call, handwritten, text or visit",
        unit="",
        source="conversations: channel; history: channel",
        missing="no personal contact ever, or the channel was not noted",
    ),
}


def add(customers: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Add what follows from conversations and what was done; not reached is no contact."""
    history = basis.tables["history"]
    happened = history.filter(pl.col("outcome").fill_null("") != NOT_REACHED)
    personal = happened.filter(pl.col("practice").fill_null("") != "issue")
    talks = basis.tables["conversations"].select("customer", "date", "channel")
    touched = pl.concat([talks, personal.select("customer", "date", "channel")])
    issues = happened.group_by("customer").agg(pl.col("date").max().alias("_sent"))
    known = joined(joined(customers, _last(touched)), issues)
    contact = pl.max_horizontal("last_contact", "_sent")
    return known.with_columns(
        days_since_last_contact=days_before(basis.today, contact),
        days_since_last_personal_contact=days_before(basis.today, pl.col("last_contact")),
    ).drop("_sent")


def _last(touched: pl.DataFrame) -> pl.DataFrame:
    """
    Return the last day of contact, and the first channel of that day by its name.

    Day and channel are packed into one whole number, so that one maximum gives both.
    """
    names = touched["channel"].drop_nulls().unique().sort()
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
