"""Explains why a rule holds or not: the parts that decided it and the values they read."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import polars as pl

from newsletter.errors import Place
from newsletter.model.source import Source
from newsletter.rules.grammar import tokens_of
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
    """Of a segment: the customer file sets it, whatever its rule says."""

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
    Return whether a rule holds for the single row of *row*, and the parts that decided it.

    The first false part decides a false `and`, the first true part a true `or`. All parts decide
    a true `and` or a false `or`. The name of one of *segments* is unfolded into its rule.
    Raises NewsletterError as `compile_rule` does.
    """
    compile_rule(source, row.schema)  # reports problems with their place
    return _Row(row, segments or {}).explain(tokens_of(source))


@dataclass(frozen=True)
class _Row:
    """The customer's row, and the segments to unfold."""

    row: pl.DataFrame
    segments: Mapping[str, Source]

    def explain(self, tokens: Sequence[str]) -> Explained:
        """Return the answer of a piece of a rule: `or` binds least, then `and`, then `not`."""
        tokens = _bare(tokens)
        for joint, decisive in (("or", True), ("and", False)):
            pieces = _split(tokens, joint)
            if len(pieces) > 1:
                return self._joined(pieces, decisive=decisive)
        if tokens[0] == "not":
            inner = self.explain(tokens[1:])
            return Explained(holds=not inner.holds, parts=inner.parts)
        part = self._part(tokens)
        return Explained(holds=part.holds, parts=(part,))

    def _joined(self, pieces: Sequence[Sequence[str]], *, decisive: bool) -> Explained:
        """Explain the pieces in order and stop at the first with the decisive answer."""
        parts: list[Part] = []
        for piece in pieces:
            answer = self.explain(piece)
            if answer.holds == decisive:
                return answer
            parts.extend(answer.parts)
        return Explained(holds=not decisive, parts=tuple(parts))

    def _part(self, tokens: Sequence[str]) -> Part:
        text = "".join(tokens)
        source = Source(text, Place(path=""))
        read = names_in(source)
        names = [token for token in dict.fromkeys(tokens) if token in read]
        shown = Part(
            text=" ".join(text.split()),
            holds=bool(self.row.select(compile_rule(source, self.row.schema)).item()),
            values={name: self.row[name].to_list()[0] for name in names},
        )
        return self._unfolded(shown) if text in self.segments else shown

    def _unfolded(self, part: Part) -> Part:
        rule = self.explain(tokens_of(self.segments[part.text]))
        if rule.holds != part.holds:
            return replace(part, by_hand=True)
        return replace(part, unfolded=rule)


_OPENING, _CLOSING = frozenset("(["), frozenset(")]")


def _bare(tokens: Sequence[str]) -> Sequence[str]:
    """Return the tokens without outer white space and outer parentheses."""
    first = next(n for n, token in enumerate(tokens) if token.strip())
    last = next(n for n in range(len(tokens), 0, -1) if tokens[n - 1].strip())
    tokens = tokens[first:last]
    # Parentheses around a list stay: ("a", "b").
    if tokens[0] == "(" and all(depth > 0 for depth in _depths(tokens)[:-1]):
        listed = (
            item == "," and depth == 1 for item, depth in zip(tokens, _depths(tokens), strict=True)
        )
        return tokens if len(tokens) == 2 or any(listed) else _bare(tokens[1:-1])
    return tokens


def _split(tokens: Sequence[str], joint: str) -> list[Sequence[str]]:
    """Split the tokens at each *joint* (`and` or `or`) outside of parentheses."""
    at = [
        n
        for n, (token, depth) in enumerate(zip(tokens, _depths(tokens), strict=True))
        if token == joint and not depth
    ]
    bounds = zip([0, *(n + 1 for n in at)], [*at, len(tokens)], strict=True)
    return [tokens[begin:end] for begin, end in bounds]


def _depths(tokens: Sequence[str]) -> list[int]:
    """Return the depth of parentheses and brackets after each token."""
    steps = ((token in _OPENING) - (token in _CLOSING) for token in tokens)
    return list(accumulate(steps))


def shown_value(value: object) -> str:
    """Return a value as a rule would write it, or `missing`."""
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
"""Whole numbers from here on are not written out."""
