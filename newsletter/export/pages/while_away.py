"""What lapsed while nothing was recorded, for the overview of the team's pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from newsletter.model.care import CarePlan
from newsletter.model.practice import Practice
from newsletter.model.project import Project
from newsletter.plan.missed import missed

MOST_LAPSED = 30
"""Tasks that each list shows; the others are counted."""


def lapsed_names(
    project: Project, plan: CarePlan, practices: Mapping[str, Practice], *, messages: str
) -> dict[str, Any]:
    """
    Return the names for care/away.html; none if nothing lapsed.

    *messages* is the address of the page with the day's emails; empty: there is none.
    """
    found = missed(project, plan)
    if found is None:
        return {}
    lists = {"late": found.late, "owed": found.owed, "over": found.over}
    automatic = [name for name, practice in practices.items() if not practice.draft]
    return {
        "first": found.away.first,
        "last": found.away.last,
        "count": sum(rows.height for rows in lists.values()),
        "lists": [
            (name, _shown(rows, practices, automatic, messages), rows.height - MOST_LAPSED)
            for name, rows in lists.items()
            if rows.height
        ],
    }


def _shown(
    rows: pl.DataFrame, practices: Mapping[str, Practice], automatic: Sequence[str], messages: str
) -> list[dict[str, Any]]:
    """Return the first rows with `title`, and `address`: the page with their words."""
    by_itself = (pl.col("channel") == "email") & pl.col("practice").is_in(automatic)
    in_messages = by_itself & pl.col("skipped_because").is_null() & pl.lit(bool(messages))
    page = pl.when(in_messages).then(pl.lit(messages)).otherwise(pl.format("{}.html", "member"))
    return [
        row | {"title": practices[row["practice"]].title}
        for row in rows.head(MOST_LAPSED).with_columns(address=page).to_dicts()
    ]
