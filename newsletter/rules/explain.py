"""Why a rule holds for a customer, or does not: the parts that decided it and what they read."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import polars as pl

from newsletter.errors import Place
from newsletter.model.source import Source
from newsletter.rules.grammar import words_of
from newsletter.rules.to_polars import compile_rule, names_in


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of a rule without `and`, `or` and `not`: one question, and its answer."""

    text: str
    """As the user wrote it."""
    holds: bool
    values: Mapping[str, object]
    """Name → value of the customer, in the order of the question; None: missing."""
    unfolded: Explained | None = None
    """Of a segment: its own rule."""
    by_hand: bool = False
    """Of a segment: the customer file says so, whatever the rule says."""

    def __str__(self) -> str:
        stated = f"{self.text} is {shown_value(self.holds)}"
        if self.by_hand:
            return f"{stated}: set by hand in the customer file"
        if self.unfolded:
            return f"{stated} ({self.unfolded})"
        read = ", ".join(f"{name} is {shown_value(value)}" for name, value in self.values.items())
        return read if read in (stated, self.text) else f"{stated}: {read}" if read else stated


@dataclass(frozen=True, kw_only=True)
class Explained:
    """The answer of a rule, and the parts that decided it, in the order of the rule."""

    holds: bool
    parts: tuple[Part, ...]

    def __str__(self) -> str:
        return "; ".join(map(str, self.parts))


def explain_rule(
    source: Source, row: pl.DataFrame, *, segments: Mapping[str, Source] | None = None
) -> Explained:
    """
    Return whether a rule holds for the one row of a table, and what decided it.

    The first false part decides a false `and`, the first true one a true `or`; all parts decide a
    true `and` and a false `or`. A part that is the name of one of *segments* is unfolded into the
    rule of that name. Raises NewsletterError as `compile_rule` does.
    """
    compile_rule(source, row.schema)  # what is wrong with it is said with its place
    return _Row(row, segments or {}).explain(words_of(source))


@dataclass(frozen=True)
class _Row:
    """The row that is asked."""

    row: pl.DataFrame
    segments: Mapping[str, Source]

    def explain(self, words: Sequence[str]) -> Explained:
        """Return the answer of a piece of a rule: `or` binds least, then `and`, then `not`."""
        words = _bare(words)
        for joint, decisive in (("or", True), ("and", False)):
            pieces = _split(words, joint)
            if len(pieces) > 1:
                return self._joined(pieces, decisive=decisive)
        if words[0] == "not":
            inner = self.explain(words[1:])
            return Explained(holds=not inner.holds, parts=inner.parts)
        part = self._part(words)
        return Explained(holds=part.holds, parts=(part,))

    def _joined(self, pieces: Sequence[Sequence[str]], *, decisive: bool) -> Explained:
        """Ask one piece after the other, until one of them has the answer that decides."""
        found: list[Part] = []
        for piece in pieces:
            answer = self.explain(piece)
            if answer.holds == decisive:
                return answer
            found.extend(answer.parts)
        return Explained(holds=not decisive, parts=tuple(found))

    def _part(self, words: Sequence[str]) -> Part:
        text = "".join(words)
        source = Source(text, Place(path=""))
        read = names_in(source)
        names = [word for word in dict.fromkeys(words) if word in read]
        shown = Part(
            text=" ".join(text.split()),
            holds=bool(self.row.select(compile_rule(source, self.row.schema)).item()),
            values={name: self.row[name].to_list()[0] for name in names},
        )
        return self._unfolded(shown) if text in self.segments else shown

    def _unfolded(self, part: Part) -> Part:
        rule = self.explain(words_of(self.segments[part.text]))
        if rule.holds != part.holds:
            return replace(part, by_hand=True)
        return replace(part, unfolded=rule)


_OPENING, _CLOSING = frozenset("(["), frozenset(")]")


def _bare(words: Sequence[str]) -> Sequence[str]:
    """Return the words without white space and parentheses around all of them."""
    first = next(n for n, word in enumerate(words) if word.strip())
    last = next(n for n in range(len(words), 0, -1) if words[n - 1].strip())
    words = words[first:last]
    # What stands between the outer two is one group unless a list: ("a", "b").
    if words[0] == "(" and all(depth > 0 for depth in _depths(words)[:-1]):
        listed = (
            word == "," and depth == 1 for word, depth in zip(words, _depths(words), strict=True)
        )
        return words if len(words) == 2 or any(listed) else _bare(words[1:-1])
    return words


def _split(words: Sequence[str], joint: str) -> list[Sequence[str]]:
    """Return what stands between the `and` or `or` outside of all parentheses."""
    at = [
        n
        for n, (word, depth) in enumerate(zip(words, _depths(words), strict=True))
        if word == joint and not depth
    ]
    bounds = zip([0, *(n + 1 for n in at)], [*at, len(words)], strict=True)
    return [words[begin:end] for begin, end in bounds]


def _depths(words: Sequence[str]) -> list[int]:
    """Return in how many parentheses and brackets the text is after each word."""
    steps = ((word in _OPENING) - (word in _CLOSING) for word in words)
    return list(accumulate(steps))


def shown_value(value: object) -> str:
    """Return a value as it would stand in a rule; `missing` where there is none."""
    if value is None:
        return "missing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < _PLAIN:
        return str(int(value))
    if isinstance(value, int | float | dt.date):
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=str)


_PLAIN = 1e15
"""Beyond it a whole number is not written out."""
