"""Birthdays, anniversaries, occasions and dates return once a year, also on 29 February."""

from __future__ import annotations

import datetime as dt

import pytest
from made import basis_of, settings

from newsletter.plan.events import EventBasis, events_of

D = dt.date
LEAP_YEARS = (2024, 2028, 2032)


def _days(kind: str, basis: EventBasis, *, first: D, last: D, date: str = "") -> list[D]:
    return events_of(kind, basis, first=first, last=last, date=date)["on"].to_list()


@pytest.mark.parametrize(("leap_day", "instead"), [("02-28", (2, 28)), ("03-01", (3, 1))])
def test_29_february_returns_once_a_year(leap_day: str, instead: tuple[int, int]) -> None:
    """Birthdays, anniversaries and weddings have one day in each year, as configured."""
    config = settings(leap_day=leap_day)
    leap = D(2020, 2, 29)
    customer = {"id": "a", "birthday": "2020-02-29", "customer_since": leap}
    wedding = {"customer": "a", "date": leap, "occasion": "wedding"}
    basis = basis_of([customer], config=config, occasions=[wedding])
    expected = [D(y, 2, 29) if y in LEAP_YEARS else D(y, *instead) for y in range(2023, 2033)]
    years = {"first": D(2023, 1, 1), "last": D(2032, 12, 31)}

    assert _days("birthday", basis, **years) == expected
    assert _days("anniversary", basis, **years) == expected
    assert _days("occasion anniversary", basis, **years) == expected
    assert _days("date", basis, **years, date="02-29") == expected


@pytest.mark.slow
@pytest.mark.parametrize("leap_day", ["02-28", "03-01"])
def test_a_leap_day_birthday_is_found_once_a_year(leap_day: str) -> None:
    """Asked day by day from 2023 to 2025."""
    basis = basis_of([{"id": "a", "birthday": "--02-29"}], config=settings(leap_day=leap_day))
    days = [D(2023, 1, 1) + dt.timedelta(n) for n in range(3 * 365 + 1)]

    birthdays = [day for day in days if _days("birthday", basis, first=day, last=day)]

    assert [day.year for day in birthdays] == [2023, 2024, 2025]


def test_a_birthday_is_keyed_by_its_year() -> None:
    """It tells the age if the year of birth is known."""
    born = {"a": "1984-12-31", "b": "--01-01", "c": "2027-01-02", "d": None, "e": "2026-12-30"}
    basis = basis_of([{"id": key, "birthday": day} for key, day in born.items()])

    events = events_of("birthday", basis, first=D(2026, 12, 30), last=D(2027, 1, 2))

    assert events.drop("days_late").rows() == [
        ("a", "2026", D(2026, 12, 31), "birthday on 31 Dec 2026 (turns 42)", 42),
        ("b", "2027", D(2027, 1, 1), "birthday on 1 Jan 2027", None),
    ]


def test_anniversaries_count_from_the_first_day() -> None:
    """From customer_since, else from the first order; the first day itself is none."""
    customers = [
        {"id": "a", "customer_since": D(2022, 11, 4)},
        {"id": "b"},
        {"id": "c", "customer_since": D(2026, 11, 4)},
        {"id": "d"},
    ]
    basis = basis_of(customers, orders=[{"customer": "b", "date": D(2025, 11, 4), "amount": 1.0}])

    events = events_of("anniversary", basis, first=D(2026, 11, 4), last=D(2026, 11, 4))

    assert events.drop("days_late").rows() == [
        ("a", "4 years", D(2026, 11, 4), "customer for 4 years on 4 Nov 2026", 4),
        ("b", "1 year", D(2026, 11, 4), "customer for 1 year on 4 Nov 2026", 1),
    ]


def test_an_occasion_is_keyed_by_its_day() -> None:
    """An occasion noted twice is one event."""
    row = {"customer": "a", "date": D(2026, 11, 7), "occasion": "wedding", "remark": "in Ulm"}
    basis = basis_of([{"id": "a"}], occasions=[row, row])

    events = events_of("occasion", basis, first=D(2026, 11, 1), last=D(2026, 11, 30))

    assert events.drop("days_late").rows() == [
        (
            "a",
            "wedding 2026-11-07",
            D(2026, 11, 7),
            "wedding on 7 Nov 2026 (in Ulm)",
            *("wedding", "wedding", "celebrate"),
            "in Ulm",
            D(2026, 11, 7),
        )
    ]


def test_occasions_return_every_year() -> None:
    """A wedding has its anniversary; two children have two birthdays."""
    rows = [
        {"customer": "a", "date": D(2023, 6, 17), "occasion": "wedding", "remark": "in Ulm"},
        {"customer": "a", "date": D(2024, 3, 1), "occasion": "child"},
        {"customer": "a", "date": D(2020, 9, 9), "occasion": "child"},
        {"customer": "a", "date": D(2026, 5, 5), "occasion": "move"},
    ]
    basis = basis_of([{"id": "a"}], occasions=rows)

    events = events_of("occasion anniversary", basis, first=D(2026, 1, 1), last=D(2026, 12, 31))

    assert events.drop("customer", "days_late").rows() == [
        (
            "child 2026 (2024-03-01)",
            D(2026, 3, 1),
            "2 years after child on 1 Mar 2026",
            *("child", "birth", "celebrate"),
            None,
            D(2024, 3, 1),
            2,
        ),
        (
            "wedding 2026",
            D(2026, 6, 17),
            "3 years after wedding on 17 Jun 2026",
            *("wedding", "wedding", "celebrate"),
            "in Ulm",
            D(2023, 6, 17),
            3,
        ),
        (
            "child 2026",
            D(2026, 9, 9),
            "6 years after child on 9 Sept 2026",
            *("child", "birth", "celebrate"),
            None,
            D(2020, 9, 9),
            6,
        ),
    ]


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("12-24", [("a", "2026", D(2026, 12, 24)), ("a", "2027", D(2027, 12, 24))]),
        ("2027-01-06", [("a", "2027-01-06", D(2027, 1, 6))]),
        ("2025-12-24", []),
    ],
)
def test_dates_are_events_for_every_customer(
    date: str, expected: list[tuple[object, ...]]
) -> None:
    """A date without a year each year, a date with a year once."""
    basis = basis_of([{"id": "a"}])

    events = events_of("date", basis, first=D(2026, 1, 1), last=D(2027, 12, 31), date=date)

    assert events.select("customer", "key", "on").rows() == expected


def test_a_day_that_has_passed_is_late() -> None:
    """By the days since it; a day to come is not late."""
    people = [{"id": str(n), "birthday": f"--11-{n:02}"} for n in (1, 4, 5)]
    events = events_of("birthday", basis_of(people), first=D(2026, 11, 1), last=D(2026, 11, 30))
    assert events.select("customer", "days_late").rows() == [("1", 3), ("4", 0), ("5", 0)]
