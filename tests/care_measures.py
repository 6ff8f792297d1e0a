"""What customers live through in a simulated stretch of care: measured on its plans."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import polars as pl
from living import Lived, Row

from newsletter.model.channels import POSTED
from newsletter.model.practice import ISSUE
from newsletter.plan.due import is_quiet, last_posting
from newsletter.plan.windows import has_day

_DAY = dt.timedelta(days=1)


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
    """From each order to its own thank-you, sorted."""
    later: list[int]
    """From each order for which there was no room to the thank-you that names it, too, sorted."""
    unthanked: int
    """Orders that no thank-you names."""


def thanks(run: Lived, *, practice: str = "thank-you") -> Thanks:
    """Return the delays of thank-yous for the orders in the simulated time."""
    offset = dt.timedelta(days=run.practices[practice].offset.count)
    given = defaultdict(list)
    for row in run.planned:
        if row["practice"] == practice:
            first, last = row["arrives"] - offset, dt.date.fromisoformat(row["key"])
            given[row["customer"]].append((row["date"], row["since"] or first, first, last))
    orders = run.project.people.tables["orders"].filter(pl.col("amount") > 0)
    result = Thanks([], [], 0)
    for customer, day in orders.select("customer", "date").unique().rows():
        if customer not in given or not run.first <= day <= run.last - dt.timedelta(days=10):
            continue
        naming = [one for one in given[customer] if one[1] <= day <= one[3]]
        if not naming:
            result = replace(result, unthanked=result.unthanked + 1)
            continue
        date, _, first, _ = min(naming)
        (result.days if first <= day else result.later).append((date - day).days)
    return replace(result, days=sorted(result.days), later=sorted(result.later))


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
    today = other["date"] == held["date"] and held["rule"] == "one_a_day"
    return (held["rule"] in ("cap", "gap") and is_named(other, held, run)) or today


def is_named(other: Row, held: Row, run: Lived) -> bool:
    """Return whether the reason of a held row names a touchpoint."""
    reasons, title = run.project.reasons, run.practices[other["practice"]].title
    return f"{reasons.day(other['date'])} ({reasons.text(title)}" in held["skipped_because"]


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


def complaints(run: Lived) -> list[tuple[str, dt.date]]:
    """Return customer and day of feedback with a low score or none, as the table has it."""
    return [
        (row["customer"], row["date"])
        for row in run.project.people.tables["feedback"].rows(named=True)
        if row["score"] is None or row["score"] <= 6
        if run.first <= row["date"] <= run.last
    ]


def deaths(run: Lived) -> list[tuple[str, dt.date]]:
    """Return customer and day of occasions whose text tells of a death."""
    return [
        (row["customer"], row["date"])
        for row in run.project.people.tables["occasions"].rows(named=True)
        if row["occasion"].startswith("death") and run.first <= row["date"] <= run.last
    ]


def asking(run: Lived) -> list[str]:
    """Return the practices that ask or sell."""
    return [name for name, one in run.practices.items() if one.does == "ask" or one.sells]


def celebrating(run: Lived) -> list[str]:
    """Return the practices that wish well."""
    return [name for name, one in run.practices.items() if one.does == "celebrate"]


def promises(run: Lived) -> dict[tuple[str, str], Row]:
    """Return the promises with a day that are due by the last day, by customer and key."""
    given: dict[tuple[str, str], Row] = {}
    for row in run.project.people.tables["conversations"].rows(named=True):
        if not row["promise"] or not row["promised_by"] or row["date"] > run.last:
            continue
        name = (row["customer"], f"promise {row['promised_by']}")
        promise = given.setdefault(name, {"made": row["date"], "days": [row["promised_by"]]})
        promise["days"] += [row["moved_to"]] if row["moved_to"] else []
        if row["kept"] and name not in run.kept:
            promise["kept"] = run.first
    for name, promise in given.items():
        promise.setdefault("kept", run.kept.get(name))
    return {name: row for name, row in given.items() if max(row["days"]) <= run.last}


def closed_wrongly(run: Lived) -> list[tuple[str, str, dt.date]]:
    """
    Return customer, key and day where the plan is silent on a promise that is due and not kept.

    A promise is not forgotten while the plan holds it, for instance because an email went out.
    """
    names = {name for name, practice in run.practices.items() if practice.event == "promise"}
    seen = {
        (row["customer"], row["key"], row["date"])
        for row in (*run.planned, *run.waiting)
        if row["practice"] in names and row["rule"] != "too_late"
    }
    silent = []
    for (customer, key), promise in promises(run).items():
        due = max(*promise["days"], promise["made"], run.first)
        until = promise["kept"] or run.last + _DAY
        days = [due + number * _DAY for number in range((until - due).days)]
        silent += [(customer, key, day) for day in days if (customer, key, day) not in seen][:1]
    return silent


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
        f"{len(thanked.later)} orders named by a later one, {thanked.unthanked} by none"
    )
    yield f"late for what has no day: {len(late_for_another(run))}"
    told, lost, given = complaints(run), deaths(run), promises(run)
    asks, wishes, kept = asking(run), celebrating(run), [p for p in given.values() if p["kept"]]
    yield (
        f"requests within 60 days of {len(told)} complaints: "
        f"{len(within(run, asks, told, span=60))} of {_count(run, asks)}"
    )
    yield (
        f"wishes within 90 days of {len(lost)} deaths: "
        f"{len(within(run, wishes, lost, span=90))} of {_count(run, wishes)}"
    )
    yield (
        f"promises closed by anything but their keeping: {len(closed_wrongly(run))} of "
        f"{len(given)}, {len(kept)} of them kept"
    )


def _count(run: Lived, practices: Iterable[str]) -> int:
    names = set(practices)
    return sum(row["practice"] in names for row in run.planned)
