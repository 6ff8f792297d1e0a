"""What customers said of us, and whether anybody has answered."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import Basis, Fact, Source, joined, latest

_ANSWERED = "feedback: date; last_contact"

_FACTS = {
    "last_score": Fact(
        pl.Int64(),
        "The latest satisfaction score",
        unit="0 (worst) to 10 (best)",
        source="feedback: date, score",
        missing="no score given",
    ),
    "average_score": Fact(
        pl.Float64(),
        "The mean of all satisfaction scores",
        unit="0 (worst) to 10 (best)",
        source="feedback: score",
        missing="no score given",
    ),
    "feedback_ids": Fact(
        pl.List(pl.String()),
        "Ids of the feedback this customer gave",
        unit="",
        source="feedback: id",
        missing="never; no feedback: an empty list",
        nobody=[],
    ),
    "open_feedback": Fact(
        pl.Boolean(),
        "Gave feedback, and nobody has talked or written to them in person since",
        unit="",
        source=_ANSWERED,
        missing="never; no feedback: no",
        nobody=False,
    ),
    "open_feedback_text": Fact(
        pl.String(),
        "What they said last without being answered",
        unit="",
        source=f"feedback: text; {_ANSWERED}",
        missing="no open feedback, or it has no words",
    ),
}


def _add(customers: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Add what follows from feedback. Needs last_contact."""
    feedback = basis.tables["feedback"]
    scores = feedback.group_by("customer").agg(
        pl.col("date").max().alias("_said"), pl.col("score").mean().round(2).alias("average_score")
    )
    ids = feedback.select("customer", "date", "id").drop_nulls().sort("date", "id")
    listed = ids.group_by("customer", maintain_order=True).agg(pl.col("id").alias("feedback_ids"))
    known = customers
    for part in (
        latest(feedback, "score", as_="last_score"),
        scores,
        listed,
        latest(feedback, "text", as_="_text", day_as="_text_day"),
    ):
        known = joined(known, part)
    text = pl.when(_unanswered("_text_day")).then("_text")
    return known.with_columns(
        pl.col("feedback_ids").fill_null(pl.lit([], dtype=pl.List(pl.String()))),
        _unanswered("_said").alias("open_feedback"),
        text.alias("open_feedback_text"),
    ).drop("_said", "_text", "_text_day")


def _unanswered(day: str) -> pl.Expr:
    answered = (pl.col("last_contact") >= pl.col(day)).fill_null(value=False)
    return pl.col(day).is_not_null() & ~answered


FEEDBACK = Source(name="feedback", facts=_FACTS, add=_add, needs=("last_contact",))
