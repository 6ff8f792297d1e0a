"""Promises of the conversations: what each is known by, and whether it was kept."""

from __future__ import annotations

import polars as pl

from newsletter.model.tables import NOT_REACHED


def promises(conversations: pl.DataFrame, history: pl.DataFrame) -> pl.DataFrame:
    """
    Return customer, date, text, promise, promised_by, key and kept (never null), sorted.

    The key is `promise` and the day it was promised by, with a number for the second of that day:
    what a touchpoint says that it was for. A promise is kept where its row says so, or where the
    history, from the day it was given, holds such a touchpoint. Without a day it has no key.
    """
    given = conversations.filter(pl.col("promise").is_not_null()).select(
        "customer", "date", "text", "promise", "promised_by", _yes("kept")
    )
    one = ["customer", "promised_by", "date", "promise"]
    once = given.group_by(one).agg(pl.col("text").min(), pl.col("kept").any()).sort(one)
    day = pl.col("promised_by").dt.to_string("%Y-%m-%d")
    number = pl.int_range(1, pl.len() + 1).over("customer", "promised_by")
    first, other = pl.format("promise {}", day), pl.format("promise {} {}", day, number)
    key = pl.when(number == 1).then(first).otherwise(other)
    keyed = once.with_columns(key.alias("key"))
    return _with_history(keyed, history).select(
        "customer", "date", "text", "promise", "promised_by", "key", "kept"
    )


def _yes(column: str) -> pl.Expr:
    return pl.col(column).fill_null(value=False)


def _with_history(keyed: pl.DataFrame, history: pl.DataFrame) -> pl.DataFrame:
    """Note as kept what was done for it; a row without key is for all promised by its day."""
    # Few customers were promised something, and the history is long.
    whose = history.join(keyed.select("customer"), on="customer", how="semi")
    done = whose.filter(pl.col("outcome").fill_null("") != NOT_REACHED)
    touched = done.group_by("customer", "key").agg(pl.col("date").max().alias("_touched"))
    plain = done.filter(pl.col("key").is_null() & (pl.col("practice") == "promise"))
    settled = plain.group_by("customer").agg(pl.col("date").max().alias("_settled"))
    known = keyed.join(touched, on=["customer", "key"], how="left", maintain_order="left")
    known = known.join(settled, on="customer", how="left", maintain_order="left")
    kept = (
        _yes("kept")
        | (pl.col("_touched") >= pl.col("date")).fill_null(value=False)
        | (
            (pl.col("_settled") >= pl.col("promised_by")) & (pl.col("_settled") >= pl.col("date"))
        ).fill_null(value=False)
    )
    return known.with_columns(kept.alias("kept"))
