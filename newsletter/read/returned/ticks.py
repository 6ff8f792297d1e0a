"""Reads ticks, outcomes and days as people write them into work lists."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

import polars as pl

from newsletter.read.people.findings import Column, Findings
from newsletter.read.people.values.choices import NO, OUTCOMES, YES
from newsletter.read.people.values.moments import parse, read_date
from newsletter.read.people.values.texts import read_code

_EITHER = frozenset("✗✘✕✖")
"""A cross in a tick box may mean done or not done: the user is asked."""
_TICKED = (YES | {"☑", "☒", "✅"} | {w for w, o in OUTCOMES.items() if o == "done"}) - _EITHER
_NOT_TICKED = (NO | {"☐", "open", "offen", "ouvert"}) - _TICKED - _EITHER
_NUMERIC = re.compile(r"\d{1,2}([-./])\d{1,2}\1\d{4}")
_DAY = r"^\d{1,2}[-./]\d{1,2}[-./]\d{4}$"
_NEAR = dt.timedelta(days=25)
"""Less than a month, so that the other order never lies near as well, but for the same day."""


def read_tick(column: Column, findings: Findings, *, order: str) -> pl.DataFrame:
    """
    Return `ticked` (null: an empty cell), `tick_day` where a day stands there instead of a tick,
    and `tick_outcome` where somebody wrote there what came of it. *order* is that of the days.
    """
    meanings = {text: _meaning(text, order) for text in column.text.drop_nulls().unique()}
    rows = [meanings.get(text) if text else (None, None, None) for text in column.text]
    unknown = pl.Series([row is None for row in rows], dtype=pl.Boolean)
    hint = "write x, yes or the day for what was done, and leave the cell empty for what was not"
    findings.bad(column, unknown, what="is no tick", hint=hint)
    return pl.DataFrame(
        [row or (None, None, None) for row in rows],
        schema={"ticked": pl.Boolean, "tick_day": pl.Date, "tick_outcome": pl.String},
        orient="row",
    )


def _meaning(text: str, order: str) -> tuple[bool, dt.date | None, str | None] | None:
    word = text.casefold()
    if word in _TICKED:
        return True, None, None
    if word in _NOT_TICKED:
        return False, None, None
    if word in OUTCOMES and word not in _EITHER:
        return True, None, OUTCOMES[word]
    day = parse(text.partition(" ")[0], order) or parse(text, order)
    return (True, day[0], None) if day and day[1] else None


def read_outcome(column: Column, findings: Findings) -> pl.Series:
    """Return the outcomes, in the words of HISTORY."""
    word = column.text.str.to_lowercase()
    values = word.replace_strict(OUTCOMES, default=None, return_dtype=pl.String)
    unknown = values.is_null() & word.is_not_null()
    hint = "write done, not reached or not wanted"
    findings.bad(column, unknown, what="is no outcome", hint=hint)
    return values


def day_order(columns: Sequence[Column], planned: pl.Series, *, declared: str) -> str:
    """
    Return the order of day and month in the list: as declared, else the one by which all its days
    lie near the day of the list. Empty: that does not decide.
    """
    if declared:
        return declared
    pairs = [
        (text, plan)
        for column in columns
        for text, plan in zip(column.text, planned, strict=True)
        if text and plan and _NUMERIC.match(text)
    ]
    near = [o for o in ("DMY", "MDY") if pairs and all(_is_near(t, p, o) for t, p in pairs)]
    return near[0] if len(near) == 1 else ""


def _is_near(text: str, planned: dt.date, order: str) -> bool:
    day = parse(text.partition(" ")[0], order)
    return day is not None and abs(day[0] - planned) < _NEAR


def read_key(column: Column, findings: Findings, *, order: str) -> pl.Series:
    """Return the keys of touchpoints; days that Excel rewrote are put back into ISO form."""
    keys = read_code(column, findings).values
    odd = pl.select(pl.when(keys.str.contains(_DAY)).then(keys)).to_series()
    numeric = Column(column.header, odd, column.rows)
    days = read_date(numeric, findings, order=order, ask=True).values.dt.to_string("%Y-%m-%d")
    return pl.select(pl.coalesce(days, keys)).to_series()


def whole_ids(given: pl.Series, ids: pl.Series) -> pl.Series:
    """
    Return *given* with leading zeros as in *ids*: Excel and Calc turn 007 of a CSV file into 7.

    Ids of customers stay, and so do ambiguous ones.
    """
    with_zeros = ids.filter(ids.str.starts_with("0")).unique()
    bare = pl.DataFrame({"bare": with_zeros.str.strip_chars_start("0"), "id": with_zeros})
    only = bare.filter(pl.col("bare").is_unique() & ~pl.col("bare").is_in(ids.implode()))
    return given.replace(only["bare"], only["id"])
