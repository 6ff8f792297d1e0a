"""The plan of an issue: each customer in an edition with entries of their own, or left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import polars as pl

from newsletter.errors import NewsletterError, Problem, raise_all
from newsletter.facts import in_languages
from newsletter.model.entry import Entry, Issue
from newsletter.model.plan import EditionPlan, IssuePlan
from newsletter.model.project import Project
from newsletter.model.source import Source
from newsletter.plan.addresses import add_addresses
from newsletter.plan.choice import choose
from newsletter.plan.entries import answers, candidates
from newsletter.plan.issues import editions_of
from newsletter.plan.reach import reach
from newsletter.rules.compile import compile_rule


def plan_issue(project: Project, facts: pl.DataFrame, *, name: str, today: dt.date) -> IssuePlan:
    """
    Return who gets the issue of that name, in which edition, with which entries; and who does not.

    *facts* come from add_facts and add_segments. Every customer is either a recipient of one
    edition or left out. Raises NewsletterError with all misspelt rules and unknown entries.
    """
    editions, people, config = editions_of(project, name), project.people, project.config
    problems = list(_wrong_rules(project, editions, facts))
    offered = {issue.language: candidates(project, issue, problems=problems) for issue in editions}
    raise_all(problems)
    placed = facts.with_columns(_edition(editions))
    placed = placed.with_columns(_meant(editions, facts))
    placed = in_languages(placed, people, config, languages=pl.col("_edition"))
    tables = people.tables
    reached, left_out = reach(
        placed, suppressed=tables["suppressed"], history=tables["history"], issue=name
    )
    plans = []
    for issue in editions:
        own = reached.filter(pl.col("_edition") == issue.language).drop("_edition", "_meant")
        plans.append(_edition_plan(project, issue, own, entries=offered[issue.language]))
    return IssuePlan(name=name, editions=tuple(plans), left_out=left_out)


def _wrong_rules(
    project: Project, editions: Sequence[Issue], facts: pl.DataFrame
) -> Iterable[Problem]:
    """Yield what is wrong with the rules of all entries, also of those that do not go out now."""
    rules: list[Source | None] = [issue.audience for issue in editions]
    rules += [entry.audience for entry in project.entries]
    for rule in rules:
        try:
            if rule:
                compile_rule(rule, facts.schema)
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


def _meant(editions: Sequence[Issue], facts: pl.DataFrame) -> pl.Expr:
    """Return whether the audience rule of the customer's edition holds."""
    rules = [(issue.language, issue.audience) for issue in editions if issue.audience]
    meant = pl.lit(value=True)
    for language, rule in rules:
        other = pl.col("_edition") != language
        meant = meant & (other | compile_rule(rule, facts.schema))
    return meant.alias("_meant")


def _edition_plan(
    project: Project, issue: Issue, recipients: pl.DataFrame, *, entries: tuple[Entry, ...]
) -> EditionPlan:
    config = project.config
    asked = answers(project, issue)
    chosen = choose(recipients, entries, answers=asked, most=issue.most)
    given = tuple(answer for answer in asked if chosen[answer.flag].any())
    unused = [answer.flag for answer in asked if answer not in given]
    return EditionPlan(
        issue=issue,
        entries=entries,
        answers=given,
        recipients=add_addresses(chosen.drop(unused), config, secret=project.secret).sort("id"),
    )
