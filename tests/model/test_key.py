"""Two values have the same key only if they are equal."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from newsletter.model.key import key_of

FRAME = pl.DataFrame({"id": ["a", "b", None], "n": [1, None, 3], "tags": [["x"], [], None]})


def test_different_values_have_different_keys() -> None:
    """In type, content or order, at any depth; adjacent texts do not run together."""
    values = [
        "1", 1, True, 1.0, None, b"1", dt.date(2026, 11, 3), Path("1"), ["1"], [["1"]], ["", "1"],
        frozenset(["1"]), frozenset(["1", "2"]), ["1", ""], {"1": ""},
        {"a": 1, "b": 2}, {"b": 2, "a": 1},
        FRAME, FRAME.reverse(), FRAME.rename({"n": "m"}), FRAME.cast({"n": pl.Int32}),
        FRAME.with_columns(n=pl.lit(None, pl.Int64)), FRAME.clear(), FRAME.head(0).select("id"),
    ]  # fmt: skip
    keys = [key_of(value) for value in values]
    assert len(set(keys)) == len(values)
    assert key_of("a", "b") != key_of("ab", "")
    assert key_of(frozenset("abcdef")) == key_of(frozenset("fedcba"))


def test_equal_tables_have_the_same_key() -> None:
    """Although the pieces of their texts lie in memory in a different order."""
    texts = pl.DataFrame({"text": [f"more than twelve letters: {i}" for i in range(99)]})
    some = pl.when(pl.col("text").str.contains("[246]")).then(pl.col("text") + " and more")
    assert len({key_of(texts.with_columns(some)) for _ in range(20)}) == 1


def test_repeated_texts_have_the_same_key_as_plain_ones() -> None:
    """The numbers behind them depend on the texts that the process met before."""
    pl.Series(["z", "b", "a"]).cast(pl.Categorical)
    repeated = FRAME.with_columns(pl.col("id").cast(pl.Categorical))
    assert key_of(repeated) == key_of(FRAME)


def test_values_of_unknown_types_are_refused() -> None:
    """A change of such a value would go unnoticed."""
    with pytest.raises(TypeError, match="object has no key"):
        key_of({"a": [object()]})
