"""Searches texts for customers' names, streets, ids and tokens, however they are spelt."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from newsletter.check.folding import folded, words_of
from newsletter.check.meaning import Match, is_meant
from newsletter.check.searches import Leak

_MOST_WORDS = 10
_HEAD = 6
"""So many first letters of a run decide whether it may become a phrase."""
_NUMBER_SIGNS = "^(?:nr|no|n) "
_GAP = r"([\W_]*?)"


@dataclass(frozen=True, kw_only=True)
class Words:
    """The words of texts: each distinct one once, and where they stand."""

    distinct: pl.DataFrame
    """`word` and its folded `key`."""
    text: pl.Series
    """The number of the text of each word, in order."""
    number: pl.Series
    """The row of each word in *distinct*."""

    def keys(self, at: pl.Series) -> pl.Series:
        """Return the folded words at these positions."""
        return self.distinct["key"].gather(self.number.gather(at))

    def written(self, begin: int, end: int) -> tuple[str, ...]:
        """Return the words from *begin* up to *end* as they are written."""
        return tuple(self.distinct["word"].gather(self.number[begin:end]))

    def small(self) -> Collection[str]:
        """Return each word in small letters."""
        return set(self.distinct["word"].str.to_lowercase())


def words_in(texts: pl.DataFrame) -> Words:
    """Return the words of a frame of texts (`path`, `text`)."""
    words = words_of(texts["text"])
    distinct = pl.DataFrame({"word": words["word"].unique()}).with_row_index("number")
    places = words.join(distinct, on="word", how="left", maintain_order="left")
    keys = distinct.select("word", key=folded(distinct["word"]))
    return Words(distinct=keys, text=places["text"], number=places["number"])


def passages(texts: pl.DataFrame, words: Words, phrases: pl.DataFrame) -> Iterator[Leak]:
    """Yield every passage of the texts that is one of the phrases (check/personal.py)."""
    if phrases.is_empty():
        return
    is_street = pl.col("kind") == "street"
    plain, streets = phrases.filter(~is_street), phrases.filter(is_street)
    runs = _runs(words, phrases["key"])
    genitives = runs.filter(pl.col("key").str.ends_with("s"))
    genitives = genitives.with_columns(pl.col("key").str.head(-1), genitive=pl.lit(True))
    matches = [
        runs.join(plain, on="key"),
        genitives.join(plain.filter(pl.col("kind") == "full name"), on="key"),
        _with_numbers(runs, words, streets),
    ]
    yield from _leaks(pl.concat(matches, how="diagonal"), texts, words)


def _runs(words: Words, keys: pl.Series) -> pl.DataFrame:
    """
    Return the runs of words that may be phrases: `text`, `begin`, `end` and the joined `key`.

    A run grows while its first letters are those of a phrase, so most words cost one look-up.
    """
    longest = keys.str.len_chars().max()
    heads = keys.str.head(_HEAD).unique()
    beginnings = pl.concat([heads.str.head(length) for length in range(1, _HEAD + 1)]).unique()
    key, may_grow = pl.col("key"), pl.col("key").str.head(_HEAD).is_in(beginnings.implode())
    opens = words.distinct.select(may_grow).to_series()
    begins = opens.gather(words.number).arg_true().cast(pl.Int64)
    run = pl.DataFrame({"text": words.text.gather(begins), "begin": begins, "end": begins + 1})
    runs = [run.with_columns(key=words.keys(begins))]
    for _ in range(1, _MOST_WORDS):
        longer = _longer(runs[-1], words)
        runs.append(longer.filter(key.str.len_chars() - 1 <= longest, may_grow))
    return pl.concat(runs)


def _longer(run: pl.DataFrame, words: Words) -> pl.DataFrame:
    """Return the runs with the next word of the same text."""
    run = run.filter(pl.col("end") < len(words.text))
    run = run.filter(words.text.gather(run["end"]) == run["text"])
    return run.with_columns(key=run["key"] + words.keys(run["end"]), end=pl.col("end") + 1)


def _with_numbers(runs: pl.DataFrame, words: Words, streets: pl.DataFrame) -> pl.DataFrame:
    """Return the runs that are the name of a street, with a number that a customer has there."""
    named = runs.join(streets.select("key").unique(), on="key")
    numbered = [
        _numbered(named, words, after=after, length=length)
        .join(streets, on=["key", "number"])
        .filter(pl.col("typed") | (pl.col("ahead") != after))
        for after in (True, False)
        for length in (1, 2, 3)
    ]
    return pl.concat(numbered)


def _numbered(named: pl.DataFrame, words: Words, *, after: bool, length: int) -> pl.DataFrame:
    """Return the runs with the number made of so many words *after* or before them."""
    begin, end = pl.col("begin"), pl.col("end")
    first = end if after else begin - length
    near = named.with_columns(first=first).filter(
        pl.col("first").is_between(0, len(words.text) - length)
    )
    places = [near["first"] + place for place in range(length)]
    far = places[-1] if after else places[0]
    parts = [words.keys(place) for place in places]
    moved = {"end": end + length} if after else {"begin": begin - length}
    numbered = near.with_columns(number=_number(parts), **moved).drop("first")
    return numbered.filter(words.text.gather(far) == near["text"])


def _number(parts: Sequence[pl.Series]) -> pl.Series:
    """Return `12a` for `12` and `a`, `8-7` for `8` and `7`, `5` for `nr` and `5`."""
    frame = pl.DataFrame([part.alias(str(n)) for n, part in enumerate(parts)])
    bare = pl.concat_str(pl.all(), separator=" ").str.replace(_NUMBER_SIGNS, "")
    joined = bare.str.replace_all(" ([0-9])", "-$1").str.replace_all(" ", "", literal=True)
    return frame.select(joined).to_series()


def _leaks(matches: pl.DataFrame, texts: pl.DataFrame, words: Words) -> Iterator[Leak]:
    """Yield the matches that are meant, once for each text and spelling."""
    parts, done = _parts_of(matches["written"].unique()), set()
    for row in matches.iter_rows(named=True):
        run = words.written(row["begin"], row["end"])
        if (row["text"], run, row["kind"], row["row"]) in done:
            continue
        done.add((row["text"], run, row["kind"], row["row"]))
        keys = words.keys(pl.Series(range(row["begin"], row["end"]), dtype=pl.Int64))
        whole_words = parts[row["written"]].intersection((*keys, *keys.str.strip_suffix("s")))
        match = Match(
            kind=row["kind"],
            written=row["written"],
            words=run,
            typed=bool(row["typed"]),
            turned=bool(row["turned"]),
            owned=bool(row["owned"]),
            genitive=bool(row["genitive"]),
            shares_a_word=bool(whole_words),
        )
        path, text = texts.row(row["text"])
        for place in re.finditer(_GAP.join(map(re.escape, run)), text):
            if is_meant(match, place):
                value = " ".join(place[0].split())
                yield Leak(path, row["kind"], row["written"], row["row"], value)
                break


def _parts_of(values: pl.Series) -> dict[str, set[str]]:
    """Return each value → its folded words."""
    words = words_of(values)
    parts: dict[str, set[str]] = {value: set() for value in values}
    for number, key in zip(words["text"], folded(words["word"]), strict=True):
        parts[values[number]].add(key)
    return parts
