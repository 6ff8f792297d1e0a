"""What is new in a plan since the last build: tasks added, gone and changed, with the reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from newsletter.commands.terminal import columns, counted

_IDENTITY = ["customer", "practice", "key"]
"""Rows of two plans with the same values here are the same task."""

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

    Compares as many days of *new* as *old* has. *why_gone* is asked about each row that is due no
    more. Without *everything*, rows that both plans leave out are only counted.
    """
    before, after = _tasks(old), _tasks(_first_days(new, like=old))
    added = after.join(before, on=_IDENTITY, how="anti", nulls_equal=True)
    gone = before.join(after, on=_IDENTITY, how="anti", nulls_equal=True)
    both = before.join(after, on=_IDENTITY, how="inner", nulls_equal=True, suffix="_now")
    other_rule = pl.col("rule").ne_missing(pl.col("rule_now"))
    other_channel = pl.col("rule").is_null() & pl.col("channel").ne_missing(pl.col("channel_now"))
    changed = both.filter(other_rule | other_channel)
    planned, planned_now = pl.col("rule").is_null(), pl.col("rule_now").is_null()
    parts = [
        _part("added", added, planned, everything, text=lambda row: _state(row, "")),
        _part("gone", gone, planned, everything, text=why_gone),
        _part("changed", changed, planned | planned_now, everything, text=_change),
    ]
    return "\n\n".join(parts)


def _tasks(plan: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each task: the one that is planned, else the last that is left out."""
    ordered = plan.sort(pl.col("rule").is_not_null(), -pl.col("date").to_physical())
    return ordered.unique(_IDENTITY, keep="first", maintain_order=True).sort(_IDENTITY)


def _first_days(new: pl.DataFrame, *, like: pl.DataFrame) -> pl.DataFrame:
    if not new.height or not like.height:
        return new
    days = like.select(pl.col("date").max() - pl.col("date").min()).item() or dt.timedelta()
    return new.filter(pl.col("date") <= pl.col("date").min() + days)


def _part(
    title: str,
    rows: pl.DataFrame,
    planned: pl.Expr,
    everything: bool,
    *,
    text: Callable[[Row], str],
) -> str:
    """Return a heading with numbers, and a line for each row that is planned."""
    shown = rows if everything else rows.filter(planned)
    cells = [
        ["", row["customer"], row["name"] or "", row["practice"], text(row)]
        for row in shown.iter_rows(named=True)
    ]
    rest = rows.height - shown.height
    more = f", and {rest:,} left out (--all lists them)" if rest else ""
    head = f"{counted(shown.height, 'task')} {title}{more}"
    return f"{head}\n{columns(cells)}" if cells else head


def _change(row: Row) -> str:
    return f"was {_state(row, '')}; now {_state(row, '_now')}"


def _state(row: Row, suffix: str) -> str:
    """Return `call on 2026-11-03: …` or `left out: …` from the columns with that suffix."""
    if row[f"rule{suffix}"] is None:
        return f"{row[f'channel{suffix}']} on {row[f'date{suffix}']}: {row[f'because{suffix}']}"
    return f"left out: {row[f'skipped_because{suffix}']}"
