"""The values of customers that must not be public, normalised for the search."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from newsletter.check.folding import UNSPACED, WORD, joined, letters
from newsletter.check.streets import with_parts

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


@dataclass(frozen=True, kw_only=True)
class Personal:
    """Values of customers → line of the customer file."""

    emails: dict[str, int]
    phones: dict[str, int]
    """National numbers: digits without country code and leading zeros."""
    birthdays: dict[str, int]


def customers_of(people: pl.DataFrame) -> pl.DataFrame:
    """Return the columns that identify customers, even those that the file lacks, and the row."""
    return people.select(
        pl.col(name) if name in people.columns else pl.lit(None, pl.String).alias(name)
        for name in (*TEXTS, "row")
    ).with_columns(pl.col("row").fill_null(0).cast(pl.Int64))


def personal(customers: pl.DataFrame, candidates: Candidates) -> Personal:
    """
    Return the addresses, numbers and birthdays among the *candidates*.

    A birthday needs its year, and at most two customers may share it.
    """
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
    )


def phrases(customers: pl.DataFrame) -> pl.DataFrame:
    """
    Return every full name, street and id that identifies a customer.

    Columns: `key`, its folded words joined; `kind`; `written`, as in the customer file; `row`; of
    streets also `number`, `ahead` and `typed` (check/streets.py), without the number in `key`;
    of names also `turned`: the last name comes first, and `owned`: with an s, `Müllers Jürgen`.

    A name needs two words and five letters (three characters in scripts without spaces), so that
    customers called Null or May never stop a build. A street needs its number. An id needs five
    characters with a digit and a letter, or seven digits.
    """
    return pl.concat([_names(customers), _streets(customers), _ids(customers)], how="diagonal")


def token_phrases(tokens: Iterable[str], words: Collection[str]) -> pl.DataFrame:
    """Return the tokens among *words* (in small letters), in the form of `phrases`."""
    public = [token for token in tokens if token.casefold() in words]
    written = pl.Series("written", public, dtype=pl.String)
    return pl.DataFrame({"key": joined(written), "written": written}).with_columns(
        kind=pl.lit("token"), row=pl.lit(0, pl.Int64)
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


def _telling_birthday() -> pl.Expr:
    """Return the birthday with its year, if at most two customers share it."""
    day = pl.col("birthday")
    return pl.when(day.str.contains(r"^[0-9]{4}-") & (pl.len().over("birthday") <= 2)).then(day)


def _names(customers: pl.DataFrame) -> pl.DataFrame:
    """Return the names in each order, with and without middle names."""
    first, last, name = (pl.col(column) for column in ("first_name", "last_name", "name"))
    split = first.is_not_null() & last.is_not_null()
    # Where the file has the whole name only, its last word may stand before the others.
    parts = customers.select(
        "row",
        written=pl.coalesce(name, first + " " + last),
        given=pl.when(split).then(first).otherwise(name.str.replace(r"\s+\S+\s*$", "")),
        family=pl.when(split).then(last).otherwise(name.str.extract(r"\s(\S+)\s*$")),
        called=pl.when(split).then(first.str.extract(r"^\s*(\S+)\s+\S")),
        whole=pl.when(~split).then(name),
    ).filter(_tells_name())
    keys = parts.with_columns(
        joined(parts[part]).alias(part) for part in ("given", "family", "called", "whole")
    )
    given, family = pl.col("given"), pl.col("family")
    orders = pl.col("whole"), given + family, pl.col("called") + family
    turned = family + given, family + "s" + given
    rows = [
        *(keys.select("row", "written", key=key, turned=pl.lit(value=False)) for key in orders),
        *(keys.select("row", "written", key=key, turned=pl.lit(value=True)) for key in turned),
    ]
    rows[-1] = rows[-1].with_columns(owned=pl.lit(value=True))
    return pl.concat(rows, how="diagonal").drop_nulls("key").with_columns(kind=pl.lit("full name"))


def _tells_name() -> pl.Expr:
    words = pl.col("written").str.count_matches(WORD)
    letters = pl.col("written").str.count_matches(r"[\p{L}\p{N}]")
    unspaced = pl.col("written").str.count_matches(f"[{UNSPACED}]")
    return (words >= 2) & ((letters >= 5) | ((unspaced >= 3) & (unspaced == letters)))


def _streets(customers: pl.DataFrame) -> pl.DataFrame:
    parts = with_parts(customers.select("row", "street")).drop_nulls("name")
    long_enough = (
        pl.col("name").str.count_matches(r"\p{L}") + pl.col("number").str.len_chars() >= 6
    )
    named = parts.filter(long_enough).with_columns(kind=pl.lit("street"))
    return named.with_columns(key=joined(named["name"])).rename({"street": "written"}).drop("name")


def _ids(customers: pl.DataFrame) -> pl.DataFrame:
    bare = pl.col("id").str.replace_all(r"[^\p{L}\p{N}]", "")
    shortest = pl.when(bare.str.contains(r"\p{L}")).then(5).otherwise(7)
    telling = bare.str.contains(r"\p{N}") & (bare.str.len_chars() >= shortest)
    ids = customers.filter(telling & ~pl.col("id").str.contains("@", literal=True))
    key = letters(pl.col("id").str.replace_all(r"[^\p{L}\p{N}]", " ")).str.replace_all(" ", "")
    return ids.select("row", written="id", key=key, kind=pl.lit("id"))
