"""Why a practice has something for a customer on a day, or nothing, and when it will."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl

from newsletter.commands.show import by_channel
from newsletter.model.care import PLAN, CarePlan
from newsletter.model.practice import Practice
from newsletter.model.project import Project
from newsletter.plan.due import shift
from newsletter.plan.events import EVENTS, EventBasis, events_of
from newsletter.plan.needs import all_facts
from newsletter.plan.rhythms import rhythm, state
from newsletter.rules.explain import explain_rule

_AHEAD = dt.timedelta(days=400)
"""How far the next birthday can be, and a little."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One customer on one day."""

    project: Project
    customer: str
    plan: CarePlan
    """Of the day, for everybody."""
    coming: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PLAN))
    """PLAN of the days after it, for this customer, as far as somebody planned them."""
    unfold: bool = False
    """Whether the rules of segments are explained where practices use them."""

    @cached_property
    def facts(self) -> pl.DataFrame:
        """Return the one row of what is known of the customer."""
        known, day = self.plan.everybody, self.plan.day
        return all_facts(self.project, known, ids=[self.customer], today=day)

    def rows(self, practice: str) -> list[dict[str, Any]]:
        """Return what the plan of the day says of a practice for this customer."""
        own = pl.col("customer") == self.customer, pl.col("practice") == practice
        return self.plan.table.filter(*own).sort("arrives", "key").to_dicts()


def why(practice: Practice, case: Case) -> list[str]:
    """
    Return in lines whether the practice is due for the customer, and what decided it.

    What the plan says of it stands there as the plan says it.
    """
    found = [line for row in case.rows(practice.name) for line in _told(row)]
    if not found:
        found = [_next(practice, case) or _not_due(practice, case)]
    done = case.project.people.tables["history"].filter(
        pl.col("customer") == case.customer, pl.col("practice") == practice.name
    )
    last = done.sort("date").tail(1).select("date", "channel", "outcome")
    for date, channel, outcome in last.iter_rows():
        how = " by ".join(part for part in (outcome or "done", channel) if part)
        found.append(f"last {how} on {date}")
    return found


def _told(row: dict[str, Any]) -> Iterator[str]:
    """Yield what the plan says of one touchpoint, word by word."""
    if row["skipped_because"] is None:
        other = f", for {row['arrives']}" if row["arrives"] != row["date"] else ""
        yield f"due today {by_channel(row['channel'])}{other}: {row['because']}"
        return
    later = f"; possible on {row['possible_on']}" if row["possible_on"] else ""
    yield f"skipped, {row['rule']}: {row['skipped_because']}{later}"
    yield f"  because {row['because']}"


def _next(practice: Practice, case: Case) -> str:
    """Return when it is next in the coming weeks, as far as that is known; empty: not in them."""
    kept = pl.col("skipped_because").is_null()
    rows = case.coming.filter(pl.col("practice") == practice.name).sort(~kept, "date", "key")
    for row in rows.head(1).iter_rows(named=True):
        if row["skipped_because"] is None:
            return f"next on {row['date']} {by_channel(row['channel'])}: {row['because']}"
        return f"next on {row['date']}, then skipped: {row['skipped_because']}"
    return ""


def _not_due(practice: Practice, case: Case) -> str:
    """Return why there is nothing, today or in the coming weeks."""
    if practice.is_issue:
        days = [issue.date for issue in case.project.issues if issue.date > case.plan.day]
        return f"next on {min(days)}" if days else "no issue is planned"
    if practice.event:
        return _no_event(practice, case)
    if refused := _refused(practice, case.facts, case):
        return refused
    people = case.plan.everybody.select(pl.col("id").alias("customer")).filter(
        pl.col("customer") == case.customer
    )
    config, day = case.project.config, case.plan.day
    if practice.every:
        history = case.project.people.tables["history"].filter(pl.col("date") <= day)
        due = rhythm(practice, case.facts, history=history, latest=dt.date.max, config=config)
    else:
        due = state(practice, people, day=day, config=config)
    for arrives, about in due.select("arrives", "about").iter_rows():
        return f"next on {arrives}" + (f": {about}" if about else "")
    return f"in none of its segments: {', '.join(step.segment for step in practice.every)}"


def _no_event(practice: Practice, case: Case) -> str:
    events = _events(practice, case)
    today, start = case.plan.day, case.project.config.start
    if not events.height:
        return f"no such event ({practice.event})"
    ahead = events.filter(pl.col("arrives") >= today)
    event = ahead.head(1) if ahead.height else events.tail(1)
    about, arrives = event["about"].item(), event["arrives"].item()
    if refused := _refused(practice, _with_details(case.facts, event), case):
        return f"{refused} ({about})" if about else refused
    if arrives is None or arrives > today:
        return f"next on {arrives or 'a day not known yet'}: {about}"
    if start and arrives < start:
        return f"was for {arrives}, before the start of the plan on {start}: {about}"
    return f"its time is over: {about}"


def _events(practice: Practice, case: Case) -> pl.DataFrame:
    """Return the customer's events for the practice with their day of arrival, in its order."""
    project, today = case.project, case.plan.day
    known = EventBasis(
        facts=_involved(practice, case),
        tables=project.people.tables,
        config=project.config,
        entries=tuple(entry for entry in project.entries if entry.date <= today),
        customs=project.customs,
    )
    first = (project.config.start or today) - _AHEAD
    last = today + _AHEAD if EVENTS[practice.event].foreseen else today
    found = events_of(practice.event, known, first=first, last=last, date=practice.date)
    own = found.filter(pl.col("customer") == case.customer)
    arrives = shift(pl.col("on"), practice.offset, project.config)
    return own.with_columns(arrives=arrives).sort("arrives", "key")


def _involved(practice: Practice, case: Case) -> pl.DataFrame:
    """Return the facts of all whose rows make the customer's events."""
    if practice.event == "recommendation":
        return case.plan.everybody
    account = case.facts["account"].item()
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
    found = explain_rule(practice.when, row, segments=rules if case.unfold else None)
    return "" if found.holds else f"its rule does not hold: {found}"
