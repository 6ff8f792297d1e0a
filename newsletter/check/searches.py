"""Looks for the customers' values in texts: emails, phone numbers, dates and phrases of words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from newsletter.check.dates import DATE, days_of
from newsletter.check.personal import Personal, Said, national_numbers, words
from newsletter.model.domains import ascii_domain

_EMAIL = r"[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+"
_PHONE = r"(?:^|[^\p{L}\p{N}])\+?\(?[0-9](?:[\s().\-/\u{a0}\u{202f}]{0,3}[0-9]){6,60}"
# Coordinates of a drawing are digits in groups, too.
_DRAWING = r"\b(?:d|points|viewBox|transform|values)=(?:\"[^\"]*\"|'[^']*')"
_MOST_GROUPS = 8


@dataclass(frozen=True)
class Leak:
    """A customer's value in a file."""

    path: str
    kind: str
    """What it is, in words."""
    value: str
    """In the form of Personal."""
    row: int


def said_in(texts: pl.DataFrame) -> Said:
    """Return what a frame of READINGS says that might be a customer's."""
    written = texts.select(words(pl.col("text")).alias("word")).explode("word")["word"]
    return Said(
        emails={value for _, value in _emails(texts)},
        phones={value for _, value in _phones(texts)},
        days={value for _, value in _days(texts)},
        words={word.casefold() for word in written.drop_nulls().unique()},
    )


def search(texts: pl.DataFrame, known: Personal) -> Iterator[Leak]:
    """Yield every value of *known* in a frame of READINGS."""
    for kind, found, values in (
        ("email address", _emails(texts), known.emails),
        ("phone number", _phones(texts), known.phones),
        ("birthday", _days(texts), known.birthdays),
    ):
        for path, value in found:
            if value in values:
                yield Leak(path, kind, value, values[value])
    yield from _phrases(texts, known)


def _emails(texts: pl.DataFrame) -> Iterator[tuple[str, str]]:
    for path, candidate in _candidates(texts, _EMAIL):
        yield from ((path, value) for value in _addresses(candidate))


def _phones(texts: pl.DataFrame) -> Iterator[tuple[str, str]]:
    undrawn = texts.with_columns(pl.col("text").str.replace_all(_DRAWING, " "))
    for path, candidate in _candidates(undrawn, _PHONE):
        yield from ((path, value) for value in _numbers(candidate))


def _days(texts: pl.DataFrame) -> Iterator[tuple[str, str]]:
    for path, candidate in _candidates(texts, DATE):
        yield from ((path, value) for value in days_of(candidate))


def _candidates(texts: pl.DataFrame, pattern: str) -> Iterator[tuple[str, str]]:
    """Yield path and match, each match of a file once."""
    found = texts.select("path", pl.col("text").str.extract_all(pattern)).explode("text")
    yield from found.drop_nulls().unique(maintain_order=True).iter_rows()


def _addresses(candidate: str) -> Iterator[str]:
    """Yield the addresses that a run of characters with an @ may mean: `x=ada@example.com.`"""
    local, _, domain = candidate.lower().rpartition("@")
    labels = ascii_domain(domain).split(".")
    begins = [0, *(mark.end() for mark in re.finditer(r"[^a-z0-9]", local))]
    for end in range(2, len(labels) + 1):
        yield from (f"{local[begin:]}@{'.'.join(labels[:end])}" for begin in begins)


def _numbers(candidate: str) -> Iterator[str]:
    """Yield the national numbers that a run of digits may hold, any groups of it together."""
    groups = re.findall(r"[0-9]+", candidate.replace("(0)", ""))
    for begin in range(len(groups)):
        for end in range(begin + 1, min(begin + _MOST_GROUPS, len(groups)) + 1):
            number = "".join(groups[begin:end])
            yield from national_numbers(number)
            yield from national_numbers("+" + number)


def _phrases(texts: pl.DataFrame, known: Personal) -> Iterator[Leak]:
    lengths: dict[str, set[int]] = defaultdict(set)
    for phrase in known.phrases:
        lengths[phrase.partition(" ")[0]].add(phrase.count(" ") + 1)
    for path, text, written in texts.with_columns(words=words(pl.col("text"))).iter_rows():
        folded = {word: word.casefold() for word in set(written)}
        first = {word: lengths[own] for word, own in folded.items() if own in lengths}
        for begin, word in enumerate(written):
            for length in first.get(word, ()):
                passage = written[begin : begin + length]
                yield from _phrase(passage, known, path=path, text=text)


def _phrase(passage: list[str], known: Personal, *, path: str, text: str) -> Iterator[Leak]:
    value = " ".join(passage).casefold()
    if value in known.phrases:
        kind, own, row = known.phrases[value]
        if kind != "full name" or _is_name(passage, own, text):
            yield Leak(path, kind, value, row)


def _is_name(passage: list[str], own: str, text: str) -> bool:
    """
    Return whether the words are meant as a name, and not `will young` in a sentence.

    They are when written as the customer does, when none begins with a small letter, or when they
    are joined as in a file name or address.
    """
    if " ".join(passage) == own or not any(word[0].islower() for word in passage):
        return True
    return any(joint.join(passage) in text for joint in "-_.+/")
