"""Explains why a practice is due or not for a customer on a day, and when it will be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl

from newsletter.commands.screen import Screen
from newsletter.facts.basis import Tables, numbers
from newsletter.mailing.phrases import gift_text
from newsletter.model.care import PLAN, CarePlan
from newsletter.model.gift import Gift
from newsletter.model.practice import Practice
from newsletter.model.project import Project
from newsletter.plan.due import shift
from newsletter.plan.events import EVENTS, EventBasis, events_of
from newsletter.plan.needs import all_facts, basis_of
from newsletter.plan.rhythms import checksums, rhythm, state
from newsletter.rules.explain import explain_rule
from newsletter.rules.in_words import explained_in_words, rule_in_words

_AHEAD = dt.timedelta(days=400)
"""The next birthday may be slightly more than a year away."""


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
    verbose: bool = False
    """Whether rules are shown as their files have them, too."""

    @cached_property
    def screen(self) -> Screen:
        """The phrases of the team's language."""
        return Screen(self.project.config.language)

    @cached_property
    def facts(self) -> pl.DataFrame:
        """Facts and segments of the customer: one row."""
        basis = basis_of(self.project, self.plan.day)
        facts = all_facts(self.project, self.plan.everybody, basis, ids=[self.customer])
        return facts.filter(pl.col("id") == self.customer)

    @cached_property
    def row(self) -> dict[str, Any]:
        """The same row as a dictionary."""
        return self.facts.row(0, named=True)


def why(practice: Practice, case: Case) -> list[str]:
    """
    Return lines that say whether the practice is due for the customer, and what decided it.

    The reasons are those of the plan; if it has no row, those of the practice.
    """
    about = pl.col("customer") == case.customer, pl.col("practice") == practice.name
    rows = case.plan.table.filter(*about).sort("arrives", "key")
    lines = [line for row in rows.iter_rows(named=True) for line in _planned(row, practice, case)]
    if not lines:
        lines = (_next(practice, case) or _not_due(practice, case)).split("\n")
    if case.verbose and practice.when:
        lines.append(f"  {case.screen('rule', rule=practice.rule_text)}")
    history = case.project.people.tables["history"].filter(*about)
    last = history.sort("date").tail(1).select("date", "channel", "outcome")
    for date, channel, outcome in last.iter_rows():
        phrase = "explain_last" if channel else "explain_last_without"
        how = {"outcome": case.screen.outcome(outcome or "done"), "day": date}
        lines.append(case.screen(phrase, **how, channel=case.screen.channel(channel or "")))
    return lines


def _planned(row: dict[str, Any], practice: Practice, case: Case) -> Iterator[str]:
    """Yield what the day's plan says about one task, and which gift goes with it."""
    screen = case.screen
    if row["skipped_because"] is None:
        phrase = "explain_due_for" if row["arrives"] != row["date"] else "explain_due"
        channel, because = screen.channel(row["channel"]), row["because"]
        yield screen(phrase, channel=channel, day=row["arrives"], because=because)
        gifts = case.plan.gifts.filter(pl.col(name).eq_missing(row[name]) for name in _TASK)
        for number in gifts["gift"].head(1):
            gift = _told(practice.all_gifts[number], case)
            yield f"  {screen('explain_gift', gift=gift)}"
        return
    yield screen("explain_not_today", why=screen.reason_not(row))
    yield f"  {screen('explain_because', because=row['because'])}"


_TASK = ("customer", "practice", "key")


def _told(gift: Gift, case: Case) -> str:
    """Return a gift, and for whom it is if the practice has others."""
    text = gift_text(case.project, gift, language=case.screen.language)
    if gift.category:
        return case.screen("explain_gift_category", gift=text, category=gift.category)
    if gift.segment:
        return case.screen("explain_gift_segment", gift=text, segment=gift.segment)
    return text


def _next(practice: Practice, case: Case) -> str:
    """Return when the practice is next due in the planned days; empty if on none of them."""
    left_out = pl.col("skipped_because").is_not_null()
    rows = case.coming.filter(pl.col("practice") == practice.name).sort(left_out, "date", "key")
    for row in rows.head(1).iter_rows(named=True):
        screen, day = case.screen, row["date"]
        if row["skipped_because"] is None:
            channel = screen.channel(row["channel"])
            return screen("explain_next_by", day=day, channel=channel, because=row["because"])
        return screen("explain_next_not", day=day, why=row["skipped_because"])
    return ""


def _not_due(practice: Practice, case: Case) -> str:
    """Return why the practice is not due today, and when it will be, if that is known."""
    if practice.is_issue:
        return _next_issue(case)
    if practice.event:
        return _event(practice, case)
    if refused := _refused(practice, case.facts, case):
        return refused
    for arrives, about in _due(practice, case).select("arrives", "about").iter_rows():
        phrase = "explain_next_about" if about else "explain_next"
        return case.screen(phrase, day=arrives, because=about)
    segments = ", ".join(step.segment for step in practice.every)
    return case.screen("explain_in_no_segment", segments=segments)


def _due(practice: Practice, case: Case) -> pl.DataFrame:
    """Return when a practice without an event is due; no row if never."""
    config, day = case.project.config, case.plan.day
    person = case.facts.hstack([numbers(case.facts), *checksums(case.facts["id"])])
    tables = Tables(case.project.people.tables.__getitem__, case.facts["id"], today=day)
    history = tables["history"]
    if practice.every:
        return rhythm(
            practice,
            person,
            history=history,
            latest=dt.date.max,
            config=config,
            reasons=case.project.reasons,
        )
    return state(practice, person, history=history, day=day, config=config)


def _next_issue(case: Case) -> str:
    """Return when the next issue is, or which past one was not recorded."""
    issues, gone = case.project.issues, case.project.people.tables["history"]["issue"]
    days = [issue.date for issue in issues if issue.date > case.plan.day]
    if days:
        return case.screen("explain_next", day=min(days))
    waiting = [(issue.date, issue.name) for issue in issues if issue.name not in set(gone)]
    if not waiting:
        return case.screen("explain_no_issue")
    day, name = max(waiting)
    return case.screen("explain_issue_waits", name=name, day=day)


def _event(practice: Practice, case: Case) -> str:
    """Return why nothing is due for the next event, or if none comes, for the last one."""
    events = _events(practice, case)
    today, start, screen = case.plan.day, case.project.config.start, case.screen
    if not events.height:
        return screen("explain_no_event")
    coming = events.filter(pl.col("arrives") >= today)
    event = coming.head(1) if coming.height else events.tail(1)
    about, arrives = event["about"].item(), event["arrives"].item()
    if refused := _refused(practice, _with_details(case.facts, event), case):
        values, _, asked = refused.partition("\n")
        return f"{values} ({about})\n{asked}" if about else refused
    if arrives is None:
        return screen("explain_next_unknown", because=about)
    if arrives > today:
        return screen("explain_next_about", day=arrives, because=about)
    if start and arrives < start:
        return screen("explain_before_start", day=arrives, start=start, because=about)
    return screen("explain_over", because=about)


def _events(practice: Practice, case: Case) -> pl.DataFrame:
    """Return the customer's events for the practice, sorted by their day of arrival."""
    project, today, facts = case.project, case.plan.day, _concerned(practice, case)
    basis = EventBasis(
        facts=facts,
        tables=Tables(project.people.tables.__getitem__, facts["id"], today=today),
        config=project.config,
        entries=tuple(entry for entry in project.entries if entry.date <= today),
        customs=project.customs,
        reasons=project.reasons,
    )
    first = (project.config.start or today) - _AHEAD
    last = today + _AHEAD if EVENTS[practice.event].foreseen else today
    events = events_of(practice.event, basis, first=first, last=last, date=practice.date)
    arrives = shift(pl.col("on"), practice.offset, project.config)
    events = events.filter(pl.col("customer") == case.customer)
    return events.with_columns(arrives=arrives).sort("arrives", "key")


def _concerned(practice: Practice, case: Case) -> pl.DataFrame:
    """Return the facts of everybody whose rows can be events of the customer."""
    if practice.event == "recommendation":
        return case.plan.everybody
    account, customer = case.row["account"], pl.col("id") == case.customer
    contacts = customer | (pl.col("account") == account) if account else customer
    return case.plan.everybody.filter(contacts)


def _with_details(facts: pl.DataFrame, event: pl.DataFrame) -> pl.DataFrame:
    """Return the facts with the details of the event, which replace facts of the same name."""
    details = event.drop("customer", "key", "on", "about", "arrives")
    return facts.with_columns(details[name] for name in details.columns)


def _refused(practice: Practice, row: pl.DataFrame, case: Case) -> str:
    """Return the parts that make the rule false; empty if it holds."""
    if not practice.when:
        return ""
    rules = {segment.name: segment.rule for segment in case.project.segments}
    explained = explain_rule(practice.when, row, segments=rules if case.unfold else None)
    if explained.holds:
        return ""
    reasons = case.project.reasons
    asked = rule_in_words(practice.when, reasons, row.schema, of=practice.title)
    values = explained_in_words(explained, reasons)
    fails = case.screen("explain_rule_fails", values=values)
    return f"{fails}\n  {case.screen('explain_rule_asks', rule=asked)}"
