"""Dates and birthdays in every spelling.

The order of day and month is declared, evident from the column, or asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from newsletter.read.people.findings import Column, Findings
from newsletter.read.people.values.moments import read_birthday, read_date

Make = Callable[..., Column]


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-29",
        "2024/2/29",
        "20240229",
        "2024-02-29T10:30:00Z",
        "2024-02-29 10:30:00 +0100",
        "29.02.2024",
        "29.2.2024 10:30",
        "29/02/2024",
        "02/29/2024",
        "2/29/2024 3:04 PM",
        "29-02-2024",
        "29 February 2024",
        "29. Februar 2024",
        "29 févr. 2024",
        "Feb 29, 2024",
        "February 29 2024",
        "29th Feb 2024",
    ],
)
def test_unambiguous_dates_are_read(text: str, column: Make, findings: Findings) -> None:
    """Whatever their spelling."""
    reading = read_date(column(text, None), findings, order="", ask=True)
    assert reading.values.to_list() == [dt.date(2024, 2, 29), None]
    assert not findings.problems + findings.remarks
    assert not findings.faults


@pytest.mark.parametrize(
    ("texts", "day", "words"),
    [
        (("03/04/2026", "25/12/2025"), dt.date(2026, 4, 3), "date (DMY)"),
        (("03/04/2026", "12/25/2025"), dt.date(2026, 3, 4), "date (MDY)"),
        (("03.04.2026",), dt.date(2026, 4, 3), "date (DMY)"),
        (("04/04/2026",), dt.date(2026, 4, 4), "date (DMY)"),
    ],
)
def test_one_unambiguous_date_settles_the_column(
    texts: tuple[str, ...], day: dt.date, words: str, column: Make, findings: Findings
) -> None:
    """The others are read in the same order."""
    reading = read_date(column(*texts), findings, order="", ask=True)
    assert (reading.values[0], reading.description) == (day, words)
    assert not findings.problems


@pytest.mark.parametrize("texts", [("03/04/2026",), ("03/04/2026", "25/12/2025", "12/25/2025")])
def test_an_ambiguous_column_stops_the_build_with_a_question(
    texts: tuple[str, ...], column: Make, findings: Findings
) -> None:
    """Also one that contradicts itself."""
    read_date(column(*texts), findings, order="", ask=True)
    assert [str(problem) for problem in findings.problems] == [
        "f.csv:2: column 'H': 03/04/2026 can be 3 April or 4 March\n"
        "  hint: set dates: DMY or MDY in newsletter.yml"
    ]


def test_look_reads_ambiguous_dates_day_first(column: Make, findings: Findings) -> None:
    """A remark says so."""
    reading = read_date(column("03/04/2026"), findings, order="", ask=False)
    assert reading.values.to_list() == [dt.date(2026, 4, 3)]
    assert not findings.problems
    assert "can be 3 April or 4 March" in findings.remarks[0].message


@pytest.mark.parametrize(("order", "month"), [("DMY", 4), ("MDY", 3)])
def test_the_declared_order_is_used(
    order: str, month: int, column: Make, findings: Findings
) -> None:
    """newsletter.yml is not doubted."""
    reading = read_date(column("03/04/2026"), findings, order=order, ask=True)
    assert reading.values[0].month == month
    assert not findings.problems


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("05.07.26", dt.date(2026, 7, 5)),
        ("05.01.27", dt.date(2027, 1, 5)),
        ("05.01.28", dt.date(1928, 1, 5)),
        ("24.12.99", dt.date(1999, 12, 24)),
        ("12/24/99", dt.date(1999, 12, 24)),
        ("24. Dez. 25", dt.date(2025, 12, 24)),
        ("24 Dec '25", dt.date(2025, 12, 24)),
        ("29.02.24", dt.date(2024, 2, 29)),
    ],
)
def test_two_digits_are_a_year_up_to_the_next_one(
    text: str, day: dt.date, column: Make, findings: Findings
) -> None:
    """A visit is in the past or not far ahead."""
    reading = read_date(column(text), findings, order="", ask=True, year=2026)
    assert reading.values.to_list() == [day]
    assert not findings.problems + findings.remarks
    assert not findings.faults


def test_two_digits_leave_the_order_of_day_and_month_open(
    column: Make, findings: Findings
) -> None:
    """As four do."""
    read_date(column("03/04/26"), findings, order="", ask=True, year=2026)
    assert "03/04/26 can be 3 April or 4 March" in findings.problems[0].message


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("01.12.69", "1969-12-01"),
        ("21.04.02", "2002-04-21"),
        ("21.04.20", "2020-04-21"),
        ("21.04.27", "1927-04-21"),
        ("21.04.2024", "2024-04-21"),
    ],
)
def test_two_digits_of_a_birthday_are_the_latest_year(
    text: str, born: str, column: Make, findings: Findings
) -> None:
    """Nobody is born in the future."""
    reading = read_birthday(column(text), findings, order="", ask=True, year=2026)
    assert reading.values.to_list() == [born]
    assert not findings.remarks


@pytest.mark.parametrize("text", ["21.04.21", "21.04.26"])
def test_a_small_child_or_somebody_of_a_hundred_has_no_year(
    text: str, column: Make, findings: Findings
) -> None:
    """The day is kept, and a remark asks for the year."""
    reading = read_birthday(column(text), findings, order="", ask=True, year=2026)
    assert reading.values.to_list() == ["--04-21"]
    assert [str(remark) for remark in findings.remarks] == [
        f"f.csv:2: column 'H': the year of '{text}' can be of two centuries\n"
        "  hint: the year was left out; write it with four digits"
    ]


@pytest.mark.parametrize(
    "text", ["31.02.2024", "2023-02-29", "2024-13-01", "31.02.85", "soon", "0001-01-01", "45321"]
)
def test_impossible_dates_are_bad(text: str, column: Make, findings: Findings) -> None:
    """A day in no calendar, a word: with line, column, value and cure."""
    read_date(column("2024-01-01", text), findings, order="", ask=True)
    assert [str(problem) for problem in findings.bad_rows()] == [
        f"f.csv:3: column 'H': '{text}' is not a date\n"
        "  hint: write a day of the calendar, best as 2024-12-31, or leave the cell empty"
    ]


@pytest.mark.parametrize(
    "text",
    ["--02-29", "--0229", "29.02.", "29.02", "29.2.", "02/29", "29/02", "Feb 29", "29. Februar"],
)
def test_birthdays_without_year(text: str, column: Make, findings: Findings) -> None:
    """Customers need not tell the year; 29 February is such a day as well."""
    reading = read_birthday(column(text), findings, order="", ask=True)
    assert reading.values.to_list() == ["--02-29"]
    assert not findings.problems
    assert not findings.faults


def test_birthdays_with_and_without_year(column: Make, findings: Findings) -> None:
    """One column may have both."""
    cells = column("1984-02-29", "31.12.", "24.12.1990", None, "29.02.1983")
    reading = read_birthday(cells, findings, order="", ask=True)
    assert reading.values.to_list() == ["1984-02-29", "--12-31", "1990-12-24", None, None]
    assert [str(problem) for problem in findings.bad_rows()] == [
        "f.csv:6: column 'H': '29.02.1983' is not a birthday\n"
        "  hint: write a day of the calendar such as 1984-02-29, or --02-29 without the year"
    ]


def test_an_ambiguous_birthday_stops_the_build_with_a_question(
    column: Make, findings: Findings
) -> None:
    """03/04 may be two days."""
    read_birthday(column("03/04"), findings, order="", ask=True)
    assert "03/04 can be 3 April or 4 March" in str(findings.problems[0])


@pytest.mark.parametrize("day", ["1.1.1900", "31.12.1899", "1.1.1910", "3.4.2027"])
def test_a_birthday_of_nobody_alive_is_left_empty(
    day: str, column: Callable[..., Column], findings: Findings
) -> None:
    """Programs fill in such days; a word is said for each."""
    reading = read_birthday(column(day, "2.1.1912"), findings, order="DMY", ask=True, year=2026)
    assert reading.values.to_list() == [None, "1912-01-02"]
    assert [remark.message for remark in findings.remarks] == [
        f"column 'H': '{day}' (1 time) is no birthday of anybody alive, and was left empty"
    ]
