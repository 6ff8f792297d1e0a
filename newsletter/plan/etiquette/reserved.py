"""Room for what has a day of its own: no birthday is late because of a letter the day before."""

from __future__ import annotations

import datetime as dt

import polars as pl

from newsletter.model.config import Cap
from newsletter.plan.etiquette.caps import NOBODY, cap_in_words, concerns, touched, whose
from newsletter.plan.etiquette.evidence import Basis
from newsletter.plan.etiquette.gap import gap_in_words


def reserved(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """
    Hold rows that would make a coming one late (of a birthday, a holiday, an event …).

    Rows that have a day themselves yield only to more important ones, and only if they can still
    be done afterwards. Only less important rows yield to a thank-you, which has no day.
    """
    waiting = rows.filter(~pl.col("owed"))
    if basis.coming.is_empty() or waiting.is_empty():
        return NOBODY
    held = [_gap(waiting, basis)]
    capped = basis.subject_to("cap", waiting)
    held += [_cap(capped, limit, basis) for limit in basis.config.etiquette.caps]
    some = [part for part in held if part.height]
    return pl.concat(some).unique("row", keep="first", maintain_order=True) if some else NOBODY


def reserved_touches(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Return TOUCHES for which *rows* wait: those within the gap, else all that are coming."""
    coming = basis.coming.join(rows, on="idx", how="semi").with_columns(date="act_on")
    near = (pl.col("date") < _after_gap(basis)).over("idx")
    chosen = coming.filter(near | ~near.any().over("idx"))
    return chosen.select("idx", "date", pl.col("practice", "channel").cast(pl.String), "key")


def _after_gap(basis: Basis) -> dt.date:
    return basis.day + dt.timedelta(days=basis.config.etiquette.gap)


def _gap(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Hold rows less than the gap before one that is coming."""
    coming = basis.subject_to("gap", basis.coming).filter(pl.col("act_on") < _after_gap(basis))
    due = basis.subject_to("gap", rows).with_columns(_place=pl.lit(1))
    pairs = _pairs(due, coming.with_columns(_room=pl.lit(0)), basis, by="idx")
    return _held(pairs, gap_in_words(basis), basis)


def _cap(rows: pl.DataFrame, limit: Cap, basis: Basis) -> pl.DataFrame:
    """Hold rows that would take the last room of a cap on the day of one that is coming."""
    by = whose(limit)
    coming = basis.of(basis.coming, "account").filter(concerns(limit))
    if coming.is_empty():
        return NOBODY
    window = pl.duration(days=limit.days)
    past = touched(basis.touches, basis, limit).select(by, _on="date")
    counted = pl.concat([past, coming.select(by, _on="act_on")])
    inside = pl.col("_on").is_between(pl.col("act_on") - window, pl.col("act_on"), closed="right")
    each = coming.join(counted, on=by).filter(inside).group_by(coming.columns)
    left = each.agg(_room=limit.most - pl.len().cast(pl.Int64)).filter(
        pl.col("_room") >= 0, pl.col("act_on") < basis.day + dt.timedelta(limit.days)
    )
    due = _placed(basis.of(rows, "account").filter(concerns(limit)), basis, by=by)
    pairs = _pairs(due, basis.subject_to("cap", left), basis, by=by)
    return _held(pairs, cap_in_words(limit, basis.reasons), basis)


def _placed(rows: pl.DataFrame, basis: Basis, *, by: str) -> pl.DataFrame:
    """
    Add `_place`: how many customers of the firm, with this one, may get something today first.

    Each gets one touchpoint a day at most, so it is 1 for a cap that is not the firm's.
    """
    if by == "idx":
        return rows.with_columns(_place=pl.lit(1))
    dated = pl.col("practice").cast(pl.String).is_in(basis.dated)
    ordered = rows.sort(dated, "priority", "arrives", "idx", descending=[True, True, False, False])
    first = ordered.unique("idx", keep="first", maintain_order=True)
    places = first.select("idx", _place=pl.int_range(1, pl.len() + 1).over(by))
    return rows.join(places, on="idx", maintain_order="left")


def _pairs(rows: pl.DataFrame, coming: pl.DataFrame, basis: Basis, *, by: str) -> pl.DataFrame:
    """Return each row with the first of the coming ones to which it yields, for want of room."""
    others = coming.select(by, "act_on", "_room", _practice="practice", _priority="priority")
    pairs = rows.join(others.sort("act_on", "_practice"), on=by, maintain_order="left_right")
    pairs = pairs.filter(pl.col("_place") > pl.col("_room"))
    dated, to_dated = (
        pl.col(name).cast(pl.String).is_in(basis.dated) for name in ("practice", "_practice")
    )
    less = pl.col("priority") < pl.col("_priority")
    afterwards = pl.col("act_on") + pl.duration(days=max(1, basis.config.etiquette.gap))
    has_time = (pl.col("last_day") >= afterwards).fill_null(value=True)
    yields = (~dated & (to_dated | less)) | (dated & to_dated & less & has_time)
    return pairs.filter(yields).unique("row", keep="first", maintain_order=True)


def _held(pairs: pl.DataFrame, rule: str, basis: Basis) -> pl.DataFrame:
    practice = basis.title("_practice")
    reason = basis.told("room", practice=practice, date="act_on", rule=pl.lit(rule))
    return pairs.select("row", "idx", skipped_because=reason)
