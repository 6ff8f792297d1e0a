"""Faults of texts and rules in a project that cannot be built, because something else is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from functools import partial

import polars as pl

from newsletter.check.unbuilt_layouts import layout_faults
from newsletter.errors import Problem, attempt
from newsletter.facts import fact_columns
from newsletter.facts.segments import add_segments, spelt_by_hand
from newsletter.mailing.recipients import ADDED
from newsletter.model.entry import Entry, Issue
from newsletter.model.practice import Practice
from newsletter.model.project import PartOfProject
from newsletter.plan.practice_names import names_of, wrong_names
from newsletter.render.binding_errors import KnownFields
from newsletter.render.unrun_texts import UnknownFields, theme_faults, unrun_faults
from newsletter.rules.grammar import parse
from newsletter.rules.to_polars import compile_rule

_Types = Mapping[str, pl.DataType]


def unbuilt_faults(part: PartOfProject, *, today: dt.date) -> list[Problem]:
    """
    Return the faults of texts, rules and layouts that do not depend on what is wrong elsewhere.

    Unknown names are faults only if the columns of the customers are known.
    """
    problems: list[Problem] = list(theme_faults(part.theme)) if part.theme else []
    columns = _columns(part, problems)
    headers = part.people.headers if part.people else {}
    hosts = part.config.hosts if part.config else None
    for practice in part.practices:
        if columns is not None:
            problems += wrong_names(practice, columns, headers)
        elif practice.when:
            attempt(partial(parse, practice.when), problems)
        types = columns if columns is None else names_of(practice, columns)
        problems += _of_practice(practice, _fields(types, headers), hosts)
    pages: list[Entry | Issue] = [*part.entries, *part.issues]
    for entry in pages:
        if rule := entry.audience:
            judged = (
                partial(parse, rule)
                if columns is None
                else partial(compile_rule, rule, columns, headers)
            )
            attempt(judged, problems)
        problems += _of_page(entry, _fields(columns, headers), hosts)
    if columns is not None:
        problems += layout_faults(part, columns, today=today)
    return problems


def _columns(part: PartOfProject, problems: list[Problem]) -> _Types | None:
    """Return the names that rules may use, with all that may be segments; None if not known."""
    people, maybe = part.people, part.maybe_segments
    if people is None or maybe is None:
        return None
    by_hand = spelt_by_hand(people.customers)
    sure = {*by_hand, *(segment.name for segment in part.segments)}
    columns = {**dict.fromkeys(maybe - sure, pl.Boolean()), **fact_columns(people)}
    nobody = pl.DataFrame(schema=columns)
    return add_segments(
        nobody, part.segments, by_hand=by_hand, problems=problems, headers=people.headers
    ).schema


def _fields(types: _Types | None, headers: Mapping[str, str]) -> KnownFields:
    return UnknownFields({}, {}) if types is None else KnownFields({**types, **ADDED}, headers)


def _of_page(
    page: Entry | Issue, fields: KnownFields, hosts: Collection[str] | None
) -> Iterator[Problem]:
    lines = (page.subject, page.preheader) if isinstance(page, Issue) else ()
    for text in (*lines, page.whole):
        yield from unrun_faults(
            text, template=page.template, language=page.language, fields=fields, hosts=hosts
        )


def _of_practice(
    practice: Practice, fields: KnownFields, hosts: Collection[str] | None
) -> Iterator[Problem]:
    for words in practice.words.values():
        for text in (*([words.subject] if words.subject else []), *words.texts):
            yield from unrun_faults(
                text, template=words.template, language=words.language, fields=fields, hosts=hosts
            )
