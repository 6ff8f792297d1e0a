"""Finds a customer as people name one: by id, email address, or any part of a name."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from newsletter.commands.show import columns, counted
from newsletter.errors import NewsletterError

_MOST = 15
"""Candidates shown where several fit."""

_PLAIN: Mapping[str, str] = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "ł": "l",
    "ı": "i",
    "þ": "th",
    "’": "'",
}
"""Letters that Unicode does not take apart → how they are typed without them."""
_UMLAUTS: Mapping[str, str] = {"ae": "a", "oe": "o", "ue": "u"}
"""So that Mueller finds Müller; Bauer becomes Baur on both sides, which hurts nobody."""


def find_customers(customers: pl.DataFrame, text: str) -> pl.DataFrame:
    """
    Return the customers that *text* may mean, sorted by name and id.

    The one with exactly that id or email address, else exactly that name or company, else those
    whose name, company, city, address or phone holds every word of it. Capitals and accents do
    not count.
    """
    words = plain(pl.Series([text]).cast(pl.String)).item().split()
    if not words:
        return customers.clear()
    folded = customers.select(_folded(name) for name in _SEARCHED)
    whole = pl.lit(" ".join(words))
    exact = [pl.any_horizontal(pl.col(name) == whole for name in pair) for pair in _EXACT]
    anywhere = pl.concat_str(_SEARCHED, separator="\n", ignore_nulls=True)
    parts = [anywhere.str.contains(pl.lit(word), literal=True) for word in words]
    for question in (*exact, pl.all_horizontal(parts)):
        mask = folded.select(question.fill_null(value=False)).to_series()
        if mask.any():
            return customers.filter(mask).sort("name", "id", nulls_last=True)
    return customers.clear()


def the_customer(customers: pl.DataFrame, text: str) -> str:
    """Return the id of the one customer meant; raises NewsletterError with the candidates."""
    found = find_customers(customers, text)
    if found.height == 1:
        return str(found["id"].item())
    if not found.height:
        raise nobody(text)
    message = f"'{text}' may be {counted(found.height, 'customer')}:\n{candidates(found)}"
    raise NewsletterError.at(message, hint="say more of the name, or the id in the first column")


def nobody(text: str) -> NewsletterError:
    """Return the error for a name that no customer has."""
    hint = "any part of a name, an email address or an id will do"
    return NewsletterError.at(f"nobody is called '{text}'", hint=hint)


def candidates(found: pl.DataFrame) -> str:
    """Return id, name, company, place and email address of each, for a choice between them."""
    shown = found.head(_MOST).select("id", "name", "company", "city", "email")
    table = columns([[cell or "" for cell in row] for row in shown.iter_rows()])
    more = found.height - _MOST
    return f"{table}\n… and {more:,} more" if more > 0 else table


def plain(text: pl.Series) -> pl.Series:
    """Return texts in small letters without accents, spaces folded."""
    return text.to_frame("text").select(_plain(pl.col("text"))).to_series()


_SEARCHED = ("id", "email", "name", "company", "first_name", "last_name", "city", "phone")
_EXACT = (("id", "email"), ("name", "company"))


def _folded(name: str) -> pl.Expr:
    return _plain(pl.col(name)).alias(name)


def _plain(text: pl.Expr) -> pl.Expr:
    bare = text.str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_lowercase()
    spelt = bare.str.replace_many(dict(_PLAIN)).str.replace_many(dict(_UMLAUTS))
    return spelt.str.replace_all(r"\s+", " ").str.strip_chars()
