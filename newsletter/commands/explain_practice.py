"""Why a practice has something for a customer on a day, or nothing, and when it will."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl

from newsletter.commands.terminal import by_channel
from newsletter.model.care import PLAN, CarePlan
from newsletter.model.practice import Practice
from newsletter.model.project import Project
from newsletter.plan.due import shift
from newsletter.plan.events import EVENTS, EventBasis, events_of
from newsletter.plan.needs import all_facts
from newsletter.plan.rhythms import rhythm, state, with_checksums
from newsletter.rules.explain import explain_rule

_AHEAD = dt.timedelta(days=400)
"""The next birthday may be a year away, and a little."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One customer on one day."""

    project: Project
    customer: str
    """Id."""
    plan: CarePlan
    """Of the day, for everybody."""
    coming: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PLAN))
    """PLAN of later days for this customer, if any were planned."""
    unfold: bool = False
    """Whether the rules of segments are explained, too."""

    @cached_property
    def facts(self) -> pl.DataFrame:
        """Facts and segments of the customer: one row."""
        known, day = self.plan.everybody, self.plan.day
        return all_facts(self.project, known, ids=[self.customer], today=day)

    @cached_property
    def row(self) -> dict[str, Any]:
        """The same as values by name."""
        return self.facts.row(0, named=True)


def why(practice: Practice, case: Case) -> list[str]:
    """
    Return in lines whether the practice is due for the customer, and what decided it.

    Reasons are those of the plan. Only if it has no row for them, the practice itself is asked.
    """
    about = pl.col("customer") == case.customer, pl.col("practice") == practice.name
    rows = case.plan.table.filter(*about).sort("arrives", "key")
    lines = [line for row in rows.iter_rows(named=True) for line in _planned(row)]
    if not lines:
        lines = [_next(practice, case) or _not_due(practice, case)]
    history = case.project.people.tables["history"].filter(*about)
    last = history.sort("date").tail(1).select("date", "channel", "outcome")
    for date, channel, outcome in last.iter_rows():
        how = " by ".join(part for part in (outcome or "done", channel) if part)
        lines.append(f"last {how} on {date}")
    return lines


def _planned(row: dict[str, Any]) -> Iterator[str]:
    """Yield what the plan of the day says of one task."""
    if row["skipped_because"] is None:
        arrival = f", for {row['arrives']}" if row["arrives"] != row["date"] else ""
        yield f"due today {by_channel(row['channel'])}{arrival}: {row['because']}"
        return
    later = f"; possible on {row['possible_on']}" if row["possible_on"] else ""
    yield f"not today ({row['rule']}), because {row['skipped_because']}{later}"
    yield f"  due because: {row['because']}"


def _next(practice: Practice, case: Case) -> str:
    """Return when it is next on the days that are planned; empty if on none of them."""
    left_out = pl.col("skipped_because").is_not_null()
    rows = case.coming.filter(pl.col("practice") == practice.name).sort(left_out, "date", "key")
    for row in rows.head(1).iter_rows(named=True):
        if row["skipped_because"] is None:
            return f"next on {row['date']} {by_channel(row['channel'])}: {row['because']}"
        return f"next on {row['date']}, but not then, because {row['skipped_because']}"
    return ""


def _not_due(practice: Practice, case: Case) -> str:
    """Return why there is nothing today, and when it is next as far as that is known."""
    if practice.is_issue:
        return _next_issue(case)
    if practice.event:
        return _event(practice, case)
    if refused := _refused(practice, case.facts, case):
        return refused
    for arrives, about in _due(practice, case).select("arrives", "about").iter_rows():
        return f"next on {arrives}" + (f": {about}" if about else "")
    return f"in none of its segments: {', '.join(step.segment for step in practice.every)}"


def _due(practice: Practice, case: Case) -> pl.DataFrame:
    """Return when a practice without an event is due: no row if it never is."""
    config, day = case.project.config, case.plan.day
    person = with_checksums(case.facts, "id")
    if practice.every:
        history = case.project.people.tables["history"].filter(pl.col("date") <= day)
        return rhythm(practice, person, history=history, latest=dt.date.max, config=config)
    return state(practice, person, day=day, config=config)


def _next_issue(case: Case) -> str:
    """Return when the next issue is, or which one is over but not recorded."""
    issues, gone = case.project.issues, case.project.people.tables["history"]["issue"]
    days = [issue.date for issue in issues if issue.date > case.plan.day]
    if days:
        return f"next on {min(days)}"
    waiting = [(issue.date, issue.name) for issue in issues if issue.name not in set(gone)]
    if not waiting:
        return "no issue is planned"
    day, name = max(waiting)
    return f"issue {name} was for {day} and is not recorded"


def _event(practice: Practice, case: Case) -> str:
    """Return what is the matter with the next event, or if none is to come, with the last one."""
    events = _events(practice, case)
    today, start = case.plan.day, case.project.config.start
    if not events.height:
        return f"no such event ({practice.event})"
    coming = events.filter(pl.col("arrives") >= today)
    event = coming.head(1) if coming.height else events.tail(1)
    about, arrives = event["about"].item(), event["arrives"].item()
    if refused := _refused(practice, _with_details(case.facts, event), case):
        return f"{refused} ({about})" if about else refused
    if arrives is None or arrives > today:
        return f"next on {arrives or 'a day not known yet'}: {about}"
    if start and arrives < start:
        return f"was for {arrives}, before the start of the plan on {start}: {about}"
    return f"its time is over: {about}"


def _events(practice: Practice, case: Case) -> pl.DataFrame:
    """Return the customer's events for the practice, sorted by their day of arrival."""
    project, today = case.project, case.plan.day
    basis = EventBasis(
        facts=_concerned(practice, case),
        tables=project.people.tables,
        config=project.config,
        entries=tuple(entry for entry in project.entries if entry.date <= today),
        customs=project.customs,
    )
    first = (project.config.start or today) - _AHEAD
    last = today + _AHEAD if EVENTS[practice.event].foreseen else today
    events = events_of(practice.event, basis, first=first, last=last, date=practice.date)
    arrives = shift(pl.col("on"), practice.offset, project.config)
    own = events.filter(pl.col("customer") == case.customer)
    return own.with_columns(arrives=arrives).sort("arrives", "key")


def _concerned(practice: Practice, case: Case) -> pl.DataFrame:
    """Return the facts of everybody whose rows may be events of the customer."""
    if practice.event == "recommendation":
        return case.plan.everybody
    account = case.row["account"]
    own = pl.col("id") == case.customer
    return case.plan.everybody.filter(own | (pl.col("account") == account) if account else own)


def _with_details(facts: pl.DataFrame, event: pl.DataFrame) -> pl.DataFrame:
    """Return the row of facts with the details of the event, which go before facts."""
    details = event.drop("customer", "key", "on", "about", "arrives")
    return facts.with_columns(details[name] for name in details.columns)


def _refused(practice: Practice, row: pl.DataFrame, case: Case) -> str:
    """Return what decided that the rule does not hold; empty: it does."""
    if not practice.when:
        return ""
    rules = {segment.name: segment.rule for segment in case.project.segments}
    explained = explain_rule(practice.when, row, segments=rules if case.unfold else None)
    return "" if explained.holds else f"its rule does not hold: {explained}"
