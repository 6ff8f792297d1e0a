"""Days that are the same for everybody: 24 December, or one day of one year."""

from __future__ import annotations

import datetime as dt

import polars as pl

from newsletter.plan.events.basis import EventBasis, Window, iso, returns


def date(basis: EventBasis, window: Window) -> pl.DataFrame:
    """Return that day for every customer; key: the year, or the day where it has a year."""
    days = _days(basis, window)
    customers = basis.facts.select(pl.col("id").alias("customer"))
    return customers.join(days, how="cross")


def _days(basis: EventBasis, window: Window) -> pl.DataFrame:
    one = len(window.date) > len("12-24")
    if one:
        day = pl.DataFrame({"on": [dt.date.fromisoformat(window.date)]})
        found = day.filter(window.holds(pl.col("on")))
    else:
        month, number = (pl.lit(int(part)) for part in window.date.split("-"))
        day = pl.DataFrame({"_day": [1]})
        found = returns(day, window, month=month, day=number, config=basis.config)
    key = iso("on") if one else pl.col("on").dt.to_string("%Y")
    return found.select("on", key.alias("key"), iso("on").alias("about"))
