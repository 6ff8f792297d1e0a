"""Folds words to the letters that all spellings of a name share: Müller, MUELLER, Muller."""

from __future__ import annotations

import polars as pl

# Scripts without spaces between words: each of their characters counts as a word.
UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
WORD = rf"[{UNSPACED}]|[[\p{{L}}\p{{M}}\p{{N}}]--[{UNSPACED}]]+"
# Letters without an accent that could be dropped.
_LETTERS = {
    "ß": "ss", "ø": "o", "ł": "l", "æ": "a", "œ": "o", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
}  # fmt: skip
# Letters of Cyrillic and Greek whose small or capital form looks like a Latin letter.
LOOKALIKES = dict(
    zip("авеѕіјкмнорстухһӏԁԛԝαβεζηικμνορτυχ", "abesijkmhopctyxhldqwabezhikmnoptyx", strict=True)
)
_SHORT = {
    "avenue": "av", "ave": "av", "boulevard": "bd", "blvd": "bd", "boul": "bd", "calle": "c",
    "chemin": "ch", "court": "ct", "drive": "dr", "faubourg": "fbg", "impasse": "imp",
    "lane": "ln", "place": "pl", "road": "rd", "saint": "st", "sankt": "st", "square": "sq",
    "street": "st",
}  # fmt: skip
"""Word of an address → its abbreviation."""


def letters(text: pl.Expr) -> pl.Expr:
    """
    Return *text* in small letters without accents; `ae`, `oe`, `ue`, `aa` become one letter.

    Letters of other scripts that look like a Latin one become that.
    """
    plain = text.str.to_lowercase().str.normalize("NFKD").str.replace_all("[\u0300-\u036f]", "")
    latin = plain.str.replace_many(_LETTERS | LOOKALIKES).str.replace_all("([aou])e", "$1")
    return latin.str.replace_all("aa", "a", literal=True)


def folded(words: pl.Series) -> pl.Series:
    """
    Return the letters of each word; words of addresses become their abbreviations (`straße`).

    Names that differ in nothing else, such as Bauer and Baur, become the same.
    """
    key = letters(pl.col("word")).str.replace("strasse$", "str").str.replace("platz$", "pl")
    table = pl.DataFrame({"word": words.unique()}).with_columns(key=key.replace(_SHORT))
    frame = pl.DataFrame({"word": words})
    return frame.join(table, on="word", how="left", maintain_order="left")["key"]


def joined(texts: pl.Series) -> pl.Series:
    """Return the folded words of each text without anything between: `jurgenmuller`."""
    distinct = texts.unique()
    words = words_of(distinct)
    keys = (
        words.with_columns(key=folded(words["word"]))
        .group_by("text")
        .agg(pl.col("key").str.join(""))
    )
    table = keys.select("key", text=distinct.gather(keys["text"]))
    frame = pl.DataFrame({"text": texts})
    return frame.join(table, on="text", how="left", maintain_order="left")["key"]


def words_of(texts: pl.Series) -> pl.DataFrame:
    """Return every word of the texts in order, with the number of its text."""
    words = texts.str.extract_all(WORD)
    frame = pl.DataFrame({"word": words}).with_row_index("text")
    return frame.explode("word").drop_nulls("word")
