"""The values of customers that must not be public, normalised for the search."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import polars as pl

# Scripts without spaces between words: each of their characters counts as a word.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
WORD = rf"[{_UNSPACED}]|[[\p{{L}}\p{{M}}\p{{N}}]--[{_UNSPACED}]]+"
TEXTS = ("email", "phone", "birthday", "name", "first_name", "last_name", "street", "id")
_SHORTEST_PHONE = 7
# ITU-T E.164: country codes of one and of two digits; all others have three.
_ONE_DIGIT = "17"
_TWO_DIGITS = frozenset(
    str(code)
    for first, last in ((30, 34), (40, 41), (43, 49), (51, 58), (60, 66), (90, 95))
    for code in range(first, last + 1)
) | {"20", "27", "36", "39", "81", "82", "84", "86", "98"}


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """Values in the texts that may be a customer's: far fewer than those of all customers."""

    emails: set[str]
    phones: set[str]
    """National numbers."""
    days: set[str]
    """As YYYY-MM-DD."""
    words: set[str]
    """Case-folded."""


@dataclass(frozen=True)
class Personal:
    """Values of customers → line of the customer file. Phrases are case-folded words."""

    emails: dict[str, int] = field(default_factory=dict)
    phones: dict[str, int] = field(default_factory=dict)
    """National numbers: digits without country code and leading zeros."""
    birthdays: dict[str, int] = field(default_factory=dict)
    phrases: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    """Phrase → its kind, its words as in the customer file, and the line."""


def personal(people: pl.DataFrame, tokens: Iterable[str], *, candidates: Candidates) -> Personal:
    """
    Return the values among the *candidates* that identify a customer.

    A name needs two words and five letters (three characters in scripts without spaces), so that
    customers called Null or May never stop a build. A street needs its number. A birthday needs
    its year, and at most two customers may share it. An id needs five characters with a digit and
    a letter, or seven digits.
    """
    customers = people.select(
        pl.col(name) if name in people.columns else pl.lit(None, pl.String).alias(name)
        for name in (*TEXTS, "row")
    ).with_columns(pl.col("row").fill_null(0).cast(pl.Int64))
    public_tokens = (token for token in tokens if token.casefold() in candidates.words)
    return Personal(
        emails=dict(
            _pairs(customers, pl.col("email").str.to_lowercase(), among=candidates.emails)
        ),
        phones={
            number: row
            for phone, row in customers.filter(_ends_as(candidates.phones))
            .select("phone", "row")
            .iter_rows()
            for number in national_numbers(phone)
        },
        birthdays=dict(_pairs(customers, _telling_birthday(), among=candidates.days)),
        phrases={
            written.casefold(): (kind, written, row)
            for kind, column in _phrases()
            for written, row in _phrase_rows(customers, kind, column, candidates.words)
        }
        | {token.casefold(): ("token", token, 0) for token in public_tokens},
    )


def national_numbers(phone: str) -> Iterator[str]:
    """Yield the phone number without country code and leading zeros, if it is long enough."""
    text = phone.replace("(0)", "")
    digits = re.sub(r"[^0-9]", "", text)
    yield from _national(digits, international=text.lstrip(" (").startswith("+"))


def possible_numbers(digits: str) -> set[str]:
    """Return the national numbers that *digits* may mean, with or without a country code."""
    return {*_national(digits), *_national(digits, international=True)}


def _national(digits: str, *, international: bool = False) -> Iterator[str]:
    international = international or digits.startswith("00")
    digits = digits.lstrip("0")
    national = digits[_country_code(digits) :].lstrip("0") if international else digits
    if len(national) >= _SHORTEST_PHONE:
        yield national


def _country_code(digits: str) -> int:
    return 1 if digits[:1] in _ONE_DIGIT else 2 if digits[:2] in _TWO_DIGITS else 3


def _ends_as(numbers: Iterable[str]) -> pl.Expr:
    """Return whether a phone number ends like one of *numbers*; spaces are ignored."""
    ends = {number[-_SHORTEST_PHONE:] for number in numbers}
    digits = pl.col("phone").str.replace_all("[^0-9]", "")
    return digits.str.tail(_SHORTEST_PHONE).is_in(ends)


def _pairs(people: pl.DataFrame, value: pl.Expr, *, among: set[str]) -> Iterator[tuple[str, int]]:
    """Yield each value in *among*, with its line."""
    values = people.select(value.alias("value"), "row")
    return values.filter(pl.col("value").is_in(among)).iter_rows()


def _phrase_rows(
    people: pl.DataFrame, kind: str, column: pl.Expr, candidates: set[str]
) -> Iterator[tuple[str, int]]:
    """Yield each identifying text whose first word is among *candidates*, with its line."""
    phrases = people.select(
        column.str.normalize("NFC").str.extract_all(WORD).alias("words"), "row"
    )
    first = pl.col("words").list.first()
    firsts = phrases.select(first).drop_nulls().to_series().unique()
    public = [word for word in firsts if word.casefold() in candidates]
    telling = phrases.filter(first.is_in(public)).select(
        _telling(kind, pl.col("words")).alias("value"), "row"
    )
    return telling.drop_nulls("value").iter_rows()


def _telling_birthday() -> pl.Expr:
    """Return the birthday with its year, if at most two customers share it."""
    day = pl.col("birthday")
    return pl.when(day.str.contains(r"^[0-9]{4}-") & (pl.len().over("birthday") <= 2)).then(day)


def _phrases() -> Iterator[tuple[str, pl.Expr]]:
    first, last = pl.col("first_name"), pl.col("last_name")
    yield "full name", pl.col("name")
    yield "full name", first + " " + last
    yield "full name", last + " " + first
    yield "street", pl.col("street")
    yield "id", pl.when(~pl.col("id").str.contains("@")).then(pl.col("id"))


def _telling(kind: str, words: pl.Expr) -> pl.Expr:
    """Return *words* as a phrase if they identify a customer, else null."""
    phrase, bare = words.list.join(" "), words.list.join("")
    has_digit, has_letter = bare.str.contains(r"\p{N}"), bare.str.contains(r"\p{L}")
    several = words.list.len() >= 2
    if kind == "full name":
        unspaced = bare.str.contains(rf"^[{_UNSPACED}]{{3,}}$")
        telling = several & ((bare.str.len_chars() >= 5) | unspaced)
    elif kind == "street":
        telling = several & has_digit & has_letter & (bare.str.len_chars() >= 6)
    else:
        telling = has_digit & (bare.str.len_chars() >= pl.when(has_letter).then(5).otherwise(7))
    return pl.when(telling).then(phrase)
