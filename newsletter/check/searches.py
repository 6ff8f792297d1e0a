"""Searches texts for customers' addresses, phone numbers and birthdays."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from newsletter.check.days import DAYS, days_of
from newsletter.check.folding import LOOKALIKES
from newsletter.check.personal import Candidates, Personal, possible_numbers
from newsletter.model.domains import ascii_domain

_EMAIL = r"[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+"
_BRACKETS = r"\s?[\[({<]\s?(?i:at|ät|arobase|arroba|@)\s?[\])}>]\s?"
_BRACKETED_DOT = r"\s?[\[({<]\s?(?i:dot|punkt|point|punto|\.)\s?[\])}>]\s?"
_SPELT_DOT = r"([\p{L}\p{N}])\s(?i:dot|punkt|point|punto|\.)\s"
_SPELT_AT = (
    r"([\p{L}\p{N}])(?:\s(?i:at)\s|['\"]?\s?\+?\s?['\"]?@['\"]?\s?\+?\s?['\"]?)"
    r"([\p{L}\p{N}-]+\s?\.)"
)
_SPACED_LOCAL = r"([\p{L}\p{N}])(?:\s([._+-])\s?|([._+-])\s)([\p{L}\p{N}]+@)"
_SPACED_DOMAIN = r"(@[\p{L}\p{N}-]+)(?:\s\.\s?|\.\s)([\p{L}\p{N}])"
"""A blank beside a sign of an address; more labels than it has do no harm."""
_LOOKALIKES = str.maketrans(LOOKALIKES)
_PHONE = r"(?:^|[^\p{L}\p{N}])\+?\(?[0-9](?:[\s().\-/·•\u{2010}-\u{2015}]{0,3}[0-9]){6,60}"
# Coordinates of a drawing are digits in groups, too.
_DRAWING = r"\b(?:d|points|viewBox|transform|values)=(?:\"[^\"]*\"|'[^']*')"
_MOST_GROUPS = 8
_LONGEST_LOCAL = 64
"""Letters before an @ (RFC 5321, 4.5.3.1.1)."""


@dataclass(frozen=True)
class Leak:
    """A customer's value in a file."""

    path: str
    kind: str
    """As in messages: `email address`, `full name`, …"""
    value: str
    """Normalised: equal if the customer's value is."""
    row: int
    passage: str
    """As it stands in the text."""
    line: int = 0
    """Of the file; 0 if the value stands there in another form."""


@dataclass(frozen=True, kw_only=True)
class Searchable:
    """For each kind of value: where something stands that may be a customer's, and its text."""

    emails: Sequence[tuple[str, str, str]]
    """Path, value and passage."""
    phones: Sequence[tuple[str, str, str]]
    days: Sequence[tuple[str, str, str]]

    @property
    def candidates(self) -> Candidates:
        """The values to look up among those of the customers."""
        return Candidates(
            emails={value for _, value, _ in self.emails},
            phones={value for _, value, _ in self.phones},
            days={value for _, value, _ in self.days},
        )


def searchable(texts: pl.DataFrame) -> Searchable:
    """Return the values to look up of a frame of texts (`path`, `text`)."""
    undrawn = texts.with_columns(pl.col("text").str.replace_all(_DRAWING, " "))
    return Searchable(
        emails=_possible(_spelt_out(texts), _EMAIL, _addresses),
        phones=_possible(undrawn, _PHONE, _numbers),
        days=[day for pattern in DAYS for day in _possible(texts, pattern, days_of)],
    )


def search(texts: Searchable, personal: Personal) -> Iterator[Leak]:
    """Yield every address, number and birthday in the texts."""
    for kind, candidates, values in (
        ("email address", texts.emails, personal.emails),
        ("phone number", texts.phones, personal.phones),
        ("birthday", texts.days, personal.birthdays),
    ):
        for path, value, passage in candidates:
            if value in values:
                yield Leak(path, kind, value, values[value], passage.strip())


def _spelt_out(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the texts with `ada (at) example dot com` and `ada @ example . com` as an address."""
    text = pl.col("text").str.replace_all(_BRACKETS, "@").str.replace_all(_BRACKETED_DOT, ".")
    dotted = text.str.replace_all(_SPELT_DOT, "$1.")
    joined = dotted.str.replace_all(_SPELT_AT, "$1@$2")
    local = joined.str.replace_all(_SPACED_LOCAL, "$1$2$3$4")
    return texts.with_columns(local.str.replace_all(_SPACED_DOMAIN, "$1.$2"))


def _possible(
    texts: pl.DataFrame, pattern: str, meanings: Callable[[str], Iterable[str]]
) -> list[tuple[str, str, str]]:
    """Return path, value and passage of everything that a match of *pattern* may mean."""
    return [
        (path, value, candidate)
        for path, candidate in _candidates(texts, pattern)
        for value in meanings(candidate)
    ]


def _candidates(texts: pl.DataFrame, pattern: str) -> Iterator[tuple[str, str]]:
    """Yield the path and text of each match, once per file."""
    matches = texts.select("path", pl.col("text").str.extract_all(pattern)).explode("text")
    yield from matches.drop_nulls().unique(maintain_order=True).iter_rows()


@lru_cache(maxsize=1 << 15)
def _addresses(candidate: str) -> frozenset[str]:
    """
    Return the possible addresses in characters with an @, also turned round and in ROT13.

    Letters that look like Latin ones are read as these, too.
    """
    latin = candidate.lower().translate(_LOOKALIKES)
    readings = candidate, latin, candidate[::-1], codecs.encode(candidate, "rot13")
    return frozenset(address for text in readings for address in _forward(text))


def _forward(candidate: str) -> Iterator[str]:
    """Yield the possible addresses in a run of characters with an @: `x=ada@example.com.`"""
    local, _, domain = candidate.lower().rpartition("@")
    local = local[-_LONGEST_LOCAL:]
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
