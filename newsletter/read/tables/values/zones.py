"""Moments with a time zone → the business's own day."""

from __future__ import annotations

import re

import polars as pl

from newsletter.read.tables.reading import Column

_CLOCK = (
    r"[T ,](?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2}(?:[.,]\d+)?)?"
    r"\s*(?P<half>[AaPp])?\.?[Mm]?\.?"
    r"\s*(?P<zone>[Zz]|UTC|GMT|(?:UTC|GMT)?(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>\d{2})?)?"
    r"(?:\[.*\])?$"
)
_UTC_HEADER = re.compile(r"\b(UTC|GMT)\b", re.IGNORECASE)


def local_days(days: pl.Series, column: Column, zone: str) -> pl.Series:
    """
    Return the days as they were in *zone*, where the cells of *column* tell time and zone.

    *days* are those of the cells, their time cut off. Without a zone a cell, or the header
    (`Created (UTC)`), is local already. If all times are midnight, the program wrote days as
    moments: they stay.
    """
    if not zone or not column.text.str.contains(":", literal=True).any():
        return days
    in_utc = _UTC_HEADER.search(column.header) is not None
    clock = column.text.str.extract_groups(_CLOCK).struct
    part = {name: clock.field(name) for name in ("hour", "minute", "half", "zone")}
    offset = {name: clock.field(name) for name in ("sign", "hours", "minutes")}
    frame = pl.DataFrame({"day": days, **part, **offset})
    zoned = pl.col("zone").is_not_null() | (pl.lit(in_utc) & pl.col("hour").is_not_null())
    told = frame.select("day", zoned.fill_null(value=False), time=_time(), offset=_offset())
    if not told.select(((pl.col("time") != 0) & pl.col("zone")).any()).item():
        return days
    minutes = pl.duration(minutes=pl.col("time") - pl.col("offset"))
    moment = pl.col("day").cast(pl.Datetime("us")) + minutes
    local = moment.dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.date()
    return told.select(pl.when("zone").then(local).otherwise("day").alias(days.name)).to_series()


def _time() -> pl.Expr:
    """Return the minutes since midnight."""
    hour = _number("hour")
    noon = pl.when(pl.col("half").str.to_lowercase() == "p").then(12).otherwise(0)
    hour = pl.when(pl.col("half").is_null()).then(hour).otherwise(hour % 12 + noon)
    return hour * 60 + _number("minute")


def _offset() -> pl.Expr:
    """Return the minutes by which the cell's clock goes before UTC."""
    east = pl.when(pl.col("sign") == "-").then(-1).otherwise(1)
    return east * (_number("hours") * 60 + _number("minutes"))


def _number(digits: str) -> pl.Expr:
    return pl.col(digits).cast(pl.Int32).fill_null(0)
