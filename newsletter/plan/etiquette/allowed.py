"""Closed accounts, the suppression list, consent by channel, and customers who share a mailbox."""

from __future__ import annotations

import polars as pl

from newsletter.model.domains import folded_address
from newsletter.plan.etiquette.evidence import Basis


def closed(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Hold the rows of closed accounts and of the deceased."""
    held = basis.of(rows, "closed").filter("closed")
    return held.with_columns(skipped_because=basis.told("closed"))


def suppressed(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Hold the rows of suppressed customers whom no channel of the practice may reach."""
    held = basis.of(rows.filter(pl.col("channel").is_null()), "suppressed").filter("suppressed")
    return held.with_columns(skipped_because=basis.told("suppressed"))


def consent(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Hold the rows that no channel of their practice may carry."""
    held = rows.filter(pl.col("channel").is_null())
    ways = held["no_way"].drop_nulls().unique()
    words = {way: "; ".join(map(basis.reasons.of_channel, way.split("; "))) for way in ways}
    return held.with_columns(skipped_because=pl.col("no_way").replace(words))


_SHARED = (
    ("email", folded_address("email"), ("email",), "shares_address"),
    ("phone", pl.col("phone").str.replace_all(r"\D", ""), ("call", "text"), "shares_phone"),
)
"""Column, its form to compare, the channels on which sharers get one message, and the reason."""


def duplicate(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """
    Hold rows that share mailbox or phone, practice and day with a better customer's row.

    What is owed is owed to each of them, and a question for the team is about one of them.
    """
    rows = basis.subject_to("consent", rows.filter(~pl.col("owed")))
    held = [
        _sharing(
            basis.of(rows.filter(pl.col("channel").is_in(channels)), column).with_columns(
                compared
            ),
            basis,
            column=column,
            reason=reason,
        )
        for column, compared, channels, reason in _SHARED
    ]
    return pl.concat(held)


def _sharing(rows: pl.DataFrame, basis: Basis, *, column: str, reason: str) -> pl.DataFrame:
    same = ["practice", "arrives", column]
    several = pl.struct(same).is_duplicated() & pl.col(column).is_not_null()
    table = basis.of(rows.filter(several), "orders_count", "name")
    ordered = table.sort("orders_count", "idx", descending=[True, False], nulls_last=True)
    ranked = ordered.with_columns(
        _keeper=pl.col("idx").first().over(same), _name=pl.col("name").first().over(same)
    )
    # Two touchpoints for one customer are not duplicates: they are about different things.
    held = ranked.filter(pl.col("idx") != pl.col("_keeper"))
    return held.select("row", "idx", skipped_because=basis.told(reason, name="_name"))
