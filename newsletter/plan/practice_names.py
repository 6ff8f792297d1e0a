"""The names that the rules and settings of a practice may use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from newsletter.errors import NewsletterError, Problem, did_you_mean
from newsletter.model.practice import Practice
from newsletter.plan.events import EVENTS
from newsletter.plan.once import PERIODS, once_column
from newsletter.rules.kinds import kind_of
from newsletter.rules.to_polars import compile_rule


def wrong_names(
    practice: Practice, facts: Mapping[str, pl.DataType], headers: Mapping[str, str]
) -> Iterator[Problem]:
    """
    Yield what is wrong with the names in the rule, in `once_per` and in `every`.

    *headers* are those of the customer file with their fields.
    """
    names = names_of(practice, facts)
    if practice.when:
        try:
            compile_rule(practice.when, names, headers)
        except NewsletterError as error:
            yield from error.problems
    if once_column(practice) not in ("", *names):
        what = f"unknown name '{practice.once_per}' in 'once_per'"
        valid = [*names, "event", "customer", *PERIODS]
        hint = did_you_mean(practice.once_per, valid) or (
            "write event, customer, year, quarter, month, or the name of a column"
        )
        yield Problem(message=what, at=practice.places.get("once_per", practice.at), hint=hint)
    named = [("every", step.segment) for step in practice.every]
    named += [("gifts", gift.segment) for gift in practice.gifts]
    valid = [name for name, dtype in facts.items() if kind_of(dtype) == "yes/no"] if named else []
    for key, segment in named:
        if segment not in ("", *valid):
            hint = did_you_mean(segment, valid) or "name a segment from content/segments.yml"
            message = f"unknown segment '{segment}' in '{key}'"
            yield Problem(message=message, at=practice.places.get(key, practice.at), hint=hint)


def names_of(practice: Practice, facts: Mapping[str, pl.DataType]) -> dict[str, pl.DataType]:
    """Return the names for `when:` and the words of a practice: facts and details of its event."""
    details = EVENTS[practice.event].details if practice.event else {}
    return {**facts, **details}
