"""When something is due: distances between days, working days, quiet days and the post."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable

import polars as pl

from newsletter.facts.basis import years_later
from newsletter.model.channels import POSTED
from newsletter.model.config import Config, Weekday
from newsletter.model.practice import Practice, Span

WEEKDAYS: tuple[Weekday, ...] = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
_DAY = dt.timedelta(days=1)
_SUFFIX = {"day": "d", "week": "w", "month": "mo", "year": "y"}
_MONTHS = {"month": 1, "year": 12}
_MOST_DAYS = {"day": 1, "week": 7, "month": 31, "year": 366}


def shift(day: pl.Expr, span: Span, config: Config) -> pl.Expr:
    """
    Return the day that lies *span* after *day* (before it, where the count is negative).

    A month after 31 January is the last of February. A year after 29 February is the `leap_day` of
    the settings, as for every count of years. Working days are Monday to Friday without
    the quiet days; the first working day after a Saturday is the Monday.
    """
    months = span.count * _MONTHS.get(span.unit, 0)
    if months and months % 12 == 0:
        return years_later(day, months // 12, leap_day=config.leap_day)
    if span.unit != "working day":
        return day.dt.offset_by(f"{span.count}{_SUFFIX[span.unit]}")
    return day.dt.add_business_days(
        span.count,
        week_mask=_working(config),
        holidays=_quiet_dates(config),
        roll="backward" if span.count > 0 else "forward",
    )


def shifted(
    practices: Iterable[Practice],
    day: str,
    span_of: Callable[[Practice], Span | None],
    config: Config,
    *,
    practice: str = "_practice",
) -> pl.Expr:
    """
    Return the column *day* shifted by the span of the row's practice; null if it has none.

    *practice* is the column with the practice's name.
    """
    groups: dict[Span, list[str]] = {}
    for each in practices:
        if span := span_of(each):
            groups.setdefault(span, []).append(each.name)
    parts = [
        pl.when(pl.col(practice).is_in(group)).then(shift(pl.col(day), span, config))
        for span, group in groups.items()
    ]
    return pl.coalesce(*parts, pl.lit(None, dtype=pl.Date))


def most_days(span: Span, config: Config) -> int:
    """Return how many days a span covers at the most, always positive."""
    if span.unit == "working day":
        return abs(span.count) * 7 + 14 + len(_quiet_dates(config))
    return abs(span.count) * _MOST_DAYS[span.unit]


def is_quiet(day: dt.date, config: Config) -> bool:
    """Return whether the business contacts nobody on that day."""
    quiet = config.etiquette.quiet_days
    return day in quiet or WEEKDAYS[day.weekday()] in quiet


def latest_arrival(channels: Collection[str], config: Config, *, day: dt.date) -> dt.date:
    """Return the last day of arrival that is due on *day* by one of these channels."""
    posted = any(channel in POSTED for channel in channels)
    return max(day, posted_reach(config, day)) if posted else day


def posted_reach(config: Config, day: dt.date) -> dt.date:
    """
    Return the last day of arrival for which a letter must leave on *day*.

    A letter posted on the next day that is not quiet arrives later.
    """
    return posted_on(config, _next_open(config, day)) - _DAY


def posted_on(config: Config, day: dt.date) -> dt.date:
    """Return when a letter posted on *day* arrives; quiet days do not count."""
    for _ in range(config.etiquette.post_days):
        day = _next_open(config, day)
    return day


def last_posting(last_day: pl.Expr, config: Config) -> pl.Expr:
    """Return the last day on which to post a letter so that it arrives by *last_day*."""
    return _open_before(last_day, config, days=config.etiquette.post_days)


def last_open(day: pl.Expr, config: Config) -> pl.Expr:
    """Return *day*, or the last day before it that is not quiet."""
    return _open_before(day, config, days=0)


def _open_before(day: pl.Expr, config: Config, *, days: int) -> pl.Expr:
    return day.dt.add_business_days(
        -days,
        week_mask=[not _is_quiet_weekday(name, config) for name in WEEKDAYS],
        holidays=_quiet_dates(config),
        roll="backward",
    )


def _next_open(config: Config, day: dt.date) -> dt.date:
    day += _DAY
    while is_quiet(day, config):
        day += _DAY
    return day


def _quiet_dates(config: Config) -> list[dt.date]:
    return [day for day in config.etiquette.quiet_days if isinstance(day, dt.date)]


def _is_quiet_weekday(name: Weekday, config: Config) -> bool:
    return name in config.etiquette.quiet_days


def _working(config: Config) -> list[bool]:
    """Return whether each weekday is a working day; weekends are if all others are quiet."""
    open_days = [not _is_quiet_weekday(name, config) for name in WEEKDAYS]
    working = [is_open and number < 5 for number, is_open in enumerate(open_days)]
    return working if any(working) else open_days
