"""The facts that the plan of a day reads: some of every customer, all of those in the plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

import polars as pl

from newsletter.facts import complete_facts, fact_columns, facts_basis, wanted_facts
from newsletter.facts.basis import FactsBasis
from newsletter.facts.manager import members
from newsletter.facts.segments import add_segments, names_read, spelt_by_hand
from newsletter.model.entry import Issue
from newsletter.model.picture_addresses import photo_addresses
from newsletter.model.project import Project
from newsletter.model.source import Source
from newsletter.plan.etiquette import left_in_peace
from newsletter.plan.events import READS
from newsletter.plan.rhythms import COUNTED

_ALWAYS = ("orders_count", *left_in_peace.FACTS)
"""Facts that etiquette reads."""
_LOOKS_BACK = dt.timedelta(days=92)
"""A quarter: how far back services are reported if no issue came before."""


def basis_of(project: Project, today: dt.date) -> FactsBasis:
    """Return what facts are made from; services are reported since the issue before."""
    people, config, since = project.people, project.config, issue_before(project, today)
    basis = facts_basis(people, config, today, since=since, customs=project.customs)
    return replace(basis, photos=photo_addresses(project))


def planning_facts(
    project: Project, basis: FactsBasis, issues: Collection[Issue] = ()
) -> pl.DataFrame:
    """
    Return the facts and segments of all customers that rules, events and etiquette read.

    Given *issues*, includes what their rules and those of all entries read.
    """
    names = {*_ALWAYS, *_names(project)}
    names |= names_read(_rules(project, issues), project.segments, names=names)
    facts = wanted_facts(project.people, basis, names)
    segments = [segment for segment in project.segments if segment.name in names]
    by_hand = spelt_by_hand(project.people.customers)
    used = {name: values for name, values in by_hand.items() if name in names}
    return add_segments(facts, segments, by_hand=used)


def all_facts(
    project: Project, facts: pl.DataFrame, basis: FactsBasis, *, ids: Collection[str]
) -> pl.DataFrame:
    """
    Return all facts and segments of some customers, and of all contacts of their firms.

    *facts* are planning_facts of the same *basis*.
    """
    fact_names = fact_columns(project.people)
    added = [name for name in facts.columns if name not in fact_names]
    full = complete_facts(facts.drop(added), project.people, basis, ids=ids)
    by_hand = spelt_by_hand(project.people.customers)
    return add_segments(full, project.segments, by_hand=by_hand)


def judged_customers(
    project: Project, facts: pl.DataFrame, suppressed: pl.Series, day: dt.date
) -> pl.DataFrame:
    """
    Return what etiquette reads of customers (Basis.customers), in the order of the facts.

    `instead_of` says in words in whose place a member acts; null: in nobody's.
    """
    config = project.config
    return facts.select(
        "id",
        pl.coalesce("name", "company", "id").alias("name"),
        "account",
        *_members(facts, project, day),
        pl.col("country").fill_null(config.business.country),
        "celebrates",
        "email",
        "phone",
        "orders_count",
        *left_in_peace.FACTS,
        pl.col("^last_heard$"),
        pl.any_horizontal(pl.col("first_name", "last_name", "name").is_not_null()).alias("named"),
        "language",
        "formality",
        *("company", "street", "postcode", "city", "region"),
        pl.col("closed").fill_null(value=False),
        suppressed,
    )


def _members(facts: pl.DataFrame, project: Project, day: dt.date) -> list[pl.Series]:
    """Return `member`, who acts on *day*, and `instead_of`: in whose place, in words; or null."""
    member, absent = members(facts, project.config, day)
    event = project.reasons.event
    told = {m.id: event("instead_of", name=m.name) for m in project.config.team}
    return [member, absent.replace_strict(told, return_dtype=pl.String).alias("instead_of")]


def columns(project: Project) -> Mapping[str, pl.DataType]:
    """
    Return the names that rules may use: columns of the file, facts and segments, with their types.

    Raises NewsletterError with everything that is wrong with the rules of segments.
    """
    nobody = pl.DataFrame(schema=fact_columns(project.people))
    by_hand = spelt_by_hand(project.people.customers)
    headers = project.people.headers
    return add_segments(nobody, project.segments, by_hand=by_hand, headers=headers).schema


def _names(project: Project) -> Iterator[str]:
    """Yield columns that practices name outside of rules, or their events and rhythms read."""
    for practice in project.practices:
        yield practice.once_per
        yield from (step.segment for step in practice.every)
        yield from (gift.segment or "categories" for gift in practice.gifts)
        yield from READS.get(practice.event, ())
        yield from ("last_heard",) if practice.most else ()
        yield from COUNTED.get(practice.counted_from, ()) if practice.every else ()


def _rules(project: Project, issues: Collection[Issue]) -> Iterator[Source]:
    """Yield the rules of practices, and of the entries and issues that they may be about."""
    kinds = {practice.event for practice in project.practices}
    for practice in project.planned_practices:
        if practice.when:
            yield practice.when
    audiences = [entry.audience for entry in project.entries if issues or entry.kind in kinds]
    audiences += [issue.audience for issue in issues]
    yield from (audience for audience in audiences if audience)


def issue_before(project: Project, today: dt.date) -> dt.date:
    """Return the first day of the services to report: the day of the issue before."""
    dates = [issue.date for issue in project.issues if issue.date < today]
    return max(dates, default=today - _LOOKS_BACK)
