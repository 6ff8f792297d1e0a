"""The days of the events that are due on a given day, and the days of arrival."""

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
    Return _practice, on, arrives and last_day for each day whose events are due on *day*.

    Includes days whose events were due until yesterday. All events of one day share a row.
    """
    windows = [(p.name, window_of(p, basis, day=day)) for p in practices]
    schema = {"_practice": names, "_first": pl.Date(), "_last": pl.Date()}
    rows = [(name, window.first, window.last) for name, window in windows]
    spans = pl.DataFrame(rows, schema=schema, orient="row")
    days = spans.select("_practice", on=pl.date_ranges("_first", "_last")).explode("on")
    dated = days.with_columns(arrives=_shifted(practices, "on", lambda p: p.offset, basis))
    return timely(practices, dated, basis, day=day)


def window_of(practice: Practice, basis: EventBasis, *, day: dt.date) -> Window:
    """Return a window that holds every event due on *day*, and perhaps a few others."""
    config, offset = basis.config, practice.offset
    first, last = start_of(basis), latest_arrival(practice.channels, config, day=day)
    if practice.until:
        first = max(first, day - dt.timedelta(days=most_days(practice.until, config) + 1))
    distance = dt.timedelta(days=most_days(offset, config))
    # Zero working days after a Saturday is the Monday, so zero counts as later.
    if offset.count >= 0:
        first -= distance
    else:
        last += distance
    # Events that cannot be foreseen are unknown on *day*, even if the tables hold them.
    return Window(first, last if EVENTS[practice.event].foreseen else min(last, day))


def timely(
    practices: Sequence[Practice], rows: pl.DataFrame, basis: EventBasis, *, day: dt.date
) -> pl.DataFrame:
    """Return the rows that are due or were due until yesterday, with `last_day`."""
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
    """Return the column *day* shifted by the span of the row's practice; null if it has none."""
    groups: dict[Span, list[str]] = {}
    for practice in practices:
        if span := span_of(practice):
            groups.setdefault(span, []).append(practice.name)
    shifted = [
        pl.when(pl.col("_practice").is_in(group)).then(shift(pl.col(day), span, basis.config))
        for span, group in groups.items()
    ]
    return pl.coalesce(*shifted, pl.lit(None, dtype=pl.Date))


def start_of(basis: EventBasis) -> dt.date:
    """Return the first day on which practices may have something arrive."""
    assert basis.config.start  # reading rejects practices without it
    return basis.config.start
