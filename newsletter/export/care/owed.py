"""What is owed and stands on no list of work by hand: it goes out by email, or cannot go out."""

from __future__ import annotations

from typing import Any

import polars as pl

_SETTLED = ("closed", "duplicate", "expired", "had")
"""Rules of etiquette after which nothing is left to be done."""


def owed_otherwise(table: pl.DataFrame) -> list[dict[str, Any]]:
    """
    Return the rows of the plan *table* that somebody must know of: promises and feedback.

    An email says that a promise is due, but keeps no promise; and whom no channel reaches, or who
    must wait, was promised something all the same. What waits longest comes first.
    """
    by_email = pl.col("skipped_because").is_null() & (pl.col("channel") == "email")
    open_still = ~pl.col("rule").is_in(_SETTLED).fill_null(value=True)
    found = table.filter(pl.col("owed") & (by_email | open_still))
    return found.sort("arrives", "name", "customer", "key").to_dicts()
