"""Spans between days, quiet days, and how early the post must leave."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from made import settings
from pydantic import ValidationError

from newsletter.model.config import Config
from newsletter.model.practice import Span
from newsletter.plan.due import (
    is_quiet,
    last_posting,
    latest_arrival,
    most_days,
    posted_on,
    posted_reach,
    shift,
)

D = dt.date
DAYS = [D(2026, 1, 1) + dt.timedelta(n) for n in range(400)]
SETTINGS = [
    settings(),
    settings(etiquette={"quiet_days": []}),
    settings(etiquette={"quiet_days": ["saturday", "sunday", D(2026, 12, 25)], "post_days": 3}),
    settings(etiquette={"quiet_days": ["sunday", "monday"], "post_days": 1}),
    settings(etiquette={"quiet_days": ["sunday"], "post_days": 0}),
]


def _shifted(day: D, span: Span, config: Config) -> D:
    return pl.select(shift(pl.lit(day), span, config)).item()


@pytest.mark.parametrize(
    ("day", "span", "expected"),
    [
        (D(2026, 10, 31), Span(2, "day"), D(2026, 11, 2)),
        (D(2026, 3, 1), Span(-1, "day"), D(2026, 2, 28)),
        (D(2026, 12, 24), Span(2, "week"), D(2027, 1, 7)),
        (D(2026, 1, 31), Span(1, "month"), D(2026, 2, 28)),
        (D(2026, 3, 31), Span(-1, "month"), D(2026, 2, 28)),
        (D(2024, 2, 29), Span(1, "year"), D(2025, 2, 28)),
        (D(2026, 11, 4), Span(0, "day"), D(2026, 11, 4)),
    ],
)
def test_spans_cross_months_and_years(day: D, span: Span, expected: D) -> None:
    """Days, weeks, months and years."""
    assert _shifted(day, span, settings()) == expected


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (D(2026, 11, 6), 1, D(2026, 11, 9)),  # Friday: Monday
        (D(2026, 11, 7), 1, D(2026, 11, 9)),  # Saturday: Monday
        (D(2026, 11, 8), 1, D(2026, 11, 9)),  # Sunday: Monday
        (D(2026, 11, 8), 2, D(2026, 11, 10)),
        (D(2026, 11, 4), 3, D(2026, 11, 9)),
        (D(2026, 11, 9), -1, D(2026, 11, 6)),
        (D(2026, 11, 8), -1, D(2026, 11, 6)),
        (D(2026, 11, 8), 0, D(2026, 11, 9)),
    ],
)
def test_working_days(day: D, count: int, expected: D) -> None:
    """The first working day after a weekend is Monday."""
    assert _shifted(day, Span(count, "working day"), settings()) == expected


def test_quiet_days_are_no_working_days() -> None:
    """Neither a quiet date nor a quiet weekday; a business may work at weekends only."""
    span = Span(1, "working day")
    closed = settings(etiquette={"quiet_days": ["sunday", "monday", D(2026, 11, 10)]})
    weekends = settings(
        etiquette={"quiet_days": ["monday", "tuesday", "wednesday", "thursday", "friday"]}
    )

    assert _shifted(D(2026, 11, 6), span, closed) == D(2026, 11, 11)
    assert _shifted(D(2026, 11, 8), span, weekends) == D(2026, 11, 14)


@pytest.mark.parametrize("config", SETTINGS)
@pytest.mark.parametrize(
    "span", [Span(7, "working day"), Span(5, "month"), Span(2, "year"), Span(3, "week")]
)
def test_no_span_is_longer_than_most_days(span: Span, config: Config) -> None:
    """Forwards and backwards."""
    frame = pl.DataFrame({"day": DAYS})
    there = frame.select(shift(pl.col("day"), span, config) - pl.col("day")).to_series()
    backwards = Span(-span.count, span.unit)
    before = frame.select(pl.col("day") - shift(pl.col("day"), backwards, config)).to_series()

    assert there.dt.total_days().max() <= most_days(span, config)
    assert before.dt.total_days().max() <= most_days(backwards, config)


@pytest.mark.parametrize(
    ("day", "reach"),
    [
        (D(2026, 11, 2), D(2026, 11, 4)),  # Monday: a letter of Tuesday arrives on Thursday
        (D(2026, 11, 5), D(2026, 11, 8)),  # Thursday: a letter of Friday arrives on Monday
        (D(2026, 11, 6), D(2026, 11, 9)),
        (D(2026, 11, 7), D(2026, 11, 10)),  # Saturday: the next post is on Monday
        (D(2026, 11, 8), D(2026, 11, 10)),  # Sunday: the same
    ],
)
def test_letters_leave_early_around_sundays(day: D, reach: D) -> None:
    """Due are letters for all days that a letter of the next open day would miss."""
    assert posted_reach(settings(), day) == reach


@pytest.mark.parametrize("config", SETTINGS)
def test_every_letter_arrives_in_time(config: Config) -> None:
    """For each day of a year: posted when first due it is in time; one post later it is late."""
    open_days = [day for day in DAYS if not is_quiet(day, config)]
    for arrival in DAYS[30:390]:
        first = next(day for day in open_days if posted_reach(config, day) >= arrival)
        later = open_days[open_days.index(first) + 1]

        assert posted_on(config, first) <= arrival < posted_on(config, later)


@pytest.mark.parametrize("config", SETTINGS)
def test_the_last_posting_arrives_on_the_last_day(config: Config) -> None:
    """A letter posted later does not."""
    frame = pl.DataFrame({"last": DAYS[30:390]})
    latest = frame.select(last_posting(pl.col("last"), config)).to_series()
    open_days = [day for day in DAYS if not is_quiet(day, config)]

    expected = [
        max(day for day in open_days if posted_on(config, day) <= last) for last in DAYS[30:390]
    ]
    assert latest.to_list() == expected


def test_only_the_post_looks_ahead() -> None:
    """Without a posted channel nothing is due before its day."""
    friday = D(2026, 11, 6)

    assert latest_arrival(("email", "call"), settings(), day=friday) == friday
    assert latest_arrival(("email", "letter"), settings(), day=friday) == D(2026, 11, 9)


def test_seven_quiet_weekdays_are_refused() -> None:
    """Such a business would never write to anybody."""
    week = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    with pytest.raises(ValidationError, match="every day of the week is quiet"):
        settings(etiquette={"quiet_days": week})
