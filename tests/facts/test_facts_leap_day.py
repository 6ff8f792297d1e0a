"""29 February returns exactly once a year, and days are counted rightly to it, in any year."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

import polars as pl
import pytest

from newsletter.facts.basis import FactsBasis, Tables, in_year
from newsletter.facts.days import ANNIVERSARY, BIRTHDAY
from newsletter.model.config import Config
from newsletter.model.customs import Customs

DAYS = [dt.date(2024, 1, 1) + dt.timedelta(n) for n in range(366)]
"""Every day that can be a birthday."""
BORN = pl.DataFrame({"birthday": [f"--{day:%m-%d}" for day in DAYS]})
SINCE = pl.DataFrame({"customer_since": DAYS}).with_columns(
    pl.lit(None, dtype=pl.Date()).alias("first_order_date"),
    pl.lit(None, dtype=pl.Int64()).alias("orders_count"),
)
LEAP = DAYS.index(dt.date(2024, 2, 29))


def _basis(config: Config, today: dt.date, leap_day: str) -> FactsBasis:
    return FactsBasis(
        tables=Tables({}.__getitem__, BORN["birthday"], today=today),
        config=config.model_copy(update={"leap_day": leap_day}),
        customs=Customs(),
        today=today,
        since=today,
    )


def _on(year: int, day: dt.date, leap_day: str) -> dt.date:
    try:
        return day.replace(year=year)
    except ValueError:
        return dt.date.fromisoformat(f"{year}-{leap_day}")


def _around(year: int) -> Iterator[dt.date]:
    """Yield the days where mistakes are likely: around the end of February and of the year."""
    for first, count in ((dt.date(year, 2, 25), 9), (dt.date(year, 12, 29), 6)):
        yield from (first + dt.timedelta(n) for n in range(count))


@pytest.mark.slow
@pytest.mark.parametrize("leap_day", ["02-28", "03-01"])
def test_days_to_birthday_agree_with_the_calendar(config: Config, leap_day: str) -> None:
    """For every birthday without a year, around the ends of February and year, 2023-2032."""
    for year in range(2023, 2033):
        for today in _around(year):
            facts = BIRTHDAY.add(BORN, _basis(config, today, leap_day))
            returns = [
                min(
                    d
                    for y in (today.year, today.year + 1)
                    if (d := _on(y, day, leap_day)) >= today
                )
                for day in DAYS
            ]
            days = [(coming - today).days for coming in returns]
            assert facts["days_to_birthday"].to_list() == days, today
            assert facts["birthday_today"].to_list() == [n == 0 for n in days], today


@pytest.mark.slow
@pytest.mark.parametrize("leap_day", ["02-28", "03-01"])
def test_a_birthday_on_a_leap_day_comes_once_a_year(config: Config, leap_day: str) -> None:
    """Ten years have ten birthdays, three of them on 29 February."""
    birthdays: list[dt.date] = []
    day = dt.date(2023, 1, 1)
    while day.year < 2033:
        facts = BIRTHDAY.add(BORN[LEAP], _basis(config, day, leap_day))
        birthdays += [day] if facts["birthday_today"][0] else []
        day += dt.timedelta(days=1 if day.month in (2, 3) else 28)  # the rest of the year coarsely
    assert Counter(on.year for on in birthdays) == dict.fromkeys(range(2023, 2033), 1)
    assert [on for on in birthdays if (on.month, on.day) == (2, 29)] == [
        dt.date(year, 2, 29) for year in (2024, 2028, 2032)
    ]
    assert {f"{on:%m-%d}" for on in birthdays} == {"02-29", leap_day}


@pytest.mark.slow
@pytest.mark.parametrize("leap_day", ["02-28", "03-01"])
def test_anniversaries_agree_with_the_calendar(config: Config, leap_day: str) -> None:
    """The first comes after a year; on the day itself the count is 0; years fit the days."""
    for year in range(2025, 2030):
        for today in _around(year):
            facts = ANNIVERSARY.add(SINCE, _basis(config, today, leap_day))
            returns = [
                min(
                    d
                    for y in (today.year, today.year + 1)
                    if (d := _on(y, day, leap_day)) >= today
                )
                for day in DAYS
            ]
            assert facts.select("days_to_anniversary", "anniversary_years").rows() == [
                ((coming - today).days, coming.year - 2024) for coming in returns
            ]
            assert facts["years_as_customer"].to_list() == [
                today.year - 2024 - (_on(today.year, day, leap_day) > today) for day in DAYS
            ]


def test_the_first_day_is_no_anniversary(config: Config) -> None:
    """From that day on the next anniversary is the first; before it there is none."""
    for today, expected in [
        (dt.date(2024, 2, 29), (366 - 1, 1, 0)),
        (dt.date(2024, 3, 1), (364, 1, 0)),
        (dt.date(2024, 2, 28), (None, None, None)),
    ]:
        facts = ANNIVERSARY.add(SINCE[LEAP], _basis(config, today, "02-28"))
        columns = ["days_to_anniversary", "anniversary_years", "years_as_customer"]
        assert facts.select(columns).row(0) == expected


def test_a_missing_date_has_no_anniversary() -> None:
    """Nothing is made up for unknown dates."""
    nothing = pl.lit(None, dtype=pl.Int8())
    for year in (2024, 2025):
        day = in_year(year, month=nothing, day=nothing, leap_day="03-01")
        assert pl.select(day).item() is None


def test_a_future_year_of_birth_gives_no_age(config: Config) -> None:
    """It must be a typing mistake; otherwise the age changes on `leap_day`."""
    born = pl.DataFrame({"birthday": ["2027-01-01", "2000-02-29", "2026-11-04"]})
    ages = [
        BIRTHDAY.add(born, _basis(config, today, "03-01"))["age"].to_list()
        for today in (dt.date(2026, 11, 4), dt.date(2026, 2, 28), dt.date(2026, 3, 1))
    ]
    assert ages == [[None, 26, 0], [None, 25, None], [None, 26, None]]
