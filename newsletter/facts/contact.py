"""The last contact and conversation with each customer, and our promises to them."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import FactsBasis, Source, Tables, days_before, joined, latest
from newsletter.model.practice import PERSONAL
from newsletter.model.tables import REACHED

_CONTACT: dict[str, pl.DataType] = {
    "days_since_last_contact": pl.Int64(),
    "days_since_last_personal_contact": pl.Int64(),
    "last_contact": pl.Date(),
    "last_contact_channel": pl.String(),
}


_CONVERSATIONS: dict[str, pl.DataType] = {
    "last_conversation": pl.String(),
    "open_promise": pl.Boolean(),
    "open_promise_text": pl.String(),
    "open_promise_by": pl.Date(),
    "promises_kept_share": pl.Float64(),
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


def _add_conversations(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """Add the last conversation, the open promise and the share of promises kept."""
    talks = basis.tables["conversations"]
    given = basis.tables.once(promises_to_date)
    texts = latest(talks, "text", as_="last_conversation")
    due = pl.col("promised_by") < pl.lit(basis.today)
    settled = given.filter(pl.col("kept") | due).group_by("customer")
    shares = settled.agg(pl.col("kept").mean().round(2).alias("promises_kept_share"))
    added = customers
    for part in (texts, _open(given), shares):
        added = joined(added, part)
    return added.with_columns(pl.col("open_promise").fill_null(value=False))


def _open(given: pl.DataFrame) -> pl.DataFrame:
    """Return the open promise of each customer that is due first; undated ones come last."""
    ordered = given.filter(~pl.col("kept")).sort(
        "customer", "promised_by", "date", "promise", nulls_last=True
    )
    return ordered.unique("customer", keep="first", maintain_order=True).select(
        "customer",
        pl.lit(value=True).alias("open_promise"),
        pl.col("promise").alias("open_promise_text"),
        pl.col("promised_by").alias("open_promise_by"),
    )


def promises_to_date(tables: Tables) -> pl.DataFrame:
    """Return the `promises` given up to the day of *tables*."""
    return promises(tables["conversations"], tables["history"])


def promises(conversations: pl.DataFrame, history: pl.DataFrame) -> pl.DataFrame:
    """
    Return customer, date, text, promise, promised_by, key and kept (never null), sorted.

    The key names the promise in touchpoints: `promise` and the day it was promised by, with a
    number from the second promise of that day on. A promise without a day has no key.
    A promise is kept if its row says so, or if the history has a touchpoint with its key on or
    after the day it was given.
    """
    given = conversations.filter(pl.col("promise").is_not_null()).select(
        "customer", "date", "text", "promise", "promised_by", _yes("kept")
    )
    identity = ["customer", "promised_by", "date", "promise"]
    once = given.group_by(identity).agg(pl.col("text").min(), pl.col("kept").any()).sort(identity)
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
    """
    Set `kept` where the history has a touchpoint for the promise.

    A touchpoint without a key settles every promise that was due by its day.
    """
    # Few customers have promises and the history is long, so this keeps the joins small.
    read = history.select("customer", "date", "practice", "key", "outcome")
    whose = read.join(keyed.select("customer"), on="customer", how="semi")
    done = whose.filter(REACHED)
    touched = done.group_by("customer", "key").agg(pl.col("date").max().alias("_touched"))
    plain = done.filter(pl.col("key").is_null() & (pl.col("practice") == "promise"))
    settled = plain.group_by("customer").agg(pl.col("date").max().alias("_settled"))
    dated = keyed.join(touched, on=["customer", "key"], how="left", maintain_order="left")
    dated = dated.join(settled, on="customer", how="left", maintain_order="left")
    is_kept = (
        _yes("kept")
        | (pl.col("_touched") >= pl.col("date")).fill_null(value=False)
        | (
            (pl.col("_settled") >= pl.col("promised_by")) & (pl.col("_settled") >= pl.col("date"))
        ).fill_null(value=False)
    )
    return dated.with_columns(is_kept.alias("kept"))


CONTACT = Source(name="contact", facts=_CONTACT, add=_add_contact)
CONVERSATIONS = Source(
    name="conversations",
    facts=_CONVERSATIONS,
    nobody={"open_promise": False},
    add=_add_conversations,
)
