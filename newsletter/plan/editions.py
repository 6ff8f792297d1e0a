"""Who gets an issue, in which edition, and with which entries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from newsletter.errors import NewsletterError, Problem
from newsletter.facts import in_languages
from newsletter.facts.basis import FactsBasis
from newsletter.facts.history import SERVICES
from newsletter.model.care import EVENT, LEFT_OUT, EditionPlan, IssuePlan
from newsletter.model.entry import Entry, Issue
from newsletter.model.gift import Gift
from newsletter.model.practice import Practice
from newsletter.model.project import Project
from newsletter.model.reasons import Reasons
from newsletter.model.source import Source
from newsletter.plan.etiquette.evidence import ROWS
from newsletter.plan.issues import (
    answers,
    candidates,
    choose,
    editions_of,
    issue_entries,
    issue_since,
)
from newsletter.plan.needs import all_facts, columns, issue_before, planning_facts
from newsletter.plan.personal_links import add_addresses
from newsletter.plan.reach import CHANNEL, chosen, instead, no_way
from newsletter.rules.to_polars import compile_rule

ISSUE_EVENT: dict[str, pl.DataType] = {**EVENT, "entries": pl.List(pl.String())}
"""The events of the newsletter: what each customer gets in an issue, by slug."""


@dataclass(frozen=True, kw_only=True)
class Audience:
    """An issue and the customers it is for."""

    practice: Practice
    editions: tuple[Issue, ...]
    """The edition in the project's language comes first."""
    offered: Mapping[str, tuple[Entry, ...]]
    """Language of an edition → the entries it has to offer."""
    people: pl.DataFrame
    """Facts of every customer, with `_edition` and `_meant` (whether the issue is for them)."""
    basis: FactsBasis
    """The input of the facts, with the services that the issue reports on."""
    reasons: Reasons

    @property
    def name(self) -> str:
        """Return the name of the issue: 2026-11."""
        return self.editions[0].name

    @property
    def day(self) -> dt.date:
        """Return the day of the issue."""
        return self.editions[0].date


def wrong_issue(project: Project, name: str) -> Iterator[Problem]:
    """Yield what is wrong with the rules and the entries of an issue."""
    editions, problems = editions_of(project, name), list[Problem]()
    yield from _wrong_rules(project, editions, columns(project))
    for issue in editions:
        candidates(project, issue, problems=problems)
    yield from problems


def audience_of(
    project: Project, practice: Practice, facts: pl.DataFrame, basis: FactsBasis, *, name: str
) -> Audience:
    """
    Return the audience of the issue of that name, which `wrong_issue` finds right.

    *facts* are the planning_facts of *basis*, with the services since the issue before.
    """
    editions = editions_of(project, name)
    since = issue_since(project, name)
    if since != basis.since:
        basis = replace(basis, since=since)
        if not SERVICES.facts.keys().isdisjoint(facts.columns):
            facts = planning_facts(project, basis, editions)
    people = facts.with_columns(_edition(editions))
    return Audience(
        practice=practice,
        editions=editions,
        offered={issue.language: issue_entries(project, issue) for issue in editions},
        people=people.with_columns(_meant(editions, practice, facts)),
        basis=basis,
        reasons=project.reasons,
    )


def issue_rows(audience: Audience, ways: pl.DataFrame, *, practices: pl.Enum) -> pl.DataFrame:
    """Return ROWS without `row` but with `because`, one for each customer of the issue."""
    practice, channels = audience.practice, audience.practice.channels
    rows = ways.with_row_index("idx").filter(audience.people["_meant"]).select(
        "idx",
        chosen(channels),
        practice=pl.lit(practice.name, practices),
        key=pl.lit(audience.name),
        slug=pl.lit(None, pl.String()),
        arrives=pl.lit(audience.day),
        last_day=pl.lit(None, pl.Date()),
        priority=pl.lit(practice.priority, pl.Int64()),
        owed=pl.lit(value=False),
        no_way=no_way(channels),
        because=pl.lit(_about(audience)),
    )  # fmt: skip
    reached = pl.col("channel").is_not_null()
    rows = rows.with_columns(no_way=pl.when(~reached).then("no_way"))
    schema = {**ROWS, "practice": practices, "channel": CHANNEL, "because": pl.String()}
    return rows.select(name for name in schema if name != "row")


def issue_plan(
    project: Project,
    audience: Audience,
    table: pl.DataFrame,
    ways: pl.DataFrame,
    *,
    facts: pl.DataFrame,
) -> IssuePlan:
    """
    Return the recipients of each edition according to *table* (PLAN), and who is left out.

    *facts* are all facts of everybody in the table, and of their firms.
    """
    rows = table.filter(
        pl.col("practice") == audience.practice.name, pl.col("key") == audience.name
    )
    planned = rows.filter(pl.col("skipped_because").is_null()).select(
        id="customer", via=pl.col("channel").cast(pl.String)
    )
    facts = _with_services(project, audience, facts)
    people = _in_editions(project, audience, facts).join(
        planned, on="id", how="inner", maintain_order="left"
    )
    editions = []
    for issue in audience.editions:
        recipients = people.filter(pl.col("_edition") == issue.language).drop("_edition")
        offered = audience.offered[issue.language]
        editions.append(_edition_plan(project, issue, recipients, entries=offered))
    left_out = _left_out(project, audience, rows, ways)
    return IssuePlan(name=audience.name, editions=tuple(editions), left_out=left_out)


def _with_services(project: Project, audience: Audience, facts: pl.DataFrame) -> pl.DataFrame:
    """Return the facts with the services that the issue reports on."""
    basis = audience.basis
    if basis.since == issue_before(project, basis.today):
        return facts
    rows = audience.people["id"].is_in(facts["id"].implode()).arg_true()
    narrowed = replace(basis, tables=basis.tables.of(rows.cast(pl.UInt32)))
    return all_facts(project, facts.drop(SERVICES.facts), narrowed, ids=facts["id"])


def issue_events(audience: Audience, plan: IssuePlan) -> pl.DataFrame:
    """Return ISSUE_EVENT: what each recipient gets in the issue."""
    parts = [pl.DataFrame(schema=ISSUE_EVENT)]
    for edition in plan.editions:
        given = (*edition.entries, *edition.answers)
        slugs = [pl.when(entry.flag).then(pl.lit(entry.slug)) for entry in given]
        nothing = pl.lit([], ISSUE_EVENT["entries"])
        part = edition.recipients.select(
            customer="id",
            key=pl.lit(audience.name),
            on=pl.lit(audience.day),
            about=pl.lit(_about(audience)),
            entries=pl.concat_list(slugs).list.drop_nulls() if slugs else nothing,
        )
        parts.append(part.cast(pl.Schema(ISSUE_EVENT)))
    return pl.concat(parts).sort("customer")


def _in_editions(project: Project, audience: Audience, facts: pl.DataFrame) -> pl.DataFrame:
    """Return *facts* with `_edition`; texts are in the language of the edition."""
    edition = audience.people.select("id", "_edition")
    people = facts.sort("id").join(edition, on="id", how="left", maintain_order="left")
    rows = project.people.customers.join(people.select("id"), on="id", how="semi")
    recipients = replace(project.people, customers=rows)
    return in_languages(people, recipients, project.config, languages=pl.col("_edition"))


def _about(audience: Audience) -> str:
    title = audience.editions[0].title
    return audience.reasons.event("issue", name=audience.name, title=title)


def _left_out(
    project: Project, audience: Audience, rows: pl.DataFrame, ways: pl.DataFrame
) -> pl.DataFrame:
    """Return LEFT_OUT: skipped rows of the plan, and customers whom the issue is not for."""
    others = project.config.etiquette.channels
    possible = ways.select("customer", instead(audience.practice.channels, others))
    unreached = pl.when(pl.col("rule") == "consent").then(pl.col("instead").cast(pl.String))
    skipped = rows.filter(pl.col("skipped_because").is_not_null()).join(
        possible, on="customer", how="left", maintain_order="left"
    )
    skipped = skipped.select("customer", "name", reason="skipped_because", instead=unreached)
    not_meant = audience.people.filter(~pl.col("_meant")).select(
        customer="id",
        name=pl.coalesce("name", "company", "id"),
        reason=pl.lit(audience.reasons.etiquette["not_meant"]),
        instead=pl.lit(None, pl.String()),
    )
    return pl.concat([skipped, not_meant]).cast(pl.Schema(LEFT_OUT)).sort("reason", "customer")


def _wrong_rules(
    project: Project, editions: Sequence[Issue], names: Mapping[str, pl.DataType]
) -> Iterator[Problem]:
    """Yield what is wrong with the rules of the editions and of all entries, sent now or not."""
    rules: list[Source | None] = [issue.audience for issue in editions]
    rules += [entry.audience for entry in project.entries]
    for rule in rules:
        try:
            if rule:
                compile_rule(rule, names, project.people.headers)
        except NewsletterError as error:
            yield from error.problems


def _edition(editions: Sequence[Issue]) -> pl.Expr:
    """Return the edition of each customer: in their language, else the first."""
    by_language = {
        issue.language.partition("-")[0]: issue.language for issue in reversed(editions)
    }
    by_language |= {issue.language: issue.language for issue in editions}
    column = pl.col("language").replace_strict(
        by_language, default=editions[0].language, return_dtype=pl.String
    )
    return column.fill_null(editions[0].language).alias("_edition")


def _meant(editions: Sequence[Issue], practice: Practice, facts: pl.DataFrame) -> pl.Expr:
    """Return whether the practice's rule and that of the customer's edition hold."""
    rules = [(issue.language, issue.audience) for issue in editions if issue.audience]
    meant = compile_rule(practice.when, facts.schema) if practice.when else pl.lit(value=True)
    for language, rule in rules:
        other = pl.col("_edition") != language
        meant = meant & (other | compile_rule(rule, facts.schema))
    return meant.fill_null(value=False).alias("_meant")


def _edition_plan(
    project: Project, issue: Issue, recipients: pl.DataFrame, *, entries: tuple[Entry, ...]
) -> EditionPlan:
    config = project.config
    asked = answers(project, issue)
    flagged = choose(recipients, entries, answers=asked, most=issue.most)
    given = tuple(answer for answer in asked if flagged[answer.flag].any())
    unused = [answer.flag for answer in asked if answer not in given]
    return EditionPlan(
        issue=issue,
        entries=entries,
        answers=given,
        gift=issue.voucher or _voucher(project, issue.name),
        recipients=add_addresses(flagged.drop(unused), config, secret=project.secret).sort("id"),
    )


def _voucher(project: Project, name: str) -> Gift | None:
    """Return the voucher that another edition of the issue names."""
    return next(
        (edition.voucher for edition in editions_of(project, name) if edition.voucher), None
    )
