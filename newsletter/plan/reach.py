"""Whom an issue reaches, by email or letter, and why it does not reach the others."""

from __future__ import annotations

import polars as pl

from newsletter.model.plan import LEFT_OUT
from newsletter.plan.suppression import suppressed as is_suppressed

CLOSED = "account closed or deceased"
SUPPRESSED = "on the suppression list"
NO_EMAIL = "no email address"
NO_CONSENT = "no consent to email"
NOT_MEANT = "not in the audience of this issue"
RECEIVED = "has already received this issue"
SHARES = "shares the address of "


def reach(
    customers: pl.DataFrame, *, suppressed: pl.DataFrame, history: pl.DataFrame, issue: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """
    Return the customers reached, with `via` (email or letter), and the others as LEFT_OUT.

    *customers* are the facts with a Boolean column `_meant`: the audience rule of their edition.
    The first reason that holds is given. Two customers with one address get one email: the one
    with more orders, then the lower id.
    """
    left = is_suppressed(suppressed).alias("_suppressed")
    table = customers.with_columns(left).with_columns(_via(), _no_way())
    table = table.with_columns(
        pl.col("_reason").fill_null(pl.when(~pl.col("_meant")).then(pl.lit(NOT_MEANT)))
    )
    table = _without_shared(table)
    had = history.filter(pl.col("issue") == issue)["customer"].unique()
    again = pl.col("id").is_in(had.implode())
    table = table.with_columns(pl.col("_reason").fill_null(pl.when(again).then(pl.lit(RECEIVED))))
    reached = pl.col("_reason").is_null()
    return table.filter(reached).select(*customers.columns, "via"), _left_out(
        table.filter(~reached)
    )


_ADDRESS = pl.all_horizontal(pl.col("street", "postcode", "city").is_not_null())
_CLOSED = pl.col("closed").fill_null(value=False)
_POST_AGREED = pl.col("consent_post").fill_null(value=False)
_POST_ALLOWED = pl.col("consent_post").fill_null(value=True)
_PHONE_ALLOWED = pl.col("phone").is_not_null() & pl.col("consent_phone").fill_null(value=True)
_PREFERS_CALL = (pl.col("channel") == "call").fill_null(value=False)
_MAILABLE = pl.col("email").is_not_null() & pl.col("consent_email").fill_null(value=False)


def _via() -> pl.Expr:
    """Return how the issue arrives: the preferred channel wins, then email, then post."""
    prefers_letter = (pl.col("channel") == "letter").fill_null(value=False) & _POST_ALLOWED
    post = _ADDRESS & _POST_AGREED
    return (
        pl.when(_CLOSED | (pl.col("_suppressed") & ~post))
        .then(None)
        .when(_ADDRESS & prefers_letter)
        .then(pl.lit("letter"))
        .when(_MAILABLE & ~pl.col("_suppressed"))
        .then(pl.lit("email"))
        .when(post & ~(_PREFERS_CALL & _PHONE_ALLOWED))
        .then(pl.lit("letter"))
        .alias("via")
    )


def _no_way() -> pl.Expr:
    """Return why there is neither email nor letter for a customer; null where there is."""
    reason = (
        pl.when(_CLOSED)
        .then(pl.lit(CLOSED))
        .when("_suppressed")
        .then(pl.lit(SUPPRESSED))
        .when(pl.col("email").is_null())
        .then(pl.lit(NO_EMAIL))
        .otherwise(pl.lit(NO_CONSENT))
    )
    return pl.when(_via().is_null()).then(reason).alias("_reason")


def _without_shared(table: pl.DataFrame) -> pl.DataFrame:
    """Leave one recipient for each email address."""
    sendable = table.filter(pl.col("_reason").is_null() & (pl.col("via") == "email"))
    first = sendable.sort("orders_count", "id", descending=[True, False], nulls_last=True).unique(
        "email", keep="first", maintain_order=True
    )
    keeper = first.select(
        "email",
        pl.col("id").alias("_keeper"),
        pl.coalesce("name", "company", pl.lit("another customer")).alias("_keeper_name"),
    )
    joined = table.join(keeper, on="email", how="left", maintain_order="left")
    shares = (pl.col("via") == "email") & (pl.col("_keeper") != pl.col("id"))
    reason = pl.when(shares).then(SHARES + pl.col("_keeper_name"))
    return joined.with_columns(pl.col("_reason").fill_null(reason))


def _left_out(table: pl.DataFrame) -> pl.DataFrame:
    name = pl.coalesce("name", "company", "id")
    columns = table.select(
        pl.col("id").alias("customer"),
        name.alias("name"),
        pl.col("_reason").alias("reason"),
        _instead(),
    )
    return columns.cast(pl.Schema(LEFT_OUT)).sort("reason", "customer")


def _instead() -> pl.Expr:
    """Return what can be done: what they prefer, a letter not objected to, or an agreed call."""
    unreached = pl.col("_reason").is_in([NO_EMAIL, NO_CONSENT])
    preferred = pl.col("channel")
    possible = (
        pl.when(preferred.is_in(["call", "text"]))
        .then(_PHONE_ALLOWED)
        .when(preferred.is_in(["letter", "handwritten"]))
        .then(_ADDRESS & _POST_ALLOWED)
        .otherwise(preferred == "visit")
    )
    agreed_call = pl.col("phone").is_not_null() & pl.col("consent_phone").fill_null(value=False)
    way = (
        pl.when(possible)
        .then(preferred)
        .when(_ADDRESS & _POST_ALLOWED)
        .then(pl.lit("letter"))
        .when(agreed_call)
        .then(pl.lit("call"))
    )
    return pl.when(unreached).then(way).alias("instead")
