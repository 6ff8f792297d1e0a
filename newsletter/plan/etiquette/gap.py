"""Some days between two touchpoints that we begin, for each customer."""

from __future__ import annotations

import datetime as dt

import polars as pl

from newsletter.plan.etiquette.evidence import Basis


def gap(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Hold rows of customers who heard from us in the days before; owed rows do not count."""
    days = basis.config.etiquette.gap
    earlier = basis.touches.filter(pl.col("date") < basis.day)
    due = basis.subject_to("gap", rows).filter(~pl.col("owed"))
    held = due.join(_last(earlier, basis), on="idx", maintain_order="left")
    held = held.filter(pl.col("_last") > basis.day - dt.timedelta(days=days))
    rule = pl.lit(gap_in_words(basis))
    reason = basis.told("gap", rule=rule, date="_last", practice=basis.title("_what"))
    return held.with_columns(skipped_because=reason)


def gap_in_words(basis: Basis) -> str:
    """Return the gap as reasons tell it: 3 days between two contacts."""
    return basis.reasons.etiquette_times("gap_days", basis.config.etiquette.gap)


def rested_on(rows: pl.DataFrame, touches: pl.DataFrame, basis: Basis) -> pl.Series:
    """Return the first day after the gap for each of *rows*; null: there is none to wait for."""
    days = basis.config.etiquette.gap
    last = _last(touches, basis)
    table = rows.select("idx", "owed", "practice").join(
        last, on="idx", how="left", maintain_order="left"
    )
    waits = ~pl.col("owed") & ~basis.is_exempt("gap") & pl.lit(days > 0)
    return table.select(pl.when(waits).then(pl.col("_last") + pl.duration(days=days))).to_series()


def _last(touches: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Return the last touch of each customer that counts: `_last` day, and `_what` it was."""
    counted = basis.subject_to("gap", touches).sort("date", "practice")
    what = pl.col("practice").last()
    return counted.group_by("idx").agg(_last=pl.col("date").last(), _what=what)
