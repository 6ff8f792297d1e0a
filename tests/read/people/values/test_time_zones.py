"""A time in another zone falls on the business's day; a date without time is that day."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable

import polars as pl
import pytest

from newsletter.errors import Problem
from newsletter.model.project import People
from newsletter.read.people.findings import Column, Findings
from newsletter.read.people.table_files import read_parquet
from newsletter.read.people.values.moments import read_birthday, read_date

Make = Callable[..., Column]
Read = Callable[..., tuple[People, list[Problem]]]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-10-31T23:30:00Z", "2026-11-01"),
        ("2026-10-31T22:59:59.999Z", "2026-10-31"),
        ("2026-10-31T23:30:00+01:00", "2026-10-31"),
        ("2026-10-31 18:30:00 -0500", "2026-11-01"),
        ("2026-11-01T00:30:00+09", "2026-10-31"),
        ("2026-11-01T00:30:00+05:30[Asia/Kolkata]", "2026-10-31"),
        ("2026-12-31 23:30 UTC", "2027-01-01"),
        ("2024-02-28T23:30Z", "2024-02-29"),
        ("31.10.2026 23:30 GMT", "2026-11-01"),
        ("10/31/2026 11:30 PM +0000", "2026-11-01"),
        ("10/31/2026 12:10 AM UTC", "2026-10-31"),
        ("31 October 2026, 23:30 Z", "2026-11-01"),
        ("2026-07-31T22:30:00Z", "2026-08-01"),  # summer time: two hours ahead of UTC
        ("2026-10-31T23:30:00", "2026-10-31"),
        ("2026-10-31 23:30", "2026-10-31"),
        ("2026-10-31", "2026-10-31"),
        (None, None),
    ],
)
def test_a_time_with_a_zone_is_converted_to_the_business_s_zone(
    text: str | None, day: str | None, column: Make, findings: Findings
) -> None:
    """Half past eleven at night in London is the next day in Luxembourg."""
    cells = column(text, "2026-01-01")
    read = read_date(cells, findings, order="", ask=True, zone="Europe/Luxembourg")
    first = day and dt.date.fromisoformat(day)
    assert read.values.to_list() == [first, dt.date(2026, 1, 1)]
    assert not findings.problems + findings.remarks
    assert not findings.faults


def test_the_header_may_name_the_zone(findings: Findings) -> None:
    """`Created (UTC)` of Stripe; the cells have the time alone."""
    text, rows = pl.Series(["2026-10-31 23:30", "2026-10-31"]), pl.Series([2, 3], dtype=pl.UInt32)
    created = Column("Created (UTC)", text, rows)
    read = read_date(created, findings, order="", ask=True, zone="Europe/Luxembourg")
    assert read.values.to_list() == [dt.date(2026, 11, 1), dt.date(2026, 10, 31)]


def test_a_column_of_midnights_is_a_column_of_dates(column: Make, findings: Findings) -> None:
    """Nobody ordered at midnight; a single other time makes all of them times."""
    midnights = ["2026-11-01T00:00:00Z", "2026-11-02T00:00:00.000Z"]
    for cells, first in ((midnights, 1), ([*midnights, "2026-11-03T10:00:00Z"], 31)):
        read = read_date(column(*cells), findings, order="", ask=True, zone="America/New_York")
        assert read.values[0].day == first


def test_a_birthday_is_the_same_day_everywhere(column: Make, findings: Findings) -> None:
    """A program's time zone moves nobody's birthday."""
    read = read_birthday(column("1984-02-29T23:30:00Z"), findings, order="", ask=True)
    assert read.values.to_list() == ["1984-02-29"]


def test_orders_are_in_the_time_zone_of_newsletter_yml(read: Read) -> None:
    """So are further columns that are dates."""
    people, problems = read(
        {
            "customers.csv": "id,email,last seen\n1,a@example.com,2026-10-31T23:30:00Z\n",
            "orders.csv": "customer,date,amount\n1,2026-10-31T23:30:00Z,5\n1,2026-10-31,5\n",
        },
        timezone="Europe/Luxembourg",
    )
    assert not problems
    days = [dt.date(2026, 10, 31), dt.date(2026, 11, 1)]
    assert people.tables["orders"]["date"].to_list() == days
    assert people.customers["last_seen"].to_list() == days[1:]


def test_times_of_a_parquet_file_keep_their_zone(findings: Findings) -> None:
    """The zone of a typed column is written out, so that it is read like a text."""
    moment = pl.Series("date", [dt.datetime(2026, 10, 31, 23, 30)])
    file = io.BytesIO()
    pl.DataFrame([moment.dt.replace_time_zone("UTC"), moment.alias("local")]).write_parquet(file)
    cells = read_parquet(file.getvalue(), findings).cells
    assert cells.select("date", "local").row(0) == (
        "2026-10-31 23:30:00 +0000",
        "2026-10-31 23:30:00",
    )
