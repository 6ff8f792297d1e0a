"""Who is to be thanked, called or written to on the coming days, by whom, why, and why not."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from newsletter.commands.bars import Bars
from newsletter.commands.plan_diff import Row, diff_text
from newsletter.commands.practices import read_practising
from newsletter.commands.why import Case, why
from newsletter.errors import NewsletterError
from newsletter.export.lists import plan_file
from newsletter.model.care import CarePlan
from newsletter.model.project import Project
from newsletter.plan.table import plan_days
from newsletter.read.returned.sent_plans import read_plan
from newsletter.write import write_into

DAYS = 7
"""Days that are planned where nothing else is said."""
MOST_DAYS = 400
"""Days that can be planned at once: a year, and a little."""


@dataclass(frozen=True, kw_only=True)
class Planned:
    """The plans of some days."""

    project: Project
    first: dt.date
    last: dt.date
    today: CarePlan
    """The plan of the first day of all that were planned."""
    table: pl.DataFrame
    """PLAN of the days asked for."""

    @property
    def days(self) -> list[dt.date]:
        """Every day, with something to do or without."""
        return [
            self.first + dt.timedelta(days=n) for n in range((self.last - self.first).days + 1)
        ]


def plan_of(
    root: Path, *, first: dt.date | None, last: dt.date | None, today: dt.date, progress: Bars
) -> Planned:
    """
    Return the plans from *first* (default: today) to *last* (default: seven days in all).

    Each day is planned as if all before it, from today on, had been carried out.
    """
    first = first or today
    last = last or max(first, today) + dt.timedelta(days=DAYS - 1)
    _check(first, last, today=today)
    with progress.step("Reading files", 0):
        project = read_practising(root, today=today)
    begin = min(first, today)
    with progress.step("Planning", (last - begin).days + 1) as step:
        plans: list[CarePlan] = []
        none = pl.DataFrame()
        for plan in plan_days(project, first=begin, last=last):
            # Of a year, the facts of one day are enough to keep.
            plans.append(replace(plan, facts=none, everybody=none, events={}) if plans else plan)
            step.advance()
    table = pl.concat(plan.table for plan in plans).filter(pl.col("date") >= first)
    return Planned(project=project, first=first, last=last, today=plans[0], table=table)


def write_plan(planned: Planned, output: Path) -> str:
    """Write the plan, kept and skipped, into the output folder; return its path there."""
    artifact = plan_file(planned.table, "private/plan.csv", planned.project.config)
    write_into(output, [artifact])
    return artifact.path


def plan_json(planned: Planned) -> str:
    """Return a list of objects with the columns of PLAN, one on each line; days as 2026-11-03."""
    lines = planned.table.write_ndjson().splitlines()
    return "[\n" + ",\n".join(lines) + "\n]" if lines else "[]"


def plan_diff(planned: Planned, output: Path, *, everything: bool) -> str:
    """Return what is new against the plan of the last build; raises NewsletterError if none."""
    path = "private/care/plan.csv"
    old = read_plan(output / path, shown=f"{output}/{path}")

    def gone(row: Row) -> str:
        return _why_gone(row, planned)

    return diff_text(old, planned.table, why_gone=gone, everything=everything)


def _why_gone(row: Row, planned: Planned) -> str:
    """Return why a touchpoint of the last build is due no more."""
    project, customer = planned.project, row["customer"]
    practices = {practice.name: practice for practice in project.planned_practices}
    if row["practice"] not in practices:
        return "there is no such practice any more"
    if not planned.today.everybody.filter(pl.col("id") == customer).height:
        return "not in the customer file any more"
    later = pl.col("date") > planned.today.day
    case = Case(
        project=project,
        customer=customer,
        plan=planned.today,
        coming=planned.table.filter(later, pl.col("customer") == customer),
    )
    return "; ".join(line.strip() for line in why(practices[row["practice"]], case))


def _check(first: dt.date, last: dt.date, *, today: dt.date) -> None:
    if last < first:
        hint = "write --from FIRST --to LAST"
        raise NewsletterError.at(f"{last} is before {first}", hint=hint)
    if (last - min(first, today)).days >= MOST_DAYS:
        hint = f"choose fewer days with --from and --to; {MOST_DAYS} can be planned at once"
        raise NewsletterError.at(f"{first} to {last} is too long", hint=hint)
