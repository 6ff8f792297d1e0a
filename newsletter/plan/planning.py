"""The plan of a day: what practices propose, by which channel, and what etiquette lets through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache, partial

import polars as pl

from newsletter.errors import Problem, raise_all
from newsletter.facts.basis import FactsBasis, Tables
from newsletter.facts.history import entries_sent
from newsletter.model.care import GIFTS, OWED_TOGETHER, PLAN, CarePlan, IssuePlan
from newsletter.model.practice import ISSUE, PERSONAL
from newsletter.model.project import Project
from newsletter.model.tables import HISTORY
from newsletter.plan.editions import (
    Audience,
    audience_of,
    issue_events,
    issue_plan,
    issue_rows,
    wrong_issue,
)
from newsletter.plan.etiquette import judge, really_coming
from newsletter.plan.etiquette.evidence import COMING, TOUCHES, Basis, looks_back
from newsletter.plan.events import EventBasis
from newsletter.plan.fitting_gifts import gifts_of, with_codes, with_vouchers
from newsletter.plan.issues import editions_of, issues_on
from newsletter.plan.needs import (
    all_facts,
    basis_of,
    columns,
    judged_customers,
    planning_facts,
)
from newsletter.plan.practice_names import wrong_names
from newsletter.plan.reach import ways
from newsletter.plan.time_away import times_away
from newsletter.plan.touchpoints import care_rows, practice_names
from newsletter.plan.vouchers import REDEEMED

_CustomersOn = Callable[[dt.date], pl.DataFrame]
"""Returns Basis.customers on a day: who acts for them changes from day to day."""


def plan_day(project: Project, *, today: dt.date, issue: str | None = None) -> CarePlan:
    """
    Return who is to be thanked, called or written to on that day, why, and why not.

    Includes the issues of that day, and *issue* on its own date. The history decides what is done
    already; nothing is recorded here. Raises NewsletterError with all misspelt rules and all
    entries that an issue names wrongly.
    """
    names = dict.fromkeys([*issues_on(project, today), *([issue] if issue else [])])
    editions = [edition for name in names for edition in editions_of(project, name)]
    basis = basis_of(project, today)
    facts = planning_facts(project, basis, editions)
    audiences = _audiences(project, facts, names, basis)
    suppressed, customs = project.people.tables["suppressed"], project.customs
    by = ways(facts, suppressed=suppressed, config=project.config, customs=customs)
    events_in = event_basis(project, facts, basis.tables)
    care = care_rows(project, events_in, by, day=today)
    events = care.events
    proposed = _by_day(care.due, audiences, by, today=today, names=practice_names(project))
    customers_on = partial(judged_customers, project, facts, by["suppressed"])
    judging = _basis(events_in, customers_on, proposed, care.coming, project=project)
    table = _table(proposed, judging, customers_on)
    planned = table.filter(pl.col("skipped_because").is_null())
    gifts = gifts_of(project, planned, facts=facts, events=events, away=events_in.away)
    full = cache(lambda: all_facts(project, facts, basis, ids=table["customer"].unique()))
    issues = [issue_plan(project, audience, table, by, facts=full()) for audience in audiences]
    issues = [with_vouchers(issue, gifts) for issue in issues]
    if issues:
        events[ISSUE] = pl.concat(map(issue_events, audiences, issues))
    record = as_recorded(planned.filter(~PERSONAL), issue=events.get(ISSUE), gifts=gifts)
    return CarePlan(
        day=today,
        facts_of=full,
        everybody=facts,
        table=table,
        events=events,
        gifts=gifts,
        issues={plan.name: _with_record(plan, record) for plan in issues},
    )


def _with_record(plan: IssuePlan, record: pl.DataFrame) -> IssuePlan:
    return replace(plan, record=record.filter(pl.col("issue") == plan.name))


def wrong_rules(project: Project, names: Mapping[str, pl.DataType]) -> Iterator[Problem]:
    """Yield what is wrong with the names in the rules of all practices."""
    for practice in project.practices:
        yield from wrong_names(practice, names, project.people.headers)


def plan_days(project: Project, *, first: dt.date, last: dt.date) -> Iterator[CarePlan]:
    """Yield the plan of each day until *last*, as if those before it had been carried out."""
    for number in range((last - first).days + 1):
        plan = plan_day(project, today=first + dt.timedelta(days=number))
        yield plan
        done = as_recorded(plan.settled, issue=plan.events.get(ISSUE), gifts=plan.gifts)
        project = with_history(project, done)


def as_recorded(
    planned: pl.DataFrame,
    *,
    issue: pl.DataFrame | None = None,
    gifts: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """
    Return HISTORY rows for touchpoints (PLAN) that were carried out on their date.

    *issue* has customer, key and the `entries` that the issues among them contain; *gifts* has the
    codes of vouchers.
    """
    copied = ["customer", "practice", "key", "date", "channel", "member"]
    about = pl.when(pl.col("entry").is_not_null()).then(pl.concat_list("entry"))
    coded = with_codes(planned, pl.DataFrame(schema=GIFTS) if gifts is None else gifts)
    rows = coded.select(*copied, "code", entries=about)
    if issue is not None:
        sent = issue.select("customer", "key", "entries", practice=pl.lit(ISSUE))
        keys = ["customer", "practice", "key"]
        rows = rows.join(sent, on=keys, how="left", maintain_order="left")
        rows = rows.with_columns(entries=pl.coalesce("entries", "entries_right"))
    rows = rows.with_columns(issue=pl.when(~PERSONAL).then("key"))
    missing = {name: pl.lit(None, dtype) for name, dtype in HISTORY.items() if name not in rows}
    rows = rows.with_columns(**missing)
    return rows.select(pl.col(name).cast(dtype) for name, dtype in HISTORY.items())


def with_history(project: Project, rows: pl.DataFrame) -> Project:
    """Return the project with further rows of HISTORY."""
    tables = dict(project.people.tables)
    tables["history"] = pl.concat([tables["history"], rows], how="diagonal")
    return replace(project, people=replace(project.people, tables=tables))


def _audiences(
    project: Project, facts: pl.DataFrame, names: Iterable[str], basis: FactsBasis
) -> list[Audience]:
    """Return the audiences of the issues *names*; raise all misspelt rules and entries."""
    newsletters = [practice for practice in project.planned_practices if practice.is_issue]
    named = list(names) if newsletters else []
    wrong = (problem for name in named for problem in wrong_issue(project, name))
    raise_all([*wrong_rules(project, columns(project)), *wrong])
    return [
        audience_of(project, practice, facts, basis, name=name)
        for practice in newsletters
        for name in named
    ]


def _by_day(
    rows: pl.DataFrame,
    audiences: Iterable[Audience],
    by: pl.DataFrame,
    *,
    today: dt.date,
    names: pl.Enum,
) -> dict[dt.date, pl.DataFrame]:
    """Return the rows of each day: all that is proposed today; issues alone on other days."""
    parts = {today: [rows]}
    for audience in sorted(audiences, key=lambda audience: audience.day):
        issue = issue_rows(audience, by, practices=names).select(rows.columns)
        parts.setdefault(audience.day, []).append(issue)
    return {
        day: pl.concat(tables).sort("idx", "practice", "key").with_row_index("row")
        for day, tables in parts.items()
    }


def _table(
    proposed: Mapping[dt.date, pl.DataFrame], basis: Basis, customers_on: _CustomersOn
) -> pl.DataFrame:
    """Return PLAN: the rows proposed for each day, with the verdict of etiquette."""
    tables = []
    for day, rows in proposed.items():
        day_basis = replace(basis, day=day, customers=customers_on(day))
        judged = _together(rows.with_columns(judge(rows, day_basis).drop("row")))
        tables.append(_named(judged, day_basis))
    return pl.concat(tables)


def _together(judged: pl.DataFrame) -> pl.DataFrame:
    """Return the rows; what is owed and goes with another task has the channel of that task."""
    planned = pl.col("skipped_because").is_null() & pl.col("owed")
    channel = pl.col("channel").filter(planned).first().over("idx")
    along = pl.col("rule") == OWED_TOGETHER
    if not judged.select(along.any()).item():
        return judged
    return judged.with_columns(pl.when(along).then(channel).otherwise("channel").alias("channel"))


def _named(judged: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Return PLAN: the rows with the names of their customers, in the same order."""
    named = basis.of(judged.drop("row"), "id", "name", "member", "instead_of")
    because = pl.concat_str("because", "instead_of", separator="; ", ignore_nulls=True)
    # An issue has its own day and is never put off to another.
    issues = [name for name, practice in basis.practices.items() if practice.is_issue]
    put_off = ~pl.col("practice").cast(pl.String).is_in(issues)
    table = named.rename({"id": "customer", "slug": "entry"}).with_columns(
        date=pl.lit(basis.day), possible_on=pl.when(put_off).then("possible_on"), because=because
    )
    return table.select(pl.col(name).cast(dtype) for name, dtype in PLAN.items())


def event_basis(project: Project, facts: pl.DataFrame, tables: Tables) -> EventBasis:
    """Return what events are found in."""
    return EventBasis(
        facts=facts,
        tables=tables,
        config=project.config,
        entries=project.entries,
        customs=project.customs,
        reasons=project.reasons,
        away=times_away(
            project.people.tables, project.planned_practices, project.config, day=tables.today
        ),
    )


def _basis(
    events_in: EventBasis,
    customers_on: _CustomersOn,
    proposed: Mapping[dt.date, pl.DataFrame],
    coming: pl.DataFrame,
    *,
    project: Project,
) -> Basis:
    """Return what etiquette needs to judge *proposed*; its day is the first of them."""
    config, customers = project.config, customers_on(min(proposed))
    rows = pl.concat([rows.select("idx", "slug") for rows in proposed.values()])
    since = min(proposed) - dt.timedelta(days=looks_back(config))
    history = _history(events_in.tables["history"], rows["idx"], customers.height, since=since)
    sent = entries_sent(events_in.tables["history"], rows["slug"].drop_nulls().unique())
    basis = Basis(
        day=min(proposed),
        config=config,
        customs=project.customs,
        practices={practice.name: practice for practice in project.planned_practices},
        entries=project.entries,
        customers=customers,
        history=history,
        had=sent.rename({"customer": "idx"}),
        coming=_concerned(coming, rows["idx"], customers),
        placed=pl.DataFrame(schema=TOUCHES),
        reasons=project.reasons,
    )
    return really_coming(basis)


def _concerned(coming: pl.DataFrame, due: pl.Series, customers: pl.DataFrame) -> pl.DataFrame:
    """Return COMING of customers among those *due*, and of their firms."""
    if coming.is_empty():
        return coming.with_row_index("row").select(*COMING)
    accounts = customers["account"]
    firms = accounts.gather(due.unique()).drop_nulls()
    firm = accounts.gather(coming["idx"]).is_in(firms.implode()).fill_null(value=False)
    near = coming.filter(pl.col("idx").is_in(due.implode()) | firm)
    return near.with_row_index("row").select(*COMING)


def _history(
    history: pl.DataFrame, proposed: pl.Series, customers: int, *, since: dt.date
) -> pl.DataFrame:
    """Return the history of the *proposed* rows of customers, and of all *since* a day."""
    concerned = pl.repeat(value=False, n=customers, eager=True)
    concerned = concerned.scatter(proposed.unique(), values=True)
    recent = (history["date"] >= since).fill_null(value=False)
    read = history.select(
        "customer", "date", "practice", "channel", "issue", "key", "outcome", "member", "again"
    )
    asked = read.filter(concerned.gather(history["customer"]) | recent)
    # Old records may name an issue without the practice `issue`, or without a key.
    issued = pl.col("issue").is_not_null() & (pl.col("practice").is_null() | ~PERSONAL)
    rows = asked.select(
        "date",
        "channel",
        "outcome",
        "member",
        "again",
        idx="customer",
        practice=pl.when(issued).then(pl.lit(ISSUE)).otherwise("practice"),
        key=pl.when(issued).then(pl.coalesce("key", "issue")).otherwise("key"),
    )
    # The history notes redeemed vouchers, too, but they are no touchpoints.
    return rows.filter(pl.col("practice").ne_missing(REDEEMED))
