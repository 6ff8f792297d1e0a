"""What is wrong with the rules of practices: names that neither facts nor their events have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from newsletter.errors import NewsletterError, Problem, did_you_mean
from newsletter.model.practice import Practice
from newsletter.model.project import Project
from newsletter.plan.events import columns_of
from newsletter.rules.compile import compile_rule

_PERIODS = ("event", "customer", "year", "quarter", "month")


def wrong_rules(project: Project, facts: pl.DataFrame) -> Iterator[Problem]:
    """Yield what is wrong with the rules and names of all practices. *facts*: with segments."""
    for practice in project.practices:
        known: Mapping[str, pl.DataType] = {**facts.schema, **columns_of(practice.event)}
        yield from _when(practice, known)
        yield from _rhythm(practice, known)
        if practice.once_per not in _PERIODS:
            yield from _unknown(practice, "once_per", practice.once_per, known)


def _when(practice: Practice, known: Mapping[str, pl.DataType]) -> Iterable[Problem]:
    try:
        if practice.when:
            compile_rule(practice.when, pl.Schema(known))
    except NewsletterError as error:
        return error.problems
    return ()


def _rhythm(practice: Practice, known: Mapping[str, pl.DataType]) -> Iterator[Problem]:
    yes_no = [name for name, dtype in known.items() if dtype == pl.Boolean()]
    for step in practice.every:
        if step.segment:
            yield from _unknown(practice, "every", step.segment, yes_no)


def _unknown(practice: Practice, key: str, name: str, known: Iterable[str]) -> Iterator[Problem]:
    names = list(known)
    if name not in names:
        what = "segment" if key == "every" else "column, fact or detail"
        message = f"'{key}' names '{name}', which is no {what}"
        hint = did_you_mean(name, names) or "the segments stand in content/segments.yml"
        yield Problem(message=message, at=practice.at, hint=hint)
