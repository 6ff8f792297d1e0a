"""What customers live through in a simulated stretch of care: measured on its plans."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

import polars as pl

from newsletter.model.channels import POSTED
from newsletter.model.practice import ISSUE, Practice
from newsletter.model.project import Project
from newsletter.plan.due import is_quiet, last_posting
from newsletter.plan.planning import plan_days
from newsletter.plan.windows import has_day

Row = dict[str, Any]
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Lived:
    """The plans of some days, each carried out as it says."""

    project: Project
    first: dt.date
    last: dt.date
    planned: list[Row]
    """Rows of PLAN in their order."""
    waiting: list[Row]
    """Held rows of each day: of thank-yous, and of practices with a day of their own."""

    @property
    def practices(self) -> dict[str, Practice]:
        """The practices by name."""
        return {practice.name: practice for practice in self.project.planned_practices}


def lived(project: Project, *, first: dt.date, last: dt.date) -> Lived:
    """Return what happens from *first* to *last* if every plan is carried out."""
    planned: list[Row] = []
    waiting: list[Row] = []
    watched = [p.name for p in project.planned_practices if has_day(p) or p.together]
    for plan in plan_days(project, first=first, last=last):
        planned += plan.planned.to_dicts()
        held = pl.col("skipped_because").is_not_null() & pl.col("practice").is_in(watched)
        waiting += plan.table.filter(held, pl.col("date") == plan.day).to_dicts()
    return Lived(project, first, last, planned, waiting)


def touches_each(run: Lived) -> list[int]:
    """Return how many touchpoints each customer got, without issues, in ascending order."""
    counts = dict.fromkeys(run.project.people.customers["id"], 0)
    for row in run.planned:
        counts[row["customer"]] += row["practice"] != ISSUE
    return sorted(counts.values())


def quantile(values: list[int], share: float) -> int:
    """Return the value below which that share of the sorted values lies."""
    return values[min(len(values) - 1, int(share * len(values)))] if values else 0


def closer_than_the_gap(run: Lived) -> list[tuple[Row, Row]]:
    """Return pairs of touchpoints of a customer with too few days between them."""
    gap, practices = run.project.config.etiquette.gap, run.practices
    days = defaultdict(list)
    for row in run.planned:
        practice = practices[row["practice"]]
        if not row["owed"] and "gap" not in practice.exempt:
            days[row["customer"]].append(row)
    return [
        (one, other)
        for rows in days.values()
        for one, other in pairwise(sorted(rows, key=lambda row: row["date"]))
        if (other["date"] - one["date"]).days < gap
    ]


@dataclass(frozen=True)
class Thanks:
    """How customers were thanked for their orders."""

    days: list[int]
    """From each order to its thank-you, sorted."""
    unthanked: int
    """Orders whose time was over before there was room for a thank-you."""


def thanks(run: Lived, *, practice: str = "thank-you") -> Thanks:
    """Return the delays of thank-yous for the orders in the simulated time."""
    offset = dt.timedelta(days=run.practices[practice].offset.count)
    given = defaultdict(list)
    for row in run.planned:
        if row["practice"] == practice:
            orders = (row["arrives"] - offset, dt.date.fromisoformat(row["key"]))
            given[row["customer"]].append((row["date"], *orders))
    orders = run.project.people.tables["orders"].filter(pl.col("amount") > 0)
    reached = {row["customer"] for row in run.planned if row["practice"] == practice}
    days, unthanked = [], 0
    for customer, day in orders.select("customer", "date").unique().rows():
        if customer not in reached or not run.first <= day <= run.last - dt.timedelta(days=10):
            continue
        dates = [date for date, first, last in given[customer] if first <= day <= last]
        days += [(min(dates) - day).days] if dates else []
        unthanked += not dates
    return Thanks(sorted(days), unthanked)


def late_for_another(run: Lived) -> list[Row]:
    """
    Return what had its own day, and was held then because of what has none and is not owed.

    If its day is quiet, the first open day after it counts. Nobody could know of an event before
    the date of its entry.
    """
    touches = defaultdict(list)
    for row in run.planned:
        touches[row["customer"]].append(row)
    return [
        row
        for row in run.waiting
        if has_day(run.practices[row["practice"]]) and row["date"] == _day_of(row, run)
        if any(_puts_off(row, other, run) for other in touches[row["customer"]])
    ]


def _day_of(row: Row, run: Lived) -> dt.date:
    """Return the first open day on which to act on a row."""
    day = row["arrives"]
    if row["channel"] in POSTED:
        day = pl.select(last_posting(pl.lit(day), run.project.config)).item()
    while is_quiet(day, run.project.config):
        day += _DAY
    return day


def _puts_off(held: Row, other: Row, run: Lived) -> bool:
    """Return whether a touchpoint without a day is a reason why a row is held."""
    practice = run.practices[other["practice"]]
    known = max(
        (e.date for e in run.project.entries if e.slug == held["entry"]), default=run.first
    )
    if other["owed"] or has_day(practice) or not known <= other["date"] <= held["date"]:
        return False
    named = f"{other['date']} ({other['practice']}" in held["skipped_because"]
    today = other["date"] == held["date"] and held["rule"] == "one_a_day"
    return (held["rule"] in ("cap", "gap") and named) or today


def within(
    run: Lived, practices: Iterable[str], days: Iterable[tuple[str, dt.date]], *, span: int
) -> list[Row]:
    """Return touchpoints of *practices* within *span* days after a day of their customer."""
    since = defaultdict(list)
    for customer, day in days:
        since[customer].append(day)
    names = set(practices)
    return [
        row
        for row in run.planned
        if row["practice"] in names
        if any(0 < (row["date"] - day).days <= span for day in since[row["customer"]])
    ]


def figures(run: Lived) -> Iterator[str]:
    """Yield the measures, a line each."""
    each, thanked = touches_each(run), thanks(run)
    yield (
        f"touchpoints of {len(each)} customers: {sum(each)}; each {median(each):g} (median), "
        f"{quantile(each, 0.9)} (p90), {each[-1]} (most)"
    )
    yield f"pairs closer than the gap: {len(closer_than_the_gap(run))}"
    yield (
        f"thank-yous for {len(thanked.days)} orders: after {quantile(thanked.days, 0.5)} days "
        f"(p50), {quantile(thanked.days, 0.95)} (p95), {thanked.days[-1]} (most); "
        f"{thanked.unthanked} orders without one"
    )
    yield f"late for what has no day: {len(late_for_another(run))}"
