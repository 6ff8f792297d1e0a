"""The care plan of a day: what practices propose, by which channel, and what etiquette keeps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl

from newsletter.errors import Problem, raise_all
from newsletter.model.care import EVENT, PLAN, CarePlan
from newsletter.model.project import Project
from newsletter.model.tables import HISTORY
from newsletter.plan.care_issue import ISSUE, issue_rows
from newsletter.plan.care_rows import care_rows
from newsletter.plan.channels import ways
from newsletter.plan.etiquette import judge
from newsletter.plan.etiquette.basis import TOUCHES, Basis
from newsletter.plan.needs import all_facts, columns, planning_facts
from newsletter.plan.proposals import wrong_names
from newsletter.plan.team import member_of
from newsletter.plan.vouchers import REDEEMED

_JUDGED = ("date", "practice", "channel", "key", "outcome", "member")
"""What etiquette reads of the history."""


def plan_day(project: Project, *, today: dt.date) -> CarePlan:
    """
    Return who is to be thanked, called or written to on that day, why, and why not.

    The history decides what is done already; nothing is recorded here.
    Raises NewsletterError with all misspelt rules of practices.
    """
    raise_all(wrong_rules(project, columns(project)))
    facts = planning_facts(project, today=today)
    by = ways(
        facts,
        suppressed=project.people.tables["suppressed"],
        config=project.config,
        customs=project.customs,
    )
    rows, events = care_rows(project, facts, by, day=today)
    issue = issue_rows(project, facts, today=today)
    basis = _basis(project, facts, by, issue=issue, today=today)
    verdicts = judge(rows, basis)
    judged = rows.with_columns(verdicts.drop("row"))
    table = pl.concat([_issue_table(issue, basis), _table(judged, basis)])
    if issue.height:
        kept = issue.filter(pl.col("rule").is_null())
        events[ISSUE] = kept.select(*EVENT, "entries")
    full = all_facts(project, facts, ids=set(table["customer"]), today=today)
    return CarePlan(day=today, facts=full, everybody=facts, table=table, events=events)


def wrong_rules(project: Project, names: Mapping[str, pl.DataType]) -> Iterator[Problem]:
    """Yield what is wrong with the names in the rules of all practices."""
    for practice in project.practices:
        yield from wrong_names(practice, names)


def plan_days(project: Project, *, first: dt.date, last: dt.date) -> Iterator[CarePlan]:
    """Yield the plan of each day until *last*, as if those before it had been carried out."""
    for number in range((last - first).days + 1):
        plan = plan_day(project, today=first + dt.timedelta(days=number))
        yield plan
        rows = as_recorded(plan.kept, issue=plan.events.get(ISSUE))
        project = with_history(project, rows)


def as_recorded(kept: pl.DataFrame, *, issue: pl.DataFrame | None = None) -> pl.DataFrame:
    """
    Return HISTORY rows for touchpoints (PLAN) that were carried out on their date.

    *issue*: customer and the `entries` that an issue among them brought.
    """
    own = ["customer", "practice", "key", "date", "channel", "member"]
    about = pl.when(pl.col("entry").is_not_null()).then(pl.concat_list("entry"))
    rows = kept.select(*own, about.alias("entries"))
    if issue is not None:
        brought = issue.select("customer", "entries", practice=pl.lit(ISSUE))
        rows = rows.join(brought, on=["customer", "practice"], how="left", maintain_order="left")
        rows = rows.with_columns(entries=pl.coalesce("entries", "entries_right"))
    rows = rows.with_columns(issue=pl.when(pl.col("practice") == ISSUE).then("key"))
    missing = {name: pl.lit(None, dtype) for name, dtype in HISTORY.items() if name not in rows}
    return rows.with_columns(**missing).select(*HISTORY)


def with_history(project: Project, rows: pl.DataFrame) -> Project:
    """Return the project with further rows of HISTORY."""
    tables = dict(project.people.tables)
    tables["history"] = pl.concat([tables["history"], rows], how="diagonal")
    return replace(project, people=replace(project.people, tables=tables))


def _basis(
    project: Project, facts: pl.DataFrame, by: pl.DataFrame, *, issue: pl.DataFrame, today: dt.date
) -> Basis:
    customers = facts.select(
        "id",
        pl.coalesce("name", "company", "id").alias("name"),
        "account",
        member_of(project.config),
        pl.col("country").fill_null(project.config.business.country),
        "celebrates",
        "email",
        "phone",
        "orders_count",
        "had",
        pl.col("closed").fill_null(value=False),
        by["suppressed"],
    )
    numbers = facts.select(customer="id").with_row_index("idx")
    # In an old record an issue may be named without the practice of that name.
    practice = pl.coalesce("practice", pl.when(pl.col("issue").is_not_null()).then(pl.lit(ISSUE)))
    history = project.people.tables["history"].with_columns(practice).select("customer", *_JUDGED)
    # A voucher that was redeemed is noted there, too, but was no touchpoint of ours.
    history = history.filter(
        pl.col("practice").ne_missing(REDEEMED),
        (pl.col("date") <= today).fill_null(value=True),  # a plan of a day gone by knows no more
    )
    history = history.join(numbers, on="customer").drop("customer")
    placed = issue.filter(pl.col("rule").is_null()).join(numbers, on="customer")
    placed = placed.with_columns(date=pl.lit(today), practice=pl.lit(ISSUE)).select(*TOUCHES)
    return Basis(
        day=today,
        config=project.config,
        customs=project.customs,
        practices={practice.name: practice for practice in project.practices},
        entries=project.entries,
        customers=customers,
        history=history,
        issue=placed,
    )


def _table(judged: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Return PLAN: the rows with the names of their customers, in the same order."""
    named = basis.of(judged.drop("row"), "id", "name", "member")
    table = named.rename({"id": "customer", "slug": "entry"}).with_columns(date=pl.lit(basis.day))
    return table.select(pl.col(name).cast(dtype) for name, dtype in PLAN.items())


def _issue_table(issue: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Return the rows of today's issue as PLAN."""
    practice = basis.practices.get(ISSUE)
    named = basis.customers.select("id", "name", "member")
    table = issue.join(named, left_on="customer", right_on="id", maintain_order="left")
    table = table.with_columns(
        date=pl.lit(basis.day),
        practice=pl.lit(ISSUE),
        arrives="on",
        entry=pl.lit(None, pl.String()),
        because="about",
        possible_on=pl.lit(None, pl.Date()),
        priority=pl.lit(practice.priority if practice else 0, pl.Int64()),
        owed=pl.lit(value=False),
    )
    return table.select(pl.col(name).cast(dtype) for name, dtype in PLAN.items())
