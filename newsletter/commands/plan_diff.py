"""What is new in a plan against that of the last build: added, gone and changed, with why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from newsletter.commands.show import columns, counted

OWN = ["customer", "practice", "key"]
"""What makes a touchpoint the same one."""

Row = Mapping[str, Any]


def diff_text(
    old: pl.DataFrame,
    new: pl.DataFrame,
    *,
    why_gone: Callable[[Row], str],
    everything: bool = False,
) -> str:
    """
    Return how the plan *new* (PLAN) differs from *old*; a day that only passes is no difference.

    Of *new* only as many days are looked at as *old* has. *why_gone* is asked about each row that
    is due no more. Without *everything*, what is kept in neither plan is only counted.
    """
    before, after = _states(old), _states(_first_days(new, like=old))
    added = after.join(before, on=OWN, how="anti", nulls_equal=True)
    gone = before.join(after, on=OWN, how="anti", nulls_equal=True)
    both = before.join(after, on=OWN, how="inner", nulls_equal=True, suffix="_now")
    other_rule = pl.col("rule").ne_missing(pl.col("rule_now"))
    other_channel = pl.col("rule").is_null() & pl.col("channel").ne_missing(pl.col("channel_now"))
    changed = both.filter(other_rule | other_channel)
    planned, planned_now = pl.col("rule").is_null(), pl.col("rule_now").is_null()
    told = [
        _told("added", added, planned, everything, tell=lambda row: _state(row, "")),
        _told("gone", gone, planned, everything, tell=why_gone),
        _told("changed", changed, planned | planned_now, everything, tell=_change),
    ]
    return "\n\n".join(told)


def _states(plan: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each touchpoint: the one that is kept, else the last."""
    ordered = plan.sort(pl.col("rule").is_not_null(), -pl.col("date").to_physical())
    return ordered.unique(OWN, keep="first", maintain_order=True).sort(OWN)


def _first_days(new: pl.DataFrame, *, like: pl.DataFrame) -> pl.DataFrame:
    if not new.height or not like.height:
        return new
    days = like.select(pl.col("date").max() - pl.col("date").min()).item() or dt.timedelta()
    return new.filter(pl.col("date") <= pl.col("date").min() + days)


def _told(
    title: str,
    rows: pl.DataFrame,
    worth: pl.Expr,
    everything: bool,
    *,
    tell: Callable[[Row], str],
) -> str:
    """Return a heading with the number, the rows that matter, and how many others there are."""
    shown = rows if everything else rows.filter(worth)
    cells = [
        ["", row["customer"], row["name"] or "", row["practice"], tell(row)]
        for row in shown.iter_rows(named=True)
    ]
    rest = rows.height - shown.height
    more = f", and {rest:,} skipped (--all lists them)" if rest else ""
    head = f"{counted(shown.height, 'touchpoint')} {title}{more}"
    return f"{head}\n{columns(cells)}" if cells else head


def _change(row: Row) -> str:
    return f"was {_state(row, '')}; now {_state(row, '_now')}"


def _state(row: Row, which: str) -> str:
    """Return what is planned, and why: call on 2026-11-03: …; skipped: …."""
    if row[f"rule{which}"] is None:
        return f"{row[f'channel{which}']} on {row[f'date{which}']}: {row[f'because{which}']}"
    return f"skipped: {row[f'skipped_because{which}']}"
