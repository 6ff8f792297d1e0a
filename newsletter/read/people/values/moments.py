"""Dates, birthdays and times as people and programs write them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from newsletter.read.people.findings import Column, Findings, Reading, quoted, remark_each
from newsletter.read.people.values.ages import of_the_living
from newsletter.read.yaml import packaged_yaml

_TIME = r"[T ,]+\d{1,2}:\d{2}.*$"  # a time of day with its zone
_ISO = re.compile(r"(\d{4})([-./])(\d{1,2})\2(\d{1,2})\.?")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_NUMERIC = re.compile(r"(\d{1,2})([-./])(\d{1,2})(?:\2(\d{4}|\d{2})?)?")
_ISO_NO_YEAR = re.compile(r"--(\d{2})-?(\d{2})")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er)?[. -]*([^\W\d]+)[., -]*(\d{4}|['’]?\d{2})?")
_MONTH_DAY = re.compile(r"([^\W\d]+)[. ]*(\d{1,2})(?:st|nd|rd|th)?(?:,? +(\d{4}))?")

_ORDERS = ("DMY", "MDY")
_NO_YEAR = 2000  # a leap year, which has 29 February
_EARLIEST, _LATEST = 1850, 2150
_SMALL = 5  # years of a child who may as well be somebody of a hundred to a hundred and five
_ASK = "set dates: DMY or MDY in newsletter.yml"


def read_date(  # noqa: PLR0913  # each is a value of its own
    column: Column,
    findings: Findings,
    *,
    order: str,
    ask: bool,
    zone: str = "",
    year: int = 0,
) -> Reading:
    """
    Read days: ISO, 24.12.2024, 12/24/2024, 24 December 2024; a time of day is cut off.

    A time with a zone is first converted to *zone*, that of the business. *order* is DMY, MDY,
    YMD, or empty: the column decides. If it cannot, *ask* for the order by a problem, else take
    DMY with a remark. Two digits are a year up to the one after *year*, this one; without it
    they are none.
    """
    days = _Days.of(column.text)
    order, order_note = _settled(days, column, findings, order=order, ask=ask)

    def day(text: str) -> dt.date | None:
        parsed = parse(text, order, latest=year and year + 1)
        return parsed[0] if parsed and parsed[1] else None

    values = days.each(day, dtype=pl.Date())
    hint = "write a day of the calendar, best as 2024-12-31, or leave the cell empty"
    _report_unread(values, column, findings, what="is not a date", hint=hint)
    return Reading(local_days(values, column, zone), f"date{order_note}")


def read_birthday(
    column: Column, findings: Findings, *, order: str, ask: bool, year: int = 0
) -> Reading:
    """
    Read birthdays to `1984-02-29`, or `--02-29` without a year.

    Time and zone are ignored: a birthday is the same day everywhere. Two digits are the latest
    year up to *year*, this one. If both a small child and somebody of a hundred can be meant, the
    year is left out.
    """
    days = _Days.of(column.text)
    order, order_note = _settled(days, column, findings, order=order, ask=ask)
    doubtful = {text for text in days.distinct if _of_two_centuries(text, order, year)}

    def birthday(text: str) -> str | None:
        parsed = parse(text, order, latest=year)
        if not parsed:
            return None
        born, has_year = parsed
        return born.isoformat() if has_year and text not in doubtful else f"--{born:%m-%d}"

    values = days.each(birthday, dtype=pl.String())
    hint = "write a day of the calendar such as 1984-02-29, or --02-29 without the year"
    _report_unread(values, column, findings, what="is not a birthday", hint=hint)
    remark_each(
        findings,
        (
            (row, f"column '{column.header}': the year of {quoted(text)} can be of two centuries")
            for row, text in zip(column.rows, days.texts, strict=True)
            if text in doubtful
        ),
        hint="the year was left out; write it with four digits",
        others="birthdays whose year can be of two centuries",
    )
    values = of_the_living(values, column, findings, year=year)
    return Reading(values, f"birthday{order_note}")


def _of_two_centuries(text: str, order: str, year: int) -> bool:
    """Return whether two digits for a year can mean a small child and somebody of a hundred."""
    parsed = parse(text, order, latest=year)
    return parsed is not None and parsed[0].year >= year - _SMALL and not parse(text, order)


def _report_unread(
    values: pl.Series, column: Column, findings: Findings, *, what: str, hint: str
) -> None:
    if values.null_count() > column.text.null_count():
        wrong = values.is_null() & column.text.is_not_null()
        findings.bad(column, wrong, what=what, hint=hint)


def all_dates(text: pl.Series, order: str) -> bool:
    """Return whether every value is a date with a year, readable one way; *order* as declared."""
    days = _Days.of(text).distinct
    order, _ = _order(days, order)
    return bool(order) and all((parsed := parse(day, order)) and parsed[1] for day in days)


def parse(text: str, order: str, *, latest: int = 0) -> tuple[dt.date, bool] | None:
    """
    Return the date, and whether the text has its year; None if unreadable.

    *order*: of 03/04/2026. *latest* is the last year that two digits can mean; 0: they mean none.
    """
    year: str | None
    if match := _ISO.fullmatch(text):
        year, month, day = match[1], match[3], match[4]
    elif match := _COMPACT.fullmatch(text):
        year, month, day = match[1], match[2], match[3]
    elif match := _ISO_NO_YEAR.fullmatch(text):
        year, month, day = None, match[1], match[2]
    elif (match := _NUMERIC.fullmatch(text)) and order in _ORDERS:
        day, month = (match[1], match[3]) if order == "DMY" else (match[3], match[1])
        year = match[4]
    else:
        return _parse_named(text, latest)
    return _day(_in_full(year, latest), int(month), day=int(day))


def _in_full(year: str | None, latest: int) -> str | None:
    """Return the year in four digits: the last one with these two that is not after *latest*."""
    if year is None or len(year) == 4 or not latest:
        return year
    return str(latest - (latest - int(year.lstrip("'’"))) % 100)


def _parse_named(text: str, latest: int) -> tuple[dt.date, bool] | None:
    if match := _DAY_MONTH.fullmatch(text):
        day, name, year = match[1], match[2], match[3]
    elif match := _MONTH_DAY.fullmatch(text):
        name, day, year = match[1], match[2], match[3]
    else:
        return None
    month = MONTHS.get(name.casefold())
    return _day(_in_full(year, latest), month, day=int(day)) if month else None


def _day(year: str | None, month: int, *, day: int) -> tuple[dt.date, bool] | None:
    if year and not _EARLIEST <= int(year) <= _LATEST:
        return None
    try:
        return dt.date(int(year) if year else _NO_YEAR, month, day), year is not None
    except ValueError:
        return None


def _settled(
    days: _Days, column: Column, findings: Findings, *, order: str, ask: bool
) -> tuple[str, str]:
    """Return the order of day and month with a note about it; report an ambiguous column."""
    settled, doubtful = _order(days.distinct, order)
    if not settled:
        row = column.rows.filter(days.texts == doubtful).min()
        line = row if isinstance(row, int) else 0
        say = findings.problem if ask else findings.remark
        say(f"column '{column.header}': {_either(doubtful)}", hint=_ASK, row=line)
        settled = "DMY"
    numeric = any(_NUMERIC.fullmatch(text) for text in days.distinct)
    return settled, f" ({settled})" if numeric else ""


def _either(doubtful: str) -> str:
    days = [parsed[0] for order in _ORDERS if (parsed := parse(doubtful, order, latest=_LATEST))]
    return f"{doubtful} can be " + " or ".join(f"{day.day} {day:%B}" for day in days)


def _order(texts: Iterable[str], declared: str) -> tuple[str, str]:
    """Return the order, or an empty text and a date that can be read both ways."""
    if declared:
        return declared, ""
    sure = {"DMY": 0, "MDY": 0}
    doubtful = pointed = ""
    for text in texts:
        match = _NUMERIC.fullmatch(text)
        if not match:
            continue
        days = {order: parse(text, order, latest=_LATEST) for order in _ORDERS}
        either = days["DMY"] and days["MDY"] and days["DMY"] != days["MDY"]
        if match[2] == ".":  # dates with points begin with the day
            sure["DMY"] += 1
            pointed = pointed or (text if either else "")
        elif either:
            doubtful = doubtful or text
        elif days["DMY"] != days["MDY"]:
            sure["DMY" if days["DMY"] else "MDY"] += 1
    if sure["DMY"] and sure["MDY"]:
        doubtful = doubtful or pointed
    if doubtful and bool(sure["DMY"]) == bool(sure["MDY"]):
        return "", doubtful
    return ("MDY" if sure["MDY"] > sure["DMY"] else "DMY"), ""


@dataclass(frozen=True)
class _Days:
    """The dates of a column as written, their times cut off; a file has few distinct ones."""

    texts: pl.Series
    distinct: Sequence[str]
    """Sorted."""

    @staticmethod
    def of(text: pl.Series) -> _Days:
        texts = text.str.replace(_TIME, "")
        return _Days(texts, sorted(day for day in texts.unique() if day is not None))

    def each(self, read: Callable[[str], object], *, dtype: pl.DataType) -> pl.Series:
        """Return the result of *read* for every text, calculated once for each distinct one."""
        values = pl.Series([read(text) for text in self.distinct], dtype=dtype)
        old = pl.Series(self.distinct, dtype=pl.String)
        return self.texts.replace_strict(old, values, default=None, return_dtype=dtype)


_NAMES: Any = packaged_yaml("cells.yml").data["months"]

MONTHS = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}
"""Name in lower case → 1-12."""


_CLOCK = (
    r"[T ,](?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2}(?:[.,]\d+)?)?"
    r"\s*(?P<half>[AaPp])?\.?[Mm]?\.?"
    r"\s*(?P<zone>[Zz]|UTC|GMT|(?:UTC|GMT)?(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>\d{2})?)?"
    r"(?:\[.*\])?$"
)
_UTC_HEADER = re.compile(r"\b(UTC|GMT)\b", re.IGNORECASE)


def local_days(days: pl.Series, column: Column, zone: str) -> pl.Series:
    """
    Return the days as they were in *zone*, if the cells of *column* have a time and a zone.

    *days* are those of the cells, their times cut off. The zone is in the cell or the header
    (`Created (UTC)`); without one the time is local already. If all times are midnight, the
    program wrote days as times, and they stay.
    """
    if not zone or not column.text.str.contains(":", literal=True).any():
        return days
    in_utc = _UTC_HEADER.search(column.header) is not None
    clock = column.text.str.extract_groups(_CLOCK).struct
    part = {name: clock.field(name) for name in ("hour", "minute", "half", "zone")}
    offset = {name: clock.field(name) for name in ("sign", "hours", "minutes")}
    frame = pl.DataFrame({"day": days, **part, **offset})
    zoned = pl.col("zone").is_not_null() | (pl.lit(in_utc) & pl.col("hour").is_not_null())
    clocks = frame.select("day", zoned.fill_null(value=False), time=_time(), offset=_offset())
    if not clocks.select(((pl.col("time") != 0) & pl.col("zone")).any()).item():
        return days
    minutes = pl.duration(minutes=pl.col("time") - pl.col("offset"))
    moment = pl.col("day").cast(pl.Datetime("us")) + minutes
    local = moment.dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.date()
    return clocks.select(pl.when("zone").then(local).otherwise("day").alias(days.name)).to_series()


def _time() -> pl.Expr:
    """Return the minutes since midnight."""
    hour = _number("hour")
    noon = pl.when(pl.col("half").str.to_lowercase() == "p").then(12).otherwise(0)
    hour = pl.when(pl.col("half").is_null()).then(hour).otherwise(hour % 12 + noon)
    return hour * 60 + _number("minute")


def _offset() -> pl.Expr:
    """Return the minutes by which the cell's clock is ahead of UTC."""
    east = pl.when(pl.col("sign") == "-").then(-1).otherwise(1)
    return east * (_number("hours") * 60 + _number("minutes"))


def _number(digits: str) -> pl.Expr:
    return pl.col(digits).cast(pl.Int32).fill_null(0)
