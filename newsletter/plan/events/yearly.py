"""Days of a customer's life, each year: birthdays, anniversaries, occasions; and fixed dates."""

from __future__ import annotations

import datetime as dt

import polars as pl

from newsletter.facts.occasions import with_kinds
from newsletter.plan.events.basis import (
    EventBasis,
    Window,
    about,
    filled,
    in_words,
    iso,
    returns,
    yearly,
)


def birthday(basis: EventBasis, window: Window) -> pl.DataFrame:
    """Return birthdays, not the day of birth itself; key: the year."""
    born = pl.col("birthday")
    people = basis.people(born).drop_nulls()
    birthdays = returns(
        people,
        window,
        month=born.str.slice(-5, 2).cast(pl.Int8, strict=False),
        day=born.str.slice(-2, 2).cast(pl.Int8, strict=False),
        config=basis.config,
    )
    year = born.str.slice(0, 4).cast(pl.Int64, strict=False)  # null for `--02`
    turned = birthdays.with_columns(turns=pl.col("on").dt.year().cast(pl.Int64) - year)
    told = filled(basis.reasons, "turns", number="turns")
    age = pl.when(pl.col("turns").is_not_null()).then(told)
    return turned.filter((pl.col("turns") > 0).fill_null(value=True)).with_columns(
        pl.col("on").dt.to_string("%Y").alias("key"),
        about(basis.reasons, "birthday", date="on", detail=age),
    )


def anniversary(basis: EventBasis, window: Window) -> pl.DataFrame:
    """Return anniversaries of customer_since, else of the first order; key: `4 years`."""
    began = pl.coalesce("customer_since", "first_order_date").alias("_began")
    people = basis.people(began).drop_nulls()
    returns = yearly(people, window, pl.col("_began"), config=basis.config)
    years = (pl.col("on").dt.year() - pl.col("_began").dt.year()).cast(pl.Int64)
    anniversaries = returns.with_columns(anniversary_years=years).filter(
        pl.col("anniversary_years") > 0
    )
    number = pl.col("anniversary_years")
    return anniversaries.with_columns(
        _in_years(number).alias("key"),
        about(
            basis.reasons, "anniversary", years=_told_years(basis, "anniversary_years"), date="on"
        ),
    )


def occasion(basis: EventBasis, window: Window) -> pl.DataFrame:
    """Return the occasions themselves; key: `wedding 2023-06-17`."""
    rows = _occasions(basis).filter(window.holds(pl.col("occasion_date")))
    return _with_kinds(rows, basis).with_columns(
        _named(iso("occasion_date")).alias("key"),
        pl.col("occasion_date").alias("on"),
        about(
            basis.reasons,
            "occasion",
            name=_named_in(basis),
            date="occasion_date",
            detail=pl.col("occasion_remark"),
        ),
    )


def occasion_anniversary(basis: EventBasis, window: Window) -> pl.DataFrame:
    """
    Return the yearly returns of occasions; key: `wedding 2026`.

    The key of a second occasion of one kind, as a second birth, has its date, too: `birth 2026`
    and `birth 2026 (2023-06-17)`.
    """
    rows = _occasions(basis).with_columns(
        _later=pl.int_range(pl.len()).over("customer", "occasion") > 0
    )
    returns = yearly(rows, window, pl.col("occasion_date"), config=basis.config)
    years = (pl.col("on").dt.year() - pl.col("occasion_date").dt.year()).cast(pl.Int64)
    anniversaries = returns.with_columns(occasion_years=years).filter(pl.col("occasion_years") > 0)
    anniversaries = _with_kinds(anniversaries, basis)
    key = _named(pl.col("on").dt.to_string("%Y"))
    dated_key = key + pl.format(" ({})", iso("occasion_date"))
    return anniversaries.with_columns(
        pl.when("_later").then(dated_key).otherwise(key).alias("key"),
        about(
            basis.reasons,
            "occasion anniversary",
            years=_told_years(basis, "occasion_years"),
            name=_named_in(basis),
            date="on",
        ),
    )


_NAME = pl.col("occasion").fill_null("occasion")


def _named_in(basis: EventBasis) -> pl.Expr:
    return pl.col("occasion").fill_null(basis.reasons.events["an_occasion"])


def _named(when: pl.Expr) -> pl.Expr:
    return pl.format("{} {}", _NAME, when)


def _occasions(basis: EventBasis) -> pl.DataFrame:
    """Return each occasion once, its columns named as the details of the event."""
    rows = basis.tables.with_future("occasions").sort(
        "customer", "date", "occasion", "remark", nulls_last=True
    )
    return rows.unique(["customer", "date", "occasion"], keep="first", maintain_order=True).select(
        "customer", "occasion", pl.col("remark").alias("occasion_remark"), occasion_date="date"
    )


def _with_kinds(rows: pl.DataFrame, basis: EventBasis) -> pl.DataFrame:
    named = rows.rename({"occasion_remark": "remark"})
    kinds = with_kinds(named, basis.customs, language=basis.config.language)
    return kinds.rename({"remark": "occasion_remark"})


def date(basis: EventBasis, window: Window) -> pl.DataFrame:
    """Return the date for every customer; key: the year, or the whole date if it has a year."""
    days = _days(basis, window)
    return basis.people().join(days, how="cross")


def _days(basis: EventBasis, window: Window) -> pl.DataFrame:
    has_year = len(window.date) > len("12-24")
    if has_year:
        day = pl.DataFrame({"on": [dt.date.fromisoformat(window.date)]})
        days = day.filter(window.holds(pl.col("on")))
    else:
        month, number = (pl.lit(int(part)) for part in window.date.split("-"))
        day = pl.DataFrame({"_day": [1]})
        days = returns(day, window, month=month, day=number, config=basis.config)
    key = iso("on") if has_year else pl.col("on").dt.to_string("%Y")
    return days.select(
        "on", key.alias("key"), in_words(pl.col("on"), basis.reasons).alias("about")
    )


def _in_years(number: pl.Expr) -> pl.Expr:
    """Return `1 year`, `4 years`."""
    return pl.when(number == 1).then(pl.lit("1 year")).otherwise(pl.format("{} years", number))


def _told_years(basis: EventBasis, column: str) -> pl.Expr:
    """Return the number of years in that column in words: 4 years."""
    numbers = range(1, _MOST_YEARS + 1)
    names = [basis.reasons.times(column, number) for number in numbers]
    return pl.col(column).replace_strict(numbers, names, default=None, return_dtype=pl.String)


_MOST_YEARS = 1000
