"""What customers told us, and whether anybody has answered it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

import polars as pl

from newsletter.facts.basis import FactsBasis, Source, Tables, joined, latest
from newsletter.facts.promises import promises, promises_to_date
from newsletter.model.config import Config
from newsletter.model.feedback_keys import with_keys
from newsletter.model.tables import REACHED, VISIT_ANNOUNCED

_SCORES: dict[str, pl.DataType] = {
    "last_score": pl.Int64(),
    "average_score": pl.Float64(),
    "feedback_ids": pl.List(pl.String()),
}

_OPEN: dict[str, pl.DataType] = {
    "open_feedback": pl.Boolean(),
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


def _add_open(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """Add whether any feedback is open, and the latest words of open feedback."""
    waiting = feedback_to_date(basis.tables, basis.config).filter("open")
    whose = waiting.group_by("customer").agg(open_feedback=pl.lit(value=True))
    texts = latest(waiting, "text", as_="open_feedback_text")
    added = joined(customers, whose, texts)
    return added.with_columns(pl.col("open_feedback").fill_null(value=False))


def feedback_to_date(tables: Tables, config: Config) -> pl.DataFrame:
    """
    Return `told` of the feedback given up to the day of *tables*.

    Feedback from before the plan's `start` is not `open`: nothing is due for it.
    """
    return tables.once(_to_date, config.feedback.answered_by, config.start)


def _to_date(tables: Tables, answered_by: tuple[str, ...], start: dt.date | None) -> pl.DataFrame:
    feedback = tables["feedback"]
    given = told(
        feedback,
        tables["conversations"],
        tables["history"],
        promised=tables.once(promises_to_date) if feedback.height else None,
        answered_by=answered_by,
    )
    return given.with_columns(pl.col("open") & (pl.col("date") >= start)) if start else given


def open_feedback(tables: Mapping[str, pl.DataFrame], config: Config) -> pl.DataFrame:
    """Return `told` of the open feedback in some tables of People, the oldest first."""
    talks, history = tables["conversations"], tables["history"]
    given = told(
        tables["feedback"],
        talks,
        history,
        promised=promises(talks, history),
        answered_by=config.feedback.answered_by,
    )
    return given.filter("open")


def told(
    feedback: pl.DataFrame,
    conversations: pl.DataFrame,
    history: pl.DataFrame,
    *,
    promised: pl.DataFrame | None,
    answered_by: Collection[str],
) -> pl.DataFrame:
    """
    Return customer, date, id, score, text, key, replied and open of all *feedback*, sorted.

    The key names it in touchpoints and in the column `answers` of conversations. Somebody has
    `replied` if a practice of *answered_by* was done for it, or if a conversation names it.
    Nothing else answers it.
    It is `open` until somebody has replied, and until the promises made in reply (*promised*) are
    kept: "I will write again" is no answer yet.
    """
    keyed = with_keys(feedback)
    if keyed.is_empty():
        nothing = pl.lit(value=False)
        return keyed.with_columns(replied=nothing, open=nothing)
    replied = _with_replies(keyed, conversations, history, answered_by)
    if promised is None:
        return replied.with_columns(open=~pl.col("replied"))
    owed = promised.filter(~pl.col("kept")).select("customer", key="answers", _owed=True)
    owed = owed.explode("key").drop_nulls().unique()
    both = replied.join(owed, on=["customer", "key"], how="left", maintain_order="left")
    still = ~pl.col("replied") | pl.col("_owed").fill_null(value=False)
    return both.with_columns(open=still).drop("_owed")


def _with_replies(
    keyed: pl.DataFrame,
    conversations: pl.DataFrame,
    history: pl.DataFrame,
    answered_by: Collection[str],
) -> pl.DataFrame:
    """Add `replied`: never null. A touchpoint without a key replies to all until its day."""
    read = history.select("customer", "date", "practice", "key", "outcome")
    # Few customers gave feedback and the history is long, so this keeps the joins small.
    whose = read.join(keyed.select("customer"), on="customer", how="semi")
    done = whose.filter(
        pl.col("practice").cast(pl.String).is_in(list(answered_by)),
        REACHED,
        pl.col("outcome").fill_null("") != VISIT_ANNOUNCED,
    )
    touched = done.group_by("customer", "key").agg(_touched=True, _on=pl.col("date").max())
    plain = done.filter(pl.col("key").is_null())
    settled = plain.group_by("customer").agg(_settled=pl.col("date").max())
    talks = conversations.select("customer", key="answers").explode("key").drop_nulls().unique()
    table = keyed
    for part in (touched, talks.with_columns(_named=True)):
        table = table.join(part, on=["customer", "key"], how="left", maintain_order="left")
    table = table.join(settled, on="customer", how="left", maintain_order="left")
    since = (pl.col("_on") >= pl.col("date")).fill_null(value=True)
    replied = (
        (pl.col("_touched") & since).fill_null(value=False)
        | (pl.col("_settled") >= pl.col("date")).fill_null(value=False)
        | pl.col("_named").fill_null(value=False)
    )
    return table.with_columns(replied=replied).drop("_touched", "_on", "_settled", "_named")


SCORES = Source(name="feedback", facts=_SCORES, nobody={"feedback_ids": []}, add=_add_scores)
OPEN = Source(name="feedback", facts=_OPEN, nobody={"open_feedback": False}, add=_add_open)
