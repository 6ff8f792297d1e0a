"""Who shares a letter: a family at one address, in words that are the same for one and two."""

from __future__ import annotations

from typing import Literal

import polars as pl

ONE_FORM = ("en", "fr")
"""Languages whose words are the same for one person and for two, informal ones included."""


def household(address: pl.Expr, name: pl.Expr, *, by: Literal["name", "address"]) -> pl.Expr:
    """
    Return a text that is the same for those who share letters, from the lines of their address.

    By *name*, that is the last word of their names: in a house of many flats, neighbours would
    learn of each other from a letter to both.
    """
    lines = _without_spelling(address)
    family = name.str.to_lowercase().str.extract(r"(\S+)\s*$").fill_null("")
    return pl.concat_str(lines, family, separator="\n") if by == "name" else lines


def _without_spelling(address: pl.Expr) -> pl.Expr:
    """
    Return the lines of an address without differences of spelling.

    `MARKTSTR. 1` and `Marktstraße 1` are the same.
    """
    letters = address.str.to_lowercase().str.replace_all("ß", "ss", literal=True)
    short = letters.str.replace_all(r"str(?:asse\b|\.)", "str")
    return short.str.replace_all(r"[^\p{L}\p{N}\n]+", "")
