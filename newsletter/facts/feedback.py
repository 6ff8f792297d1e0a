"""What customers told us, and whether anybody has answered."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import FactsBasis, Source, joined, latest

_SCORES: dict[str, pl.DataType] = {
    "last_score": pl.Int64(),
    "average_score": pl.Float64(),
    "feedback_ids": pl.List(pl.String()),
}

_ANSWERS: dict[str, pl.DataType] = {
    "open_feedback": pl.Boolean(),
}

_WORDS: dict[str, pl.DataType] = {
    "open_feedback_text": pl.String(),
}


def _add_scores(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """Add the scores and the ids of all feedback."""
    feedback = basis.tables["feedback"]
    scores = feedback.group_by("customer").agg(
        pl.col("score").mean().round(2).alias("average_score")
    )
    ids = feedback.select("customer", "date", "id").drop_nulls().sort("date", "id")
    listed = ids.group_by("customer", maintain_order=True).agg(pl.col("id").alias("feedback_ids"))
    added = joined(customers, latest(feedback, "score", as_="last_score"), scores, listed)
    nothing = pl.lit([], dtype=pl.List(pl.String()))
    return added.with_columns(pl.col("feedback_ids").fill_null(nothing))


def _add_answers(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """Add whether any feedback is unanswered. Needs last_contact."""
    days = basis.tables["feedback"].group_by("customer").agg(_given_on=pl.col("date").max())
    added = joined(customers, days).with_columns(open_feedback=_unanswered("_given_on"))
    return added.drop("_given_on")


def _add_words(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """Add the text of the latest unanswered feedback. Needs last_contact."""
    text = latest(basis.tables["feedback"], "text", as_="_text", day_as="_day")
    unanswered = pl.when(_unanswered("_day")).then("_text")
    added = joined(customers, text).with_columns(open_feedback_text=unanswered)
    return added.drop("_text", "_day")


def _unanswered(day: str) -> pl.Expr:
    answered = (pl.col("last_contact") >= pl.col(day)).fill_null(value=False)
    return pl.col(day).is_not_null() & ~answered


SCORES = Source(name="feedback", facts=_SCORES, nobody={"feedback_ids": []}, add=_add_scores)
ANSWERS = Source(
    name="feedback",
    facts=_ANSWERS,
    nobody={"open_feedback": False},
    add=_add_answers,
    needs=("last_contact",),
)
UNANSWERED = Source(name="feedback", facts=_WORDS, add=_add_words, needs=("last_contact",))
