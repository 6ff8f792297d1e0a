"""The care plan: a year of 10,000 customers, a day of 1,000,000, and how the cost grows."""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import polars as pl

from newsletter.model.project import Project
from newsletter.plan.planning import plan_day, plan_days
from newsletter.read.assembly import read_project
from newsletter.rules.environment import RuleEnvironment
from newsletter.rules.missing import MISSING

ROOT = Path(__file__).parent.parent
TODAY = dt.date(2026, 11, 3)
PRACTICES = (
    "thank-you", "welcome", "follow-up", "birthday", "anniversary", "occasion", "holiday",
    "review-request", "feedback-answer", "promise", "call", "win-back",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--year", type=int, default=10_000, help="customers of the simulated year")
    parser.add_argument("--days", type=int, default=365, help="days of it; 0: no year")
    parser.add_argument("--day", type=int, nargs="*", default=[100_000, 1_000_000])
    parser.add_argument("--alone", type=int, help="one day of so many customers, in this process")
    options = parser.parse_args()
    if options.alone:
        one_day(options.alone)
        return
    for customers in options.day:  # each in its own process, because memory is measured as a peak
        subprocess.run([sys.executable, __file__, "--alone", str(customers)], check=True)
    row_by_row(10_000)
    if options.days:
        year(options.year, options.days)


def one_day(customers: int) -> None:
    project = chain_of_shops(customers)
    before = peak()
    wall, cpu = time.perf_counter(), time.process_time()
    plan = plan_day(project, today=TODAY)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(
        f"a day of {customers:,} customers × {len(project.practices)} practices: {wall:.1f} s "
        f"({cpu:.1f} s CPU); peak {peak():,} MB, {before:,} MB of it the tables; "
        f"{plan.planned.height:,} kept of {plan.table.height:,}"
    )


def row_by_row(customers: int) -> None:
    """Compare the plan with a plain script that asks each rule of every customer with Jinja."""
    project = chain_of_shops(customers)
    started = time.perf_counter()
    plan = plan_day(project, today=TODAY)
    ours = time.perf_counter() - started
    environment = RuleEnvironment()
    rules = [
        environment.compile_expression(practice.when.text, undefined_to_none=False)
        for practice in project.practices
        if practice.when
    ]
    started = time.perf_counter()
    for row in plan.everybody.iter_rows(named=True):
        known = {name: MISSING if value is None else value for name, value in row.items()}
        for rule in rules:
            rule(known)
    theirs = time.perf_counter() - started
    print(
        f"{customers:,} customers: the whole plan {ours:.2f} s; only the rules of "
        f"{len(rules)} practices, row by row with Jinja, {theirs:.1f} s: ratio {theirs / ours:.0f}"
    )


def year(customers: int, days: int) -> None:
    project = chain_of_shops(customers)
    first = TODAY - dt.timedelta(days=days - 1)
    project = replace(project, config=project.config.model_copy(update={"start": first}))
    times, kept = [], Counter[str]()
    started = time.perf_counter()
    for plan in plan_days(project, first=first, last=TODAY):
        times.append(time.perf_counter() - started)
        kept.update(plan.planned["channel"].to_list())
        started = time.perf_counter()
    ordered = sorted(times)
    print(
        f"{days} days of {customers:,} customers: {sum(times):.0f} s; a day's plan "
        f"{ordered[len(ordered) // 2]:.2f} s, the longest {ordered[-1]:.2f} s; kept "
        + ", ".join(f"{number:,} {channel}" for channel, number in sorted(kept.items()))
        + f"; peak {peak():,} MB"
    )


def chain_of_shops(customers: int) -> Project:
    """Return the example with its customers repeated, their days shifted."""
    project = read_project(ROOT, today=TODAY)
    people = project.people
    copies = pl.DataFrame({"copy": pl.int_range(customers // people.customers.height, eager=True)})
    tables = {
        name: frame
        if "customer" not in frame.columns
        else _shifted(frame.join(copies, how="cross"))
        for name, frame in people.tables.items()
    }
    own = _renamed(people.customers.join(copies, how="cross"), ("id", "account", "email", "phone"))
    month, day = (
        (pl.col("copy") % 12 + 1).cast(pl.String),
        (pl.col("copy") % 28 + 1).cast(pl.String),
    )
    birthday = pl.col("birthday").str.slice(0, pl.col("birthday").str.len_chars() - 5)
    own = own.with_columns(
        birthday=birthday + month.str.zfill(2) + "-" + day.str.zfill(2),
        customer_since=_earlier("customer_since"),
        referred_by=pl.lit(None, pl.String),
    )
    return replace(
        project,
        people=replace(people, customers=own.drop("copy").sort("id"), tables=tables),
        practices=tuple(p for p in project.practices if p.name in PRACTICES),
    )


def _shifted(frame: pl.DataFrame) -> pl.DataFrame:
    days = [name for name in ("date", "promised_by") if name in frame.columns]
    moved = frame.with_columns(_earlier(day) for day in days)
    return _renamed(moved, ("customer",)).drop("copy")


def _earlier(day: str) -> pl.Expr:
    return pl.col(day) - pl.duration(days=pl.col("copy") * 37 % 360)


def _renamed(frame: pl.DataFrame, names: Iterable[str]) -> pl.DataFrame:
    copy = pl.col("copy").cast(pl.String)
    return frame.with_columns(pl.col(name) + "-" + copy for name in names)


def peak() -> int:
    """Return the peak memory of this process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
