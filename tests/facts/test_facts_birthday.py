"""Birthdays over leap days, year ends and unknown years."""

from __future__ import annotations

import datetime as dt

import pytest


@pytest.mark.parametrize(
    ("birthday", "today", "days", "age"),
    [
        ("1984-11-04", "2026-11-04", 0, 42),
        ("1984-11-05", "2026-11-04", 1, 41),
        ("1984-11-03", "2026-11-04", 364, 42),
        ("--01-01", "2026-12-31", 1, None),
        ("1990-12-31", "2027-01-01", 364, 36),
        ("1984-02-29", "2027-02-27", 1, 42),
        ("1984-02-29", "2027-02-28", 0, 43),
        ("1984-02-29", "2027-03-01", 365, 43),
        ("--02-29", "2028-02-28", 1, None),
        ("--02-29", "2028-02-29", 0, None),
        ("1984-02-29", "2027-12-31", 60, 43),
        (None, "2026-11-04", None, None),
    ],
)
def test_days_to_birthday_and_age(know, birthday, today, days, age) -> None:
    """On the day itself 0; without a year in the row the age is missing."""
    facts = know([{"id": "a", "birthday": birthday}], today=dt.date.fromisoformat(today))
    row = facts.row(0, named=True)
    assert (row["days_to_birthday"], row["age"]) == (days, age)
    assert row["birthday_today"] is (days == 0)
