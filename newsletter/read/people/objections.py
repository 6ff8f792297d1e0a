"""Columns and words that say who wants no email, and who has died."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import polars as pl

from newsletter.read.people.findings import Column, Findings, ReadingOptions, counted_words
from newsletter.read.people.header_names import (
    CONSENT,
    OBJECTION,
    is_about_email,
    is_again,
    is_email_status,
    key,
    may_be_objection,
    says_deceased,
    without_accents,
)
from newsletter.read.people.raw_tables import Match, RawTable, field_name
from newsletter.read.people.values.yes_and_no import REFUSED, answers
from newsletter.read.yaml import packaged_yaml

DAY = r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}"
_WORDS: Any = packaged_yaml("cells.yml").data
_UNSUBSCRIBED, _DECEASED = (
    frozenset(_WORDS[words].split(", ")) for words in ("unsubscribed", "deceased")
)
_REFUSALS: Any = _WORDS["refusals"]
_ADDRESS = r"@|://|^www\."
_BORDER = r"[,;|\n]"
_SPACE = r"[\s_-]+"
_SEVERAL, _APOSTROPHE = r"\s+", "[’']"
_SINCE = r"(?:\W+(?:\d|(?:am|on|at|seit|since|le|depuis|el|il|op|em|dnia|per|via|par|por)\b).*)?"
"""What may follow such a word: `abgemeldet am 3.4.2025`."""


@dataclass(frozen=True)
class Refusal:
    """A column, and in which rows it says no to all email."""

    column: Column
    objects: pl.Series
    is_named: bool
    """Whether the header says so; otherwise the words in the cells do."""
    is_ours: bool
    """Whether headers.yml or a program says what the column is."""

    @property
    def cure(self) -> str:
        """What to do if a word in it is no objection."""
        wanted = "write no, or leave the cell empty, if the customer wants email"
        return wanted if self.is_named else self.cure_of_column

    @property
    def cure_of_column(self) -> str:
        """What to do if the whole column is about something else; empty for columns of ours."""
        name = f"{field_name(self.column.header)}: '{self.column.header}'"
        other = f"if it is about something else, write in newsletter.yml: columns: {{{name}}}"
        return "" if self.is_ours else other


def with_closing_columns(
    raw: RawTable, matches: Sequence[Match], options: ReadingOptions
) -> list[Match]:
    """Return the matches; further columns named after deaths are read as `closed`."""
    return [
        replace(match, field="closed", is_ours=True, rank=1000)
        if _is_open(match, options) and says_deceased(match.header)
        else match
        for match in matches
    ]


def read_refusals(
    raw: RawTable, matches: Sequence[Match], options: ReadingOptions
) -> list[Refusal]:
    """Return the columns of objections, and others with words such as `abgemeldet` in them."""
    refusals = []
    for match in matches:
        column = raw.column(match.header)
        if is_objection(column, match, options):
            refusals.append(
                Refusal(column, _objects(column), is_named=True, is_ours=match.is_ours)
            )
        elif _may_hold_words(match, options):
            words = _UNSUBSCRIBED | (REFUSED if is_email_status(match.header) else frozenset())
            objects = _says(column, words) | _refuses(column)
            if objects.any():
                refusals.append(Refusal(column, objects, is_named=False, is_ours=match.is_ours))
    return refusals


def read_deceased(
    raw: RawTable, matches: Sequence[Match], options: ReadingOptions, findings: Findings
) -> pl.Series:
    """Return where a status, tag or note says that the customer has died, with remarks."""
    deceased = pl.repeat(False, raw.cells.height, dtype=pl.Boolean, eager=True)
    for match in matches:
        if _may_hold_words(match, options):
            column = raw.column(match.header)
            says_so = _says(column, _DECEASED)
            for finding in counted_words(column, says_so):
                findings.of_columns(
                    f"{finding} means that the customer has died: nothing goes out"
                )
            deceased |= says_so
    return deceased


def is_objection(column: Column, match: Match, options: ReadingOptions) -> bool:
    """Return whether a header says no to email; columns of links and addresses do not."""
    named = may_be_objection(match.header) or is_again(match.header, OBJECTION)
    return match.field == OBJECTION or (
        named and _is_open(match, options) and column.is_filled and not _has_addresses(column)
    )


def _is_open(match: Match, options: ReadingOptions) -> bool:
    """Return whether neither we nor newsletter.yml say what a column is."""
    return not match.is_ours and key(match.header) not in map(key, options.columns.values())


def _may_hold_words(match: Match, options: ReadingOptions) -> bool:
    stated = key(options.consent.column or "")
    is_ours = match.is_ours and match.field != "segments"
    by_user = not match.is_ours and not _is_open(match, options)
    return (
        not is_ours
        and not by_user
        and key(match.header) != stated
        and is_about_email(match.header)
        and not is_again(match.header, CONSENT)
    )


def _has_addresses(column: Column) -> bool:
    few = column.text.drop_nulls().head(1000)
    return int(few.str.contains(_ADDRESS).sum()) * 2 >= len(few)


def _objects(column: Column) -> pl.Series:
    """Return where the column has anything but a no: yes, a date, a reason, a cross."""
    no = answers(column.text).is_in(["no", "nothing"])
    return column.text.is_not_null() & ~no.fill_null(value=False)


def _says(column: Column, words: frozenset[str]) -> pl.Series:
    """Return where a cell, or one of several tags in it, is one of these words."""
    text, (parts, form) = pl.col("text"), _forms(words)
    may = text.str.contains_any(parts, ascii_case_insensitive=True)  # much faster than the form
    few = pl.DataFrame({"text": column.text}).with_row_index().filter(may)
    rows = few.filter(text.str.contains(form))["index"]
    says_so = pl.repeat(False, len(column.text), dtype=pl.Boolean, eager=True)
    return says_so.scatter(rows, True)


def _refuses(column: Column) -> pl.Series:
    """Return where a cell refuses email in a sentence: `Bitte keine Mails mehr`."""
    parts, form = _sentences()
    text = pl.col("text")
    may = text.str.contains_any(parts, ascii_case_insensitive=True)
    few = pl.DataFrame({"text": column.text}).with_row_index().filter(may)
    rows = few.filter(text.str.replace_all(_APOSTROPHE, " ").str.contains(form))["index"]
    refuses = pl.repeat(False, len(column.text), dtype=pl.Boolean, eager=True)
    return refuses.scatter(rows, True)


@cache
def _sentences() -> tuple[list[str], str]:
    """Return the last words of such sentences, and the form of the whole."""
    between = _any_of(_REFUSALS["between"])
    forms = (
        rf"{_any_of(first)}(?:\s+{between}){{0,2}}\s+{_any_of(last)}"
        for first, last in _REFUSALS["sentences"]
    )
    last_words = {word for _, last in _REFUSALS["sentences"] for word in _spellings(last)}
    ends = sorted({form for w in last_words for form in (w, w.upper(), w.title())})
    return ends, rf"(?i)(?:^|[^\p{{L}}-])(?:{'|'.join(forms)})(?:$|[^\p{{L}}-])"


def _any_of(words: str) -> str:
    """Return the form of any of the words."""
    plain = (re.sub(_APOSTROPHE, " ", word).split() for word in _spellings(words))
    return f"(?:{'|'.join(sorted(_SEVERAL.join(parts) for parts in plain))})"


def _spellings(words: str) -> set[str]:
    """Return the words with and without their accents."""
    return {spelling for word in words.split(", ") for spelling in (word, without_accents(word))}


@cache
def _forms(words: frozenset[str]) -> tuple[list[str], str]:
    """Return parts of which such a text has one, and its whole form."""
    spelled = {spelling for word in words for spelling in (word, without_accents(word))}
    longest = {max(re.split(_SPACE, word), key=len) for word in spelled}
    parts = sorted({spelling for s in longest for spelling in (s, s.upper(), s.title())})
    forms = "|".join(sorted(_SPACE.join(re.split(_SPACE, word)) for word in spelled))
    return parts, rf"(?i)(?:^|{_BORDER})\W*?(?:{forms}){_SINCE}\W*?(?:$|{_BORDER})"
