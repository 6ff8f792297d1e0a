"""Quiet days, days not to write to some customers, and when held rows become possible."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl

from newsletter.model.customs import DoNotWrite
from newsletter.plan.due import is_quiet
from newsletter.plan.etiquette.caps import free_on
from newsletter.plan.etiquette.done import next_attempts
from newsletter.plan.etiquette.evidence import Basis
from newsletter.plan.etiquette.gap import rested_on
from newsletter.plan.etiquette.left_in_peace import with_states
from newsletter.plan.etiquette.reserved import reserved_touches
from newsletter.plan.etiquette.together import touches_of
from newsletter.plan.left_alone import left_alone

_DAY = dt.timedelta(days=1)
_YEAR = 366


def quiet(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Hold all rows on a quiet day, unless they are exempt."""
    if not is_quiet(basis.day, basis.config):
        return rows.clear().with_columns(skipped_because=pl.lit(""))
    held = basis.subject_to("quiet", rows)
    dated = str(basis.day) in map(str, basis.config.etiquette.quiet_days)
    name = basis.reasons.day(basis.day) if dated else basis.reasons.weekday(basis.day)
    return held.with_columns(skipped_because=basis.told("quiet", name=pl.lit(name)))


def do_not_write(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Hold rows of customers who must not be written to on this day, unless exempt."""
    today = [days for days in basis.customs.do_not_write if basis.day in days.days]
    table = basis.of(basis.subject_to("do_not_write", rows), "country", "celebrates")
    language = basis.reasons.language
    names = [
        pl.when(_left_alone(days, basis)).then(pl.lit(days.name.in_language(language, "en")))
        for days in today
    ]
    name = pl.coalesce(*names, pl.lit(None, dtype=pl.String))
    return table.with_columns(skipped_because=name).drop_nulls("skipped_because")


def first_open(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """
    Return *rows* (with `country`, `celebrates`) and `possible_on`.

    That is the first day from `earliest` on that is not quiet and on which they may be written to.
    """
    last = rows["earliest"].max()
    if not isinstance(last, dt.date):
        return rows.with_columns(possible_on=pl.col("earliest"))
    table = _open_days(basis, last + _DAY * _YEAR)
    after = dict(table.iter_rows())
    first = pl.col("earliest").replace_strict(after, default=None, return_dtype=pl.Date())
    days = sorted(
        (day, number)
        for number, left in enumerate(basis.customs.do_not_write)
        for day in left.days
        if basis.day < day <= last + _DAY * _YEAR
    )
    opened = rows.with_columns(possible_on=first)
    for day, number in days:
        left = basis.customs.do_not_write[number]
        met = (pl.col("possible_on") == day) & _left_alone(left, basis)
        later = (
            pl.when(met).then(pl.lit(after.get(day + _DAY), pl.Date())).otherwise("possible_on")
        )
        opened = opened.with_columns(possible_on=later)
    return opened


def _open_days(basis: Basis, last: dt.date) -> pl.DataFrame:
    """Return each day until *last* and the first day that is not quiet, counting from it."""
    days = pl.date_range(basis.day, last, eager=True)
    open_ = [None if is_quiet(day, basis.config) else day for day in days]
    table = pl.DataFrame({"day": days, "open": pl.Series(open_, dtype=pl.Date())})
    return table.with_columns(pl.col("open").fill_null(strategy="backward"))


def _left_alone(left: DoNotWrite, basis: Basis) -> pl.Expr:
    return left_alone(left, basis.customs, basis.countries)


HELD_BACK = (
    "try_again",
    "cap",
    "gap",
    "reserved",
    "quiet",
    "do_not_write",
    "one_a_day",
    "capacity",
)
"""Rules that only postpone a touchpoint. `peace` and `after` do, too, but have their own dates."""


def possible(
    rows: pl.DataFrame, held: pl.DataFrame, planned: pl.DataFrame, basis: Basis
) -> pl.DataFrame:
    """
    Return *held* with `possible_on`: the first day that neither cap, gap nor calendar forbids.

    A row that waits for another practice is possible the day after that practice is; null if that
    practice is not due. Rows held by other rules are never possible: null.
    """
    touches = pl.concat([basis.touches, touches_of(planned, basis)])
    tomorrow = basis.day + dt.timedelta(days=1)
    waits = [name for name in HELD_BACK if name != "reserved"]
    back, yielding = (
        _waiting(_rows(rows, held, rules), basis, tomorrow=tomorrow)
        for rules in (waits, ("reserved",))
    )
    back = pl.concat([back, _after_peace(rows, held, basis)])
    further = pl.concat([touches, reserved_touches(yielding, basis)])
    back = pl.concat([_opened(back, touches, basis), _opened(yielding, further, basis)])
    today = planned.select("idx", "practice", possible_on=pl.lit(basis.day))
    soon = pl.concat([today, back.select("idx", "practice", "possible_on")])
    waiting = _after(_rows(rows, held, ("after",)), soon, basis)
    days = [part.select("row", "possible_on") for part in (back, _opened(waiting, touches, basis))]
    return held.drop("idx").join(pl.concat(days), on="row", how="left", maintain_order="left")


def _waiting(back: pl.DataFrame, basis: Basis, *, tomorrow: dt.date) -> pl.DataFrame:
    """Return *back* with `earliest`: tomorrow, or the day of the next attempt if that is later."""
    attempts = next_attempts(back, basis).select("row", "earliest")
    tried = back.join(attempts, on="row", how="left", maintain_order="left")
    return tried.with_columns(pl.max_horizontal("earliest", pl.lit(tomorrow)))


def _rows(rows: pl.DataFrame, held: pl.DataFrame, rules: Sequence[str]) -> pl.DataFrame:
    those = held.filter(pl.col("rule").is_in(rules))
    return rows.select("row", "idx", "practice", "channel", "key", "owed").join(
        those.select("row"), on="row", how="semi", maintain_order="left"
    )


def _after_peace(rows: pl.DataFrame, held: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Return the rows that wait for a state to pass, with `earliest`: the day after it."""
    waiting = _rows(rows, held, ("peace",))
    ends = with_states(waiting, basis).select(
        "row", earliest=pl.col("until") + pl.duration(days=1)
    )
    return waiting.join(ends, on="row", how="left", maintain_order="left")


def _after(waiting: pl.DataFrame, soon: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Return *waiting* with `earliest`: the day after the practice that must come first."""
    first = {name: practice.after for name, practice in basis.practices.items() if practice.after}
    before = (
        pl.col("practice")
        .cast(pl.String)
        .replace_strict(first, default=None, return_dtype=pl.String)
    )
    days = soon.group_by("idx", pl.col("practice").cast(pl.String).alias("_first")).agg(
        (pl.col("possible_on").min() + pl.duration(days=1)).alias("earliest")
    )
    return waiting.with_columns(_first=before).join(
        days, on=["idx", "_first"], how="left", maintain_order="left"
    )


def _opened(rows: pl.DataFrame, touches: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    free = free_on(rows, touches, basis)
    earliest = pl.when(pl.col("earliest").is_not_null()).then(
        pl.max_horizontal("earliest", "free", rested_on(rows, touches, basis))
    )
    return first_open(
        basis.of(free.with_columns(earliest=earliest), "country", "celebrates"), basis
    )
