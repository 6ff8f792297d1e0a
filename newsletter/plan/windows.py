"""On which days events lie, and on which days touchpoints arrive, that are due on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

import polars as pl

from newsletter.model.practice import Practice, Span
from newsletter.plan.due import latest_arrival, most_days, shift
from newsletter.plan.events import EVENTS, EventBasis, Window


def due_days(
    practices: Sequence[Practice], basis: EventBasis, names: pl.Enum, *, day: dt.date
) -> pl.DataFrame:
    """
    Return _practice, on, arrives and last_day of every day with events that are due on *day*.

    Also of those that were due until yesterday. All events of a day share these days.
    """
    windows = [(p.name, window_of(p, basis, day=day)) for p in practices]
    schema = {"_practice": names, "_first": pl.Date(), "_last": pl.Date()}
    rows = [(name, window.first, window.last) for name, window in windows]
    spans = pl.DataFrame(rows, schema=schema, orient="row")
    days = spans.select("_practice", on=pl.date_ranges("_first", "_last")).explode("on")
    dated = days.with_columns(arrives=_shifted(practices, "on", lambda p: p.offset, basis))
    return timely(practices, dated, basis, day=day)


def window_of(practice: Practice, basis: EventBasis, *, day: dt.date) -> Window:
    """Return the days on which an event may lie that is due on *day*, rather a few too many."""
    config, offset = basis.config, practice.offset
    first, last = start_of(basis), latest_arrival(practice.channels, config, day=day)
    if practice.until:
        first = max(first, day - dt.timedelta(days=most_days(practice.until, config) + 1))
    distance = dt.timedelta(days=most_days(offset, config))
    # No working day after a Saturday is the Monday.
    if offset.count >= 0:
        first -= distance
    else:
        last += distance
    # Of what cannot be foreseen nobody knows on that day, though the tables may hold it already.
    return Window(first, last if EVENTS[practice.event].foreseen else min(last, day))


def timely(
    practices: Sequence[Practice], rows: pl.DataFrame, basis: EventBasis, *, day: dt.date
) -> pl.DataFrame:
    """Return those that are due or were until yesterday, with `last_day`."""
    latest = {p.name: latest_arrival(p.channels, basis.config, day=day) for p in practices}
    last = pl.col("_practice").cast(pl.String).replace_strict(latest, return_dtype=pl.Date)
    timely = rows.filter(pl.col("arrives").is_between(start_of(basis), last)).with_columns(
        last_day=_shifted(practices, "arrives", lambda p: p.until, basis)
    )
    yesterday = pl.lit(day - dt.timedelta(days=1))
    return timely.filter((pl.col("last_day") >= yesterday).fill_null(value=True))


def _shifted(
    practices: Sequence[Practice],
    day: str,
    span_of: Callable[[Practice], Span | None],
    basis: EventBasis,
) -> pl.Expr:
    """Return the day in that column, shifted by the span of the row's practice; null: by none."""
    named: dict[Span, list[str]] = {}
    for practice in practices:
        if span := span_of(practice):
            named.setdefault(span, []).append(practice.name)
    shifted = [
        pl.when(pl.col("_practice").is_in(some)).then(shift(pl.col(day), span, basis.config))
        for span, some in named.items()
    ]
    return pl.coalesce(*shifted, pl.lit(None, dtype=pl.Date))


def start_of(basis: EventBasis) -> dt.date:
    """Return the first day on which practices may have something arrive."""
    assert basis.config.start  # that it is missing where there are practices is said in reading
    return basis.config.start
