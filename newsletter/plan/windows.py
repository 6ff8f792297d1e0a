"""The days of the events that are due on a given day, and the days of arrival."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

import polars as pl

from newsletter.model.config import Config
from newsletter.model.practice import Practice, Span
from newsletter.plan.due import latest_arrival, most_days, shift
from newsletter.plan.events import EVENTS, EventBasis, Window


def due_days(
    practices: Sequence[Practice],
    basis: EventBasis,
    names: pl.Enum,
    *,
    day: dt.date,
    ahead: int = 0,
) -> pl.DataFrame:
    """
    Return _practice, on, arrives and last_day for each day whose events are due on *day*.

    Includes days whose events were due until yesterday, and as far as `looks_ahead` those that are
    due later. All events of one day share a row.
    """
    windows = [(p.name, window_of(p, basis, day=day, ahead=ahead)) for p in practices]
    schema = {"_practice": names, "_first": pl.Date(), "_last": pl.Date()}
    rows = [(name, window.first, window.last) for name, window in windows]
    spans = pl.DataFrame(rows, schema=schema, orient="row")
    days = spans.select("_practice", on=pl.date_ranges("_first", "_last")).explode("on")
    dated = days.with_columns(arrives=_shifted(practices, "on", lambda p: p.offset, basis))
    return timely(practices, dated, basis, day=day, ahead=ahead)


def window_of(practice: Practice, basis: EventBasis, *, day: dt.date, ahead: int = 0) -> Window:
    """Return a window that holds every event of `due_days`, and perhaps a few others."""
    config, offset = basis.config, practice.offset
    first, last = start_of(basis), _latest(practice, basis, day=day, ahead=ahead)
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


def days_before(
    practices: Sequence[Practice],
    basis: EventBasis,
    names: pl.Enum,
    *,
    since: dt.date,
    day: dt.date,
) -> pl.DataFrame:
    """Return `due_days` that were over before yesterday, but not before *since*."""
    longest = [
        most_days(span, basis.config) for p in practices for span in (p.offset, p.until) if span
    ]
    first = max(start_of(basis), since) - dt.timedelta(days=sum(longest) + 1)
    on = pl.date_range(first, day, eager=True).alias("on")
    names_of = pl.Series("_practice", [practice.name for practice in practices], names)
    days = pl.DataFrame([names_of]).join(pl.DataFrame([on]), how="cross")
    dated = days.with_columns(arrives=_shifted(practices, "on", lambda p: p.offset, basis))
    over = dated.filter(pl.col("arrives") >= start_of(basis)).with_columns(
        last_day=_shifted(practices, "arrives", lambda p: p.until, basis)
    )
    return over.filter(pl.col("last_day").is_between(since, day - dt.timedelta(days=2)))


def looks_ahead(practice: Practice, config: Config, *, ahead: int) -> int:
    """
    Return how many days after those that are due are looked at for a practice.

    They are *ahead* if it `has_day`; those until the last order is due if orders are `together`.
    """
    if practice.together:
        return most_days(practice.offset, config)
    return ahead if has_day(practice) else 0


def has_day(practice: Practice) -> bool:
    """Return whether a practice has a day of its own: a birthday, a holiday, an issue."""
    if practice.is_issue:
        return True
    return bool(practice.event) and EVENTS[practice.event].foreseen and not practice.owed


def _latest(practice: Practice, basis: EventBasis, *, day: dt.date, ahead: int) -> dt.date:
    days = looks_ahead(practice, basis.config, ahead=ahead)
    return latest_arrival(practice.channels, basis.config, day=day) + dt.timedelta(days=days)


def timely(
    practices: Sequence[Practice],
    rows: pl.DataFrame,
    basis: EventBasis,
    *,
    day: dt.date,
    ahead: int = 0,
) -> pl.DataFrame:
    """Return the rows of `due_days`, with `last_day`."""
    latest = {p.name: _latest(p, basis, day=day, ahead=ahead) for p in practices}
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
