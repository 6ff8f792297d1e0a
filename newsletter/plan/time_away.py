"""Times in which nothing was recorded: what fell into them is listed, and some of it done late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from newsletter.model.config import Config
from newsletter.model.practice import Practice
from newsletter.plan.due import most_days, shifted

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class TimeAway:
    """The days between two records, both included, or those since the last record."""

    first: dt.date
    last: dt.date
    is_over: bool
    """Whether anything has been recorded since."""


def times_away(
    tables: Mapping[str, pl.DataFrame],
    practices: Sequence[Practice],
    config: Config,
    *,
    day: dt.date,
) -> tuple[TimeAway, ...]:
    """
    Return the times of at least `away_days` since the start without a record before *day*.

    Records are rows of the history and conversations. Before the first of them, nobody was away.
    Leaves out times that ended so long ago that nothing is still done late. If the last one is not
    over, what lapsed in it is listed.
    """
    least, start = config.etiquette.away_days, config.start
    if not (least and start):
        return ()
    dates = pl.concat([tables[name]["date"] for name in ("history", "conversations")]).unique()
    recorded = dates.filter(dates.is_between(start, day)).sort().to_list()
    longest = max((most_days(p.belated, config) for p in practices if p.belated), default=0)
    return tuple(
        TimeAway(before + _DAY, after - _DAY, is_over=after in recorded)
        for before, after in pairwise([*recorded, day])
        if (after - before).days > least and (day - after).days < max(longest, 1)
    )


def fell_into(away: Sequence[TimeAway], arrives: pl.Expr, until: pl.Expr) -> pl.Expr:
    """Return whether a task that could be done from *arrives* to *until* fell into such a time."""
    held = [(arrives <= each.last) & (until >= each.first) for each in away]
    return pl.any_horizontal(*held, pl.lit(value=False)).fill_null(value=False)


def belated(
    practices: Sequence[Practice], away: Sequence[TimeAway], config: Config, *, day: dt.date
) -> pl.Expr:
    """
    Return whether a row (`practice`, `arrives`) is done late, if at all.

    Its `until` ended in such a time, or since, but its practice has a time for late words.
    """
    late = [practice for practice in practices if practice.belated]
    until = shifted(late, "arrives", lambda p: p.until, config, practice="practice")
    return fell_into(away, pl.col("arrives"), until) & (until < day).fill_null(value=False)


def seen_to(day: str, away: Sequence[TimeAway]) -> pl.Expr:
    """Return the column *day*; a day before the end of a time away is moved to that end."""
    return pl.max_horizontal(day, *(pl.lit(each.last + _DAY) for each in away[-1:]))
