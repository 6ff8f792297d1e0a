"""What was said between us: feedback, conversations, promises and what went out."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import Basis, Fact, days_before

FACTS = {
    "last_score": Fact(pl.Int64(), "The latest satisfaction score, 0 to 10"),
    "feedback_ids": Fact(pl.List(pl.String()), "Ids of the feedback this customer gave"),
    "open_feedback": Fact(
        pl.Boolean(), "Gave feedback, and nobody has talked or written to them in person since"
    ),
    "open_promise": Fact(pl.Boolean(), "We promised something and have not noted it as kept"),
    "days_since_last_contact": Fact(
        pl.Int64(), "Days since we last talked or wrote to them; missing if never"
    ),
    "had": Fact(pl.List(pl.String()), "Entries that went out to this customer (their file names)"),
}

_NO_TEXTS = pl.lit([], dtype=pl.List(pl.String()))


def add(customers: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Add what follows from feedback, conversations and history up to today."""
    past = pl.col("date") <= basis.today
    feedback = basis.tables["feedback"].filter(past)
    talks = basis.tables["conversations"].filter(past)
    history = basis.tables["history"]
    sent = history.filter(past)
    known = customers
    for part in (_said(feedback), _talked(talks), _sent(sent), _had(history)):
        known = known.join(
            part, left_on="id", right_on="customer", how="left", maintain_order="left"
        )
    answered = pl.max_horizontal("_talked", "_personal")
    contact = pl.max_horizontal("_talked", "_sent")
    return known.with_columns(
        pl.col("feedback_ids", "had").fill_null(_NO_TEXTS),
        pl.col("open_promise").fill_null(value=False),
        (pl.col("_said").is_not_null() & ~(answered >= pl.col("_said")).fill_null(value=False))
        .fill_null(value=False)
        .alias("open_feedback"),
        days_before(basis.today, contact).alias("days_since_last_contact"),
    ).drop("_said", "_talked", "_sent", "_personal")


def _said(feedback: pl.DataFrame) -> pl.DataFrame:
    ordered = feedback.sort("date", "id")
    return ordered.group_by("customer").agg(
        pl.col("score").drop_nulls().last().alias("last_score"),
        pl.col("id").drop_nulls().alias("feedback_ids"),
        pl.col("date").max().alias("_said"),
    )


def _talked(talks: pl.DataFrame) -> pl.DataFrame:
    broken = pl.col("promise").is_not_null() & ~pl.col("kept").fill_null(value=False)
    return talks.group_by("customer").agg(
        pl.col("date").max().alias("_talked"), broken.any().alias("open_promise")
    )


def _sent(history: pl.DataFrame) -> pl.DataFrame:
    # An issue that went to everybody is contact, but no answer to what this customer said.
    personal = (pl.col("practice") != "issue").fill_null(value=False)
    return history.group_by("customer").agg(
        pl.col("date").max().alias("_sent"),
        pl.col("date").filter(personal).max().alias("_personal"),
    )


def _had(history: pl.DataFrame) -> pl.DataFrame:
    slugs = history.select("customer", "entries").explode("entries").drop_nulls()
    return slugs.group_by("customer").agg(pl.col("entries").unique().sort().alias("had"))
