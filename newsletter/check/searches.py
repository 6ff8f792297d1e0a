"""Searches texts for customers' values: email addresses, phone numbers, dates and phrases."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from newsletter.check.personal import WORD, Candidates, Personal, possible_numbers
from newsletter.model.domains import ascii_domain

_EMAIL = r"[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+"
_PHONE = r"(?:^|[^\p{L}\p{N}])\+?\(?[0-9](?:[\s().\-/\u{a0}\u{202f}]{0,3}[0-9]){6,60}"
# Coordinates of a drawing are digits in groups, too.
_DRAWING = r"\b(?:d|points|viewBox|transform|values)=(?:\"[^\"]*\"|'[^']*')"
_MOST_GROUPS = 8
_DATE = (
    r"[0-9]{1,2}[-/. ]{1,2}[0-9]{1,2}[-/. ]{1,2}[0-9]{4}"
    r"|(?:19|20)[0-9]{6}"
    r"|[0-9]{1,2}(?:st|nd|rd|th|er|\.|º)?[\s\u{a0}]+(?:de |of )?\p{L}{3,}\.?,?[\s\u{a0}]+"
    r"(?:de )?[0-9]{4}"
    r"|\p{L}{3,}\.?[\s\u{a0}]+[0-9]{1,2}(?:st|nd|rd|th)?,?[\s\u{a0}]+[0-9]{4}"
)
"""Pattern (of Polars) of a possible day with its year."""
_YEAR_FIRST = r"[0-9]{4}[-/. ]{1,2}[0-9]{1,2}[-/. ]{1,2}[0-9]{1,2}"
"""A pattern of its own: one match must not take a number before a day for a part of it."""

# The first letters of the months in English, German, French, Spanish, Italian, Dutch, Portuguese.
_MONTHS = {
    "jan": 1, "ene": 1, "gen": 1, "feb": 2, "fév": 2, "fev": 2, "mar": 3, "mär": 3, "maa": 3,
    "mrt": 3, "apr": 4, "avr": 4, "abr": 4, "may": 5, "mai": 5, "mei": 5, "mag": 5, "jun": 6,
    "juin": 6, "giu": 6, "jul": 7, "juil": 7, "lug": 7, "aug": 8, "aoû": 8, "ago": 8, "sep": 9,
    "set": 9, "oct": 10, "okt": 10, "ott": 10, "out": 10, "nov": 11, "dec": 12, "dez": 12,
    "déc": 12, "dic": 12,
}  # fmt: skip


@dataclass(frozen=True)
class Leak:
    """A customer's value in a file."""

    path: str
    kind: str
    """As in messages: `email address`, `full name`, …"""
    value: str
    """Normalised as in Personal."""
    row: int


@dataclass(frozen=True, kw_only=True)
class Searchable:
    """Texts, and the path and value of everything in them that may be a customer's."""

    texts: pl.DataFrame
    """`path`, `text` and the `words` of each."""
    emails: Sequence[tuple[str, str]]
    phones: Sequence[tuple[str, str]]
    days: Sequence[tuple[str, str]]
    words: Sequence[str]
    """Each word of the texts once, in the letters as written."""

    @property
    def candidates(self) -> Candidates:
        """The values to look up among those of the customers."""
        return Candidates(
            emails={value for _, value in self.emails},
            phones={value for _, value in self.phones},
            days={value for _, value in self.days},
            words={word.casefold() for word in self.words},
        )


def searchable(texts: pl.DataFrame) -> Searchable:
    """Return the texts of a frame (`path`, `text`) with the values to look up."""
    # Python returns a normal text at once; Polars would normalise each again.
    normal = [unicodedata.normalize("NFC", text) for text in texts["text"]]
    texts = texts.with_columns(words=pl.Series(normal, dtype=pl.String).str.extract_all(WORD))
    undrawn = texts.with_columns(pl.col("text").str.replace_all(_DRAWING, " "))
    return Searchable(
        texts=texts,
        emails=_possible(texts, _EMAIL, _addresses),
        phones=_possible(undrawn, _PHONE, _numbers),
        days=[
            day for pattern in (_DATE, _YEAR_FIRST) for day in _possible(texts, pattern, _days_of)
        ],
        words=texts["words"].explode().drop_nulls().unique().to_list(),
    )


def search(texts: Searchable, personal: Personal) -> Iterator[Leak]:
    """Yield every personal value in the texts."""
    for kind, candidates, values in (
        ("email address", texts.emails, personal.emails),
        ("phone number", texts.phones, personal.phones),
        ("birthday", texts.days, personal.birthdays),
    ):
        for path, value in candidates:
            if value in values:
                yield Leak(path, kind, value, values[value])
    yield from _phrases(texts, personal)


def _possible(
    texts: pl.DataFrame, pattern: str, meanings: Callable[[str], Iterable[str]]
) -> list[tuple[str, str]]:
    """Return path and value of everything that a match of *pattern* may mean."""
    return [
        (path, value)
        for path, candidate in _candidates(texts, pattern)
        for value in meanings(candidate)
    ]


def _candidates(texts: pl.DataFrame, pattern: str) -> Iterator[tuple[str, str]]:
    """Yield the path and text of each match, once per file."""
    matches = texts.select("path", pl.col("text").str.extract_all(pattern)).explode("text")
    yield from matches.drop_nulls().unique(maintain_order=True).iter_rows()


def _addresses(candidate: str) -> Iterator[str]:
    """Yield the possible addresses in a run of characters with an @: `x=ada@example.com.`"""
    local, _, domain = candidate.lower().rpartition("@")
    labels = ascii_domain(domain).split(".")
    begins = [0, *(mark.end() for mark in re.finditer(r"[^a-z0-9]", local))]
    for end in range(2, len(labels) + 1):
        yield from (f"{local[begin:]}@{'.'.join(labels[:end])}" for begin in begins)


@lru_cache(maxsize=1 << 15)
def _numbers(candidate: str) -> frozenset[str]:
    """Return the possible national numbers in a run of digits, from any adjacent groups."""
    groups = re.findall(r"[0-9]+", candidate.replace("(0)", ""))
    return frozenset(
        number
        for begin in range(len(groups))
        for end in range(begin + 1, min(begin + _MOST_GROUPS, len(groups)) + 1)
        for number in possible_numbers("".join(groups[begin:end]))
    )


@lru_cache(maxsize=1 << 15)
def _days_of(candidate: str) -> frozenset[str]:
    """Return the days (YYYY-MM-DD) that a match may mean, with its parts in any order."""
    parts = re.findall(r"[0-9]+|[^\W\d_]{3,}", candidate.lower())
    if len(parts) == 1:
        parts = [candidate[:4], candidate[4:6], candidate[6:]]
    numbers = [int(part) for part in parts if part.isdigit()]
    months = [_MONTHS.get(part[:4]) or _MONTHS.get(part[:3]) for part in parts if part.isalpha()]
    years = [number for number in numbers if number > 31]
    others = [number for number in numbers if number not in years] + [m for m in months if m]
    if len(years) != 1 or len(others) != 2:
        return frozenset()
    return frozenset(_real_days(years[0], [(others[0], others[1]), (others[1], others[0])]))


def _real_days(year: int, days: Iterable[tuple[int, int]]) -> Iterator[str]:
    for month, day in days:
        with suppress(ValueError):
            yield dt.date(year, month, day).isoformat()


def _phrases(texts: Searchable, personal: Personal) -> Iterator[Leak]:
    lengths: dict[str, set[int]] = defaultdict(set)
    for phrase in personal.phrases:
        lengths[phrase.partition(" ")[0]].add(phrase.count(" ") + 1)
    folded = ((word, word.casefold()) for word in texts.words)
    first = {word: lengths[key] for word, key in folded if key in lengths}
    has_first = pl.col("words").list.eval(pl.element().is_in(list(first))).list.any()
    for path, text, words in texts.texts.filter(has_first).iter_rows():
        for begin, word in enumerate(words):
            for length in first.get(word, ()):
                passage = words[begin : begin + length]
                yield from _phrase(passage, personal, path=path, text=text)


def _phrase(passage: list[str], personal: Personal, *, path: str, text: str) -> Iterator[Leak]:
    value = " ".join(passage).casefold()
    if value in personal.phrases:
        kind, customer, row = personal.phrases[value]
        if kind != "full name" or _is_name(passage, customer, text):
            yield Leak(path, kind, value, row)


def _is_name(passage: list[str], customer: str, text: str) -> bool:
    """
    Return whether *passage* is the name of *customer*, and not words such as `will young`.

    It is a name if written as in the customer file, if no word begins with a small letter, or if
    the words are joined as in a file name or address.
    """
    if " ".join(passage) == customer or not any(word[0].islower() for word in passage):
        return True
    return any(joint.join(passage) in text for joint in "-_.+/")
