"""The last conversation with each customer, and our promises to them."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import FactsBasis, Source, Tables, joined, latest
from newsletter.model.config import Config
from newsletter.model.tables import REACHED, VISIT_ANNOUNCED

_CONVERSATION: dict[str, pl.DataType] = {
    "last_conversation": pl.String(),
}

_PROMISES: dict[str, pl.DataType] = {
    "open_promise": pl.Boolean(),
    "open_promise_text": pl.String(),
    "open_promise_by": pl.Date(),
    "promises_kept_share": pl.Float64(),
}


def _add_conversation(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    talks = basis.tables["conversations"]
    return joined(customers, latest(talks, "text", as_="last_conversation"))


def _add_promises(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """Add the open promise and the share of promises kept."""
    given = basis.tables.once(promises_to_date)
    due = pl.col("promised_by") < pl.lit(basis.today)
    settled = given.filter(pl.col("kept") | due).group_by("customer")
    shares = settled.agg(pl.col("kept").mean().round(2).alias("promises_kept_share"))
    added = joined(customers, _first(owed_promises(basis.tables, basis.config)), shares)
    return added.with_columns(pl.col("open_promise").fill_null(value=False))


def _first(owed: pl.DataFrame) -> pl.DataFrame:
    """Return the promise to each customer that is due first; those without a day come last."""
    ordered = owed.sort("customer", "promised_by", "date", "promise", nulls_last=True)
    return ordered.unique("customer", keep="first", maintain_order=True).select(
        "customer",
        pl.lit(value=True).alias("open_promise"),
        pl.col("promise").alias("open_promise_text"),
        pl.col("promised_by").alias("open_promise_by"),
    )


def owed_promises(tables: Tables, config: Config) -> pl.DataFrame:
    """
    Return the `promises` up to the day of *tables* that are not kept, with the day they are `due`.

    Nothing is due from before the plan's `start`.
    """
    given = tables.once(promises_to_date).filter(~pl.col("kept"))
    within = pl.col("date") + pl.duration(days=config.etiquette.promise_days)
    dated = given.with_columns(due=pl.coalesce("promised_by", within))
    return dated.filter(pl.col("due") >= config.start) if config.start else dated


def promises_to_date(tables: Tables) -> pl.DataFrame:
    """Return the `promises` given up to the day of *tables*."""
    return promises(tables["conversations"], tables["history"])


def promises(conversations: pl.DataFrame, history: pl.DataFrame) -> pl.DataFrame:
    """
    Return the promises, a row each, sorted: customer, date, text, promise, promised_by, …

    `promised_by` is the day that holds now (null: none was named), `first_by` the one named at
    first, `moved_to` the one it was moved to (null: it was not). The key names the promise in
    touchpoints: `promise` and `first_by`, or `promise of` and its own day if none was named, with
    a number from the second with that key on. `answers` are the keys of the feedback that the
    promise is about.

    A promise is `kept` (never null) if a row says so, or if the history has a touchpoint with its
    key on or after the day it was given. An email there does not keep it: it may have gone out
    by itself, and a promise is kept by somebody.
    """
    given = conversations.filter(pl.col("promise").is_not_null()).select(
        "customer", "date", "text", "promise", "moved_to", "answers", _yes("kept"),
        first_by="promised_by",
    )  # fmt: skip
    identity = ["customer", "first_by", "date", "promise"]
    once = given.group_by(identity).agg(
        pl.col("text").min(),
        pl.col("kept").any(),
        pl.col("moved_to").max(),
        pl.col("answers").list.explode().drop_nulls().unique().sort(),
    )
    first = pl.coalesce(
        pl.format("promise {}", _iso("first_by")), pl.format("promise of {}", _iso("date"))
    )
    number = pl.int_range(1, pl.len() + 1).over("customer", "key")
    other = pl.when(number > 1).then(pl.format("{} {}", "key", number))
    keyed = once.sort(identity).with_columns(
        key=first, promised_by=pl.coalesce("moved_to", "first_by")
    )
    keyed = keyed.with_columns(key=pl.coalesce(other, "key"))
    return _with_history(keyed, history).select(
        "customer", "date", "text", "promise", "promised_by", "first_by", "moved_to", "key",
        "kept", "answers",
    )  # fmt: skip


def _iso(day: str) -> pl.Expr:
    return pl.col(day).dt.to_string("%Y-%m-%d")


def _yes(column: str) -> pl.Expr:
    return pl.col(column).fill_null(value=False)


def _with_history(keyed: pl.DataFrame, history: pl.DataFrame) -> pl.DataFrame:
    """
    Set `kept` where the history has a touchpoint for the promise that is no email.

    A touchpoint without a key settles every promise that was due by its day, and those without a
    day that were made by then.
    """
    # Few customers have promises and the history is long, so this keeps the joins small.
    read = history.select("customer", "date", "practice", "channel", "key", "outcome")
    whose = read.join(keyed.select("customer"), on="customer", how="semi")
    done = whose.filter(
        REACHED,
        pl.col("outcome").fill_null("") != VISIT_ANNOUNCED,
        pl.col("channel").fill_null("") != "email",
    )
    touched = done.group_by("customer", "key").agg(pl.col("date").max().alias("_touched"))
    plain = done.filter(pl.col("key").is_null() & (pl.col("practice") == "promise"))
    settled = plain.group_by("customer").agg(pl.col("date").max().alias("_settled"))
    dated = keyed.join(touched, on=["customer", "key"], how="left", maintain_order="left")
    dated = dated.join(settled, on="customer", how="left", maintain_order="left")
    is_kept = (
        _yes("kept")
        | (pl.col("_touched") >= pl.col("date")).fill_null(value=False)
        | (pl.col("_settled") >= pl.max_horizontal("promised_by", "date")).fill_null(value=False)
    )
    return dated.with_columns(is_kept.alias("kept"))


CONVERSATION = Source(name="conversations", facts=_CONVERSATION, add=_add_conversation)
PROMISES = Source(
    name="conversations", facts=_PROMISES, nobody={"open_promise": False}, add=_add_promises
)
