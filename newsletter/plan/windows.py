"""The days of the events that are due on a given day, and the days of arrival."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl

from newsletter.model.config import Config
from newsletter.model.practice import Practice, Span
from newsletter.plan.due import latest_arrival, most_days, shifted
from newsletter.plan.events import EVENTS, EventBasis, Window
from newsletter.plan.time_away import fell_into


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

    Includes days whose events are listed as too late (`listed_from`), and as far as `looks_ahead`
    those that are due later. All events of one day share a row.
    """
    windows = [(p.name, window_of(p, basis, day=day, ahead=ahead)) for p in practices]
    schema = {"_practice": names, "_first": pl.Date(), "_last": pl.Date()}
    rows = [(name, window.first, window.last) for name, window in windows]
    spans = pl.DataFrame(rows, schema=schema, orient="row")
    days = spans.select("_practice", on=pl.date_ranges("_first", "_last")).explode("on")
    dated = days.with_columns(arrives=shifted(practices, "on", lambda p: p.offset, basis.config))
    return timely(practices, dated, basis, day=day, ahead=ahead)


def window_of(practice: Practice, basis: EventBasis, *, day: dt.date, ahead: int = 0) -> Window:
    """Return a window that holds every event of `due_days`, and perhaps a few others."""
    config, offset = basis.config, practice.offset
    first, last = start_of(basis), _latest(practice, basis, day=day, ahead=ahead)
    if practice.until:
        first = max(first, _reaches_back(practice, practice.until, basis, day=day))
    distance = dt.timedelta(days=most_days(offset, config))
    # Zero working days after a Saturday is the Monday, so zero counts as later.
    if offset.count >= 0:
        first -= distance
    else:
        last += distance
    # Events that cannot be foreseen are unknown on *day*, even if the tables hold them.
    return Window(first, last if EVENTS[practice.event].foreseen else min(last, day))


def listed_from(basis: EventBasis, day: dt.date) -> dt.date:
    """
    Return the day from which on last days are listed: yesterday, or the first day of a time away.

    What lapsed in a time away is listed until something is recorded.
    """
    unseen = [away.first for away in basis.away if not away.is_over]
    return unseen[0] if unseen else day - dt.timedelta(days=1)


def _reaches_back(practice: Practice, until: Span, basis: EventBasis, *, day: dt.date) -> dt.date:
    """Return the first day of arrival of what is still due, or listed as too late."""
    first = listed_from(basis, day) - dt.timedelta(days=most_days(until, basis.config))
    if not (basis.away and practice.belated):
        return first
    return min(first, day - dt.timedelta(days=most_days(practice.belated, basis.config) + 1))


def days_before(
    practices: Sequence[Practice],
    basis: EventBasis,
    names: pl.Enum,
    *,
    since: dt.date,
    day: dt.date,
) -> pl.DataFrame:
    """Return `due_days` that were over before they are listed, but not before *since*."""
    longest = [
        most_days(span, basis.config)
        for p in practices
        for span in (p.offset, p.until, p.belated)
        if span
    ]
    first = max(start_of(basis), since) - dt.timedelta(days=sum(longest) + 1)
    on = pl.date_range(first, day, eager=True).alias("on")
    names_of = pl.Series("_practice", [practice.name for practice in practices], names)
    days = pl.DataFrame([names_of]).join(pl.DataFrame([on]), how="cross")
    dated = days.with_columns(arrives=shifted(practices, "on", lambda p: p.offset, basis.config))
    over = dated.filter(pl.col("arrives") >= start_of(basis)).with_columns(
        last_day=_last_day(practices, basis)
    )
    before = listed_from(basis, day) - dt.timedelta(days=1)
    return over.filter(pl.col("last_day").is_between(since, before))


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
        last_day=_last_day(practices, basis)
    )
    listed = pl.col("last_day") >= listed_from(basis, day)
    return timely.filter(listed.fill_null(value=True))


def _last_day(practices: Sequence[Practice], basis: EventBasis) -> pl.Expr:
    """Return the last day to arrive: that of `until`, or of `belated` after a time away."""
    last = shifted(practices, "arrives", lambda p: p.until, basis.config)
    if not basis.away:
        return last
    belated = shifted(practices, "arrives", lambda p: p.belated, basis.config)
    late = fell_into(basis.away, pl.col("arrives"), last)
    return pl.when(late).then(pl.max_horizontal(last, belated)).otherwise(last)


def start_of(basis: EventBasis) -> dt.date:
    """Return the first day on which practices may have something arrive."""
    assert basis.config.start  # reading rejects practices without it
    return basis.config.start
