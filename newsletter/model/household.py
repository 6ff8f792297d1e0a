"""Who shares a letter: customers at one address, in words that are the same for one and two."""

from __future__ import annotations

import polars as pl

ONE_FORM = ("en", "fr")
"""Languages whose words are the same for one person and for two, informal ones included."""


def without_spelling(address: pl.Expr) -> pl.Expr:
    """
    Return the lines of an address without differences of spelling.

    `MARKTSTR. 1` and `Marktstraße 1` are the same.
    """
    letters = address.str.to_lowercase().str.replace_all("ß", "ss", literal=True)
    short = letters.str.replace_all(r"str(?:asse\b|\.)", "str")
    return short.str.replace_all(r"[^\p{L}\p{N}\n]+", "")
