"""Days of care in which people carry out each plan, and not every promise goes smoothly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import polars as pl
from made import table
from support import ROOT

from newsletter.model.care import CarePlan
from newsletter.model.channels import SPOKEN
from newsletter.model.practice import ISSUE, Practice
from newsletter.model.project import Project
from newsletter.model.tables import (
    ATTEMPTS,
    CONVERSATIONS,
    HISTORY,
    MESSAGE_LEFT,
    NOT_REACHED,
    VISIT_ANNOUNCED,
)
from newsletter.plan.planning import as_recorded, plan_day, with_history
from newsletter.plan.windows import has_day
from newsletter.read.assembly import read_project

Row = dict[str, Any]
_DAY = dt.timedelta(days=1)
_KEPT, _MOVED, _STILL_LATE = "kept", "moved", "still late"


@dataclass(frozen=True)
class Lived:
    """The plans of some days, and what people did."""

    project: Project
    """As it is after the last day."""
    first: dt.date
    last: dt.date
    planned: list[Row]
    """Rows of PLAN in their order, with `since`: the first of several orders that they name."""
    waiting: list[Row]
    """Held rows of each day: of thank-yous, promises, and practices with a day of their own."""
    kept: dict[tuple[str, str], dt.date]
    """The day on which somebody kept a promise, by customer and key."""

    @property
    def practices(self) -> dict[str, Practice]:
        """The practices by name."""
        return {practice.name: practice for practice in self.project.planned_practices}


def lived(project: Project, *, first: dt.date, last: dt.date, seed: int = 1) -> Lived:
    """
    Return what happens from *first* to *last* if people carry out every plan.

    Calls about what is owed may reach nobody, or agree on a new day. An email about a promise may
    only say that it is late; somebody then keeps it on a later day, without a task.
    """
    random = Random(seed)
    run = Lived(project, first, last, planned=[], waiting=[], kept={})
    late: list[Row] = []
    for number in range((last - first).days + 1):
        plan = plan_day(run.project, today=first + number * _DAY)
        run.planned.extend(_planned(plan))
        run.waiting.extend(_held(plan, run))
        promises = _promises(plan, run, random)
        remembered = [row for row in late if random.random() < 0.1]
        late = [row for row in late if row not in remembered]
        late += [row for row in promises if row["result"] == _STILL_LATE]
        kept = [row for row in promises if row["result"] == _KEPT] + remembered
        run.kept.update({(row["customer"], row["key"]): plan.day for row in kept})
        moved = [row for row in promises if row["result"] == _MOVED]
        by_email = [row for row in kept if row["channel"] == "email"]
        talks = _noted(run, by_email, moved, day=plan.day)
        after = with_history(run.project, _recorded(plan, promises))
        run = replace(run, project=_with_talks(after, talks))
    return run


def of_the_year(first: dt.date) -> Project:
    """
    Return the example on the *first* day of a year, with no task done.

    The history has only the reasons of customers who will leave, and the visits that were
    announced. Its rows get another practice, because the year carries out the practices itself.
    """
    project = read_project(ROOT, today=first)
    tables = dict(project.people.tables)
    told = pl.col("reason").is_not_null() | (pl.col("outcome") == VISIT_ANNOUNCED)
    noted = tables["history"].filter(told)
    tables["history"] = noted.with_columns(practice=pl.lit("left", dtype=HISTORY["practice"]))
    config = project.config.model_copy(update={"start": first})
    return replace(project, config=config, people=replace(project.people, tables=tables))


def _planned(plan: CarePlan) -> list[Row]:
    rows = plan.planned.to_dicts()
    since = {
        (name, event["customer"], event["key"]): event.get("order_since")
        for name, events in plan.events.items()
        for event in events.to_dicts()
    }
    for row in rows:
        row["since"] = since.get((row["practice"], row["customer"], row["key"]))
    return rows


def _held(plan: CarePlan, run: Lived) -> list[Row]:
    watched = [
        practice.name
        for practice in run.project.planned_practices
        if has_day(practice) or practice.together or practice.event == "promise"
    ]
    held = pl.col("skipped_because").is_not_null() & pl.col("practice").is_in(watched)
    return plan.table.filter(held, pl.col("date") == plan.day).to_dicts()


def _promises(plan: CarePlan, run: Lived, random: Random) -> list[Row]:
    """Return the promises that somebody saw to on that day, with what came of it: `result`."""
    names = [name for name, practice in run.practices.items() if practice.event == "promise"]
    rows = plan.settled.filter(pl.col("practice").is_in(names)).to_dicts()
    results: dict[str, str] = {}
    for row in rows:
        choices = [_KEPT, _KEPT, _MOVED]
        choices += [NOT_REACHED, MESSAGE_LEFT] if row["channel"] in SPOKEN else []
        choices += [_STILL_LATE] if row["channel"] == "email" else []
        result = results.setdefault(row["customer"], random.choice(choices))
        movable = _talk_of(row, run)["moved_to"] is None
        row["result"] = _KEPT if result == _MOVED and not movable else result
    return rows


def _recorded(plan: CarePlan, promises: Iterable[Row]) -> pl.DataFrame:
    """Return the history of that day; a call that reached nobody settles nothing that is owed."""
    done = as_recorded(plan.settled, issue=plan.events.get(ISSUE), gifts=plan.gifts).to_dicts()
    owed = set(plan.settled.filter("owed")["practice"])
    moved = [(row["customer"], row["key"]) for row in promises if row["result"] == _MOVED]
    tried = {row["customer"]: row["result"] for row in promises if row["result"] in ATTEMPTS}
    for row in done:
        row["outcome"] = tried.get(row["customer"]) if row["practice"] in owed else None
    agreed = [row for row in done if (row["customer"], row["key"]) not in moved]
    return table(agreed, HISTORY)


def _noted(run: Lived, kept: Iterable[Row], moved: Iterable[Row], *, day: dt.date) -> pl.DataFrame:
    """Return a row of CONVERSATIONS for each promise that was kept, or moved by a week."""
    talks = [_talk_of(row, run) | {"kept": True} for row in kept]
    talks += [_talk_of(row, run) | {"moved_to": day + 7 * _DAY} for row in moved]
    return table(talks, CONVERSATIONS)


def _talk_of(promise: Row, run: Lived) -> Row:
    """Return the conversation in which a promise was made; its key ends with the first day."""
    by = dt.date.fromisoformat(promise["key"].split()[1])
    talks = run.project.people.tables["conversations"]
    same = (pl.col("customer") == promise["customer"]) & (pl.col("promised_by") == by)
    return talks.filter(same).sort("moved_to", nulls_last=True).row(0, named=True)


def _with_talks(project: Project, talks: pl.DataFrame) -> Project:
    tables = project.people.tables
    conversations = pl.concat([tables["conversations"], talks], how="diagonal")
    people = replace(project.people, tables={**tables, "conversations": conversations})
    return replace(project, people=people)
