"""Cells with a choice: channels, team members, countries, languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import polars as pl
from babel import Locale
from babel.core import get_global

from newsletter.model import channels
from newsletter.model.team import TeamMember
from newsletter.read.list_words import every_outcome
from newsletter.read.people.findings import (
    Column,
    Findings,
    Reading,
    ReadingOptions,
    counted_words,
    quoted,
    remark_each,
)
from newsletter.read.people.header_names import key
from newsletter.read.yaml import packaged_yaml

_WORDS: Any = packaged_yaml("cells.yml").data

CHANNELS = {
    word: name
    for name, kind in channels.CHANNELS.items()
    for word in (
        *(name, kind.noun, kind.plural, kind.how),
        *kind.aliases.split(),
        *_WORDS["channels"].get(name, ()),
    )
}
"""Word in lower case → the channel."""
OUTCOMES = every_outcome() | {
    word: ours for ours, words in _WORDS["outcomes"].items() for word in words
}
"""Word in lower case → the outcome of a touchpoint, as in HISTORY."""
_OUTCOMES_BY_KEY = {key(word): outcome for word, outcome in OUTCOMES.items() if key(word)}
FORMALITY: Mapping[str, str] = _WORDS["formality"]


def outcome_of(text: str) -> str | None:
    """Return the outcome that somebody wrote, whatever the accents and full stops; else None."""
    return OUTCOMES.get(text.casefold()) or _OUTCOMES_BY_KEY.get(key(text))


def read_word(
    column: Column, findings: Findings, *, meanings: Mapping[str, str], noun: str
) -> Reading:
    """Read a choice; *meanings* maps our word to those of users, between spaces."""
    ours = {word: meaning for meaning, all_ in meanings.items() for word in all_.split()}
    ours |= {meaning: meaning for meaning in meanings}
    return replace_words(column, findings, ours=ours, noun=noun)


def replace_words(
    column: Column, findings: Findings, *, ours: Mapping[str, str], noun: str
) -> Reading:
    """Replace words by *ours*, lower-case word → our word; others become null, with a remark."""
    lower = column.text.str.to_lowercase()
    values = lower.replace_strict(
        list(ours), list(ours.values()), default=None, return_dtype=pl.String
    )
    if values.null_count() == lower.null_count():
        return Reading(values, noun)
    examples = ", ".join(list(dict.fromkeys(ours.values()))[:6])
    for finding in counted_words(column, values.is_null() & lower.is_not_null()):
        message = f"{finding} is not a {noun} and was left empty"
        findings.of_columns(message, hint=f"write one like {examples}")
    return Reading(values, noun)


def team_members(
    given: pl.Series,
    options: ReadingOptions,
    *,
    findings: Findings,
    customers: pl.DataFrame | None = None,
) -> pl.Series:
    """
    Return the ids of team members, named by id, name or email; others become null, with a remark.

    An exact id comes before names and ids in other capitals. Without a team all stay. *customers*
    (row and name of each) are named in the remarks.
    """
    if not options.team or given.null_count() == len(given):
        return given
    named = {
        word.casefold(): member.id
        for word_of in _NAMES_OF_MEMBERS
        for member in options.team
        if (word := word_of(member))
    }
    ids = {member.id for member in options.team}
    words = given.drop_nulls().unique()
    known = {word: word if word in ids else named.get(word.casefold()) for word in words}
    members = given.replace_strict(
        list(known), list(known.values()), default=None, return_dtype=pl.String
    )
    is_unknown = members.is_null() & given.is_not_null()
    if is_unknown.any():
        unknown = given.filter(is_unknown).cast(pl.String)
        theirs = customers.filter(is_unknown) if customers is not None else None
        _remark_strangers(unknown, theirs, options, findings=findings)
    return members.alias(given.name)


def _remark_strangers(
    unknown: pl.Series,
    customers: pl.DataFrame | None,
    options: ReadingOptions,
    *,
    findings: Findings,
) -> None:
    """Remark on names that are not in the team, with the customers whom they look after."""
    team = f"the team in newsletter.yml: {', '.join(member.id for member in options.team)}"
    if customers is None:
        told = [(0, f"{quoted(name)} is not in the team") for name in unknown.unique()]
        remark_each(findings, told, hint=team, others="names that are not in the team")
        return
    of_name = customers.with_columns(unknown.alias("_manager")).group_by("_manager").agg(pl.all())
    told = [
        (rows[0], f"{quoted(name)} is not in the team, but looks after {_some(names)}")
        for name, rows, names in of_name.iter_rows()
    ]
    hint = f"{team}; whoever has gone stays in it, with 'left: DATE' and 'handed_to: ID'"
    remark_each(findings, told, hint=hint, others="names that are not in the team")


def _some(names: list[str]) -> str:
    """Return the first names, and how many others there are."""
    shown, more = ", ".join(names[:_MOST_NAMED]), len(names) - _MOST_NAMED
    return f"{shown} and {more:,} more" if more > 0 else shown


_MOST_NAMED = 5


_NAMES_OF_MEMBERS: tuple[Callable[[TeamMember], str | None], ...] = (
    lambda member: member.email,
    lambda member: member.name,
    lambda member: member.id,
)
"""How a member may be named; later ones win."""

_LANGUAGES = ("en", "de", "fr")
"""Languages whose names of countries and languages are understood."""

_ENDONYMS: dict[str, str] = _WORDS["languages"]
_USUAL: dict[str, str] = _WORDS["countries"]
_NO_COUNTRIES = {"EU", "EZ", "UN", "XA", "XB", "ZZ"}


def read_country(column: Column, findings: Findings) -> Reading:
    """Read countries to ISO 3166 with two capitals."""
    names = _names_for(column, _countries)
    return replace_words(column, findings, ours=names, noun="country")


def country_code(name: str) -> str | None:
    """Return the country of a name in one of the languages that are understood."""
    codes = (_countries(language).get(name.lower()) for language in _LANGUAGES)
    return next((code for code in codes if code), None)


def read_language(column: Column, findings: Findings) -> Reading:
    """Read languages to the primary subtag of BCP 47: de-CH → de, German → de."""
    text = column.text.str.replace(r"^([A-Za-z]{2,3})[-_].*$", "${1}")
    plain = column.with_text(text)
    names = _names_for(plain, _languages)
    return replace_words(plain, findings, ours=names, noun="language")


def _names_for(column: Column, table: Callable[[str], dict[str, str]]) -> dict[str, str]:
    """Return the names in English, and in more languages only if the cells need them."""
    words = set(column.text.drop_nulls().str.to_lowercase().unique())
    names: dict[str, str] = {}
    for language in _LANGUAGES:
        names = table(language) | names
        if words <= names.keys():
            break
    return names


@cache
def _countries(language: str) -> dict[str, str]:
    names = {
        name.lower(): code
        for code, name in Locale(language).territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    }
    codes = {code.lower(): code for code in names.values()}
    three = {
        old.lower(): new[0]  # DEU → DE
        for old, new in get_global("territory_aliases").items()
        if len(old) == 3 and old.isalpha() and len(new) == 1
    }
    return three | codes | names | _USUAL


@cache
def _languages(language: str) -> dict[str, str]:
    tags = {code: name for code, name in Locale(language).languages.items() if code.isalpha()}
    names = {name.lower(): code for code, name in tags.items()}
    return _ENDONYMS | names | {code: code for code in tags}
