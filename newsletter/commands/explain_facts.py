"""The facts and segments of a customer, in words; or as rules name them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from newsletter.commands.explain_practice import Case
from newsletter.commands.terminal import wrapped
from newsletter.facts import FACTS, SOURCES
from newsletter.model.tables import CUSTOMERS
from newsletter.rules.explain import explain_rule, shown_value
from newsletter.rules.in_words import explained_in_words
from newsletter.rules.values_in_words import value_in_words

_WIDTH = 100
"""Cells of a line."""


def facts(case: Case) -> Iterator[tuple[str, str]]:
    """Yield the facts by source, the columns of the customer file first."""
    segments = {segment.name for segment in case.project.segments}
    file = case.project.people.customers.columns
    groups = {"file": [name for name in file if name not in (*FACTS, *segments, "row")]}
    for source in SOURCES:
        groups.setdefault(source.name, []).extend(source.facts)
    for group, names in groups.items():
        values = {name: case.row[name] for name in names if case.row[name] not in (None, [])}
        if case.verbose:
            texts = [f"{name} {_value(value)}" for name, value in values.items()]
        else:
            texts = [_in_words(name, value, case) for name, value in values.items() if value]
        if text := " · ".join(filter(None, texts)):
            yield case.screen(f"explain_{group}"), "\n".join(wrapped(text, _WIDTH))


def _in_words(name: str, value: object, case: Case) -> str:
    """Return a fact in words; of records only their texts and days."""
    reasons, screen = case.project.reasons, case.screen
    if isinstance(value, bool | int | float):
        return value_in_words(name, value, reasons)
    if day := _day(value):
        text = screen.day(day)
    elif isinstance(value, list):
        items = [value for item in value for value in _texts(item)]
        text = ", ".join(screen.day(item) if isinstance(item, dt.date) else item for item in items)
    else:
        text = reasons.text(str(value), name) if name in _CHOICES else str(value)
        text = screen.channel(text)
    return (
        screen("titled", what=reasons.heading(name).replace("_", " "), text=text) if text else ""
    )


_CHOICES = ("language", "country", "formality")
"""Facts whose texts have words in each language."""


def _day(value: object) -> dt.date | None:
    """Return a day, or one that is written as a text; None if it is none."""
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, dt.date) else None


def _texts(item: object) -> list[str | dt.date]:
    """Return a text, or the texts and days of a record."""
    values = item.values() if isinstance(item, dict) else [item]
    return [value for value in values if isinstance(value, str | dt.date) and value]


def _value(value: object) -> str:
    """Return a value as a rule would write it; records of services in words."""
    if isinstance(value, list) and isinstance(value[0], dict):
        return "; ".join(map(_record, value))
    return shown_value(value)


def _record(record: Mapping[str, object]) -> str:
    """Return the values of a record; numbers with their names."""
    filled = {name: value for name, value in record.items() if value}
    return ", ".join(
        f"{name} {value}" if isinstance(value, int) else str(value)
        for name, value in filled.items()
    )


def segments(case: Case) -> Iterator[tuple[str, str]]:
    """Yield each segment, whether the customer belongs to it, and why."""
    rules = {segment.name: segment.rule for segment in case.project.segments}
    facts = [*CUSTOMERS, *FACTS, *case.project.people.customers.columns]
    for name in [name for name in case.facts.columns if name not in facts]:
        holds = bool(case.row[name])
        explained = explain_rule(rules[name], case.facts) if name in rules else None
        reason = case.screen("by_hand" if holds else "not_by_hand")
        if explained and explained.holds == holds:
            reason = explained_in_words(explained, case.project.reasons)
            rule = case.screen("rule", rule=" ".join(rules[name].text.split()))
            reason += f"\n  {rule}" if case.verbose else ""
        shown = case.screen("explain_yes" if holds else "explain_no", why=reason)
        yield case.project.reasons.heading(name), "\n".join(wrapped_lines(shown.split("\n")))


def wrapped_lines(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines that are not too wide, each with the indent of its beginning."""
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()))
        for part in wrapped(line, _WIDTH - len(indent)):
            yield indent + part
