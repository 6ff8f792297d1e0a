"""Tells rules in words: last order more than 60 days ago and gave no reason for leaving."""

from __future__ import annotations

import datetime as dt
import functools
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl
from jinja2 import nodes
from polars.datatypes import DataTypeClass

from newsletter.model.reasons import Reasons
from newsletter.model.source import Source
from newsletter.rules.environment import iso_date
from newsletter.rules.explain import Explained, Part
from newsletter.rules.grammar import parse
from newsletter.rules.kinds import kind_of
from newsletter.rules.to_polars import names_in
from newsletter.rules.values_in_words import dated, numbered, value_in_words, yes_or_no

Schema = Mapping[str, pl.DataType | DataTypeClass]

MOST_PARTS = 8
"""A rule with more questions is not told in words."""


def rule_in_words(rule: Source, reasons: Reasons, schema: Schema, *, of: str) -> str:
    """
    Return a rule that `compile_rule` accepts for *schema* in words.

    A rule that is too long, nests more than once or calculates is called the rule of *of*.
    """
    fields = tuple((name, schema[name]) for name in sorted(names_in(rule)))
    return _words(rule, reasons, fields) or reasons.phrase("rule_of", what=of)


@lru_cache(maxsize=4096)  # a plan of a year tells each rule every day
def _words(
    rule: Source, reasons: Reasons, fields: tuple[tuple[str, pl.DataType | DataTypeClass], ...]
) -> str:
    """Return a rule in words; empty: there are none."""
    try:
        return _joined(_Teller(reasons, dict(fields)).told(parse(rule), holds=True), reasons)
    except (_NoWordsError, RecursionError):
        return ""


def numbers_in_words(rule: Source, values: Mapping[str, object], reasons: Reasons) -> list[str]:
    """Return in words a customer's numbers that a rule reads, of *values*, in its order."""
    names = sorted(names_in(rule) & values.keys(), key=rule.text.find)
    numbers = {name: values[name] for name in names if type(values[name]) in (int, float)}
    return [value_in_words(name, value, reasons) for name, value in numbers.items()]


def explained_in_words(explained: Explained, reasons: Reasons) -> str:
    """Return the customer's values that decided a rule, and of segments their reason."""
    texts = dict.fromkeys(_part(part, reasons) for part in explained.parts)
    return reasons.phrase("apart").join(texts)


def _part(part: Part, reasons: Reasons) -> str:
    told = [value_in_words(name, value, reasons) for name, value in part.values.items()]
    if part.by_hand:
        return f"{told[0]} ({reasons.phrase('by_hand')})"
    if part.unfolded:
        return f"{told[0]} ({explained_in_words(part.unfolded, reasons)})"
    return reasons.phrase("apart").join(told)


class _NoWordsError(Exception):
    """A part of a rule cannot be told in words."""


@dataclass(frozen=True)
class _Told:
    """Parts of a rule in words, joined by `and` or `or`; a single part by nothing."""

    parts: tuple[str, ...]
    joint: str = ""
    nests: bool = False
    """Whether a part has brackets around parts of its own."""


def _joined(told: _Told, reasons: Reasons) -> str:
    join = reasons.any_of if told.joint == "or" else reasons.all_of
    if told.nests:  # no comma before a bracket
        return functools.reduce(lambda text, part: join([text, part]), told.parts)
    return join(told.parts)


class _Teller:
    """
    Tells one rule; `holds` is whether a part must be true or false for the whole to be true.

    A comparison with a missing value is false, so its contrary is also true without a value.
    """

    def __init__(self, reasons: Reasons, schema: Schema) -> None:
        self.reasons, self.schema = reasons, schema

    def told(self, node: nodes.Node, *, holds: bool) -> _Told:
        """Return a part of the rule in words. Raises _NoWordsError."""
        if isinstance(node, nodes.Not):
            return self.told(node.node, holds=not holds)
        if isinstance(node, nodes.And | nodes.Or):
            joint = "and" if isinstance(node, nodes.And) == holds else "or"
            sides = [self.told(side, holds=holds) for side in (node.left, node.right)]
            return self._together(joint, sides)
        if isinstance(node, nodes.Compare):
            return self._compared(node, holds=holds)
        if isinstance(node, nodes.Test) and isinstance(node.node, nodes.Name):
            return self._missing(node.node.name, holds=holds)
        if isinstance(node, nodes.Name):
            return self._bare(node.name, holds=holds)
        raise _NoWordsError

    def _together(self, joint: str, sides: Sequence[_Told]) -> _Told:
        if len(sides) == 1:
            return sides[0]
        parts: list[str] = []
        nests = False
        for side in sides:
            if side.joint in ("", joint):
                parts += side.parts
                nests |= side.nests
            elif side.nests:
                raise _NoWordsError
            else:
                parts.append(f"({_joined(side, self.reasons)})")
                nests = True
        parts = list(dict.fromkeys(parts))
        if len(parts) > MOST_PARTS:
            raise _NoWordsError
        return _Told(tuple(parts), joint if len(parts) > 1 else "", nests)

    def _compared(self, node: nodes.Compare, *, holds: bool) -> _Told:
        left, sides = node.expr, []
        for operand in node.ops:
            sides.append(self._comparison(left, operand.op, operand.expr, holds=holds))
            left = operand.expr
        return self._together("and" if holds else "or", sides)

    def _comparison(self, left: nodes.Expr, sign: str, right: nodes.Expr, *, holds: bool) -> _Told:
        if sign in ("in", "notin") and isinstance(left, nodes.Const):
            return self._within(right, left.value, holds=(sign == "in") == holds)
        if _constant(left) is not None:
            left, sign, right = right, _FLIPPED.get(sign, sign), left
        name, default = _named(left)
        value = _constant(right)
        if value is None or (sign in ("in", "notin")) != isinstance(value, list):
            raise _NoWordsError
        _check_case(left, value)
        # Without a value, a comparison is false; `!=` and `not in` are true.
        empty = (sign in ("ne", "notin")) == holds
        if default is not None:
            empty = _COMPARE[sign](default, value) == holds
        sign = sign if holds else _CONTRARY[sign]
        said = self._said(name, sign, value)
        return (
            self._or_missing(name, said) if empty and not self._covers(name, sign, value) else said
        )

    def _said(self, name: str, sign: str, value: Any) -> _Told:
        """Return a comparison of a name with a value in words."""
        reasons, kind = self.reasons, kind_of(self.schema[name])
        if isinstance(value, bool):
            if sign == "ne":
                value = not value
            return _Told((yes_or_no(name, reasons, holds=value),))
        values = value if isinstance(value, list) else [value]
        sign = {"in": "eq", "notin": "ne"}.get(sign, sign)
        if kind == "number":
            return _Told((numbered(name, sign, values, reasons),))
        if kind == "date":
            days = [_Told((dated(name, sign, _day(each), reasons),)) for each in values]
            return self._together("and" if sign == "ne" else "or", days)
        if kind != "text" or sign not in ("eq", "ne"):
            raise _NoWordsError
        texts = reasons.any_of([reasons.text(each, name) for each in values])
        return _Told((reasons.phrase("is" if sign == "eq" else "is_not", name, value=texts),))

    def _within(self, whole: nodes.Expr, value: Any, *, holds: bool) -> _Told:
        """Return in words that a list or a text holds a value."""
        name, default = _named(whole)
        kind = kind_of(self.schema[name])
        if default is not None or kind not in ("list", "text"):
            raise _NoWordsError
        _check_case(whole, value)
        key = "includes" if kind == "list" else "contains"
        text = self.reasons.text(value) if isinstance(value, str) else self.reasons.number(value)
        return _Told((self.reasons.phrase(key if holds else f"{key}_not", name, value=text),))

    def _missing(self, name: str, *, holds: bool) -> _Told:
        kind = kind_of(self.schema[name])
        never = self.reasons.has("always", name) or (
            kind == "yes/no" and self.reasons.is_segment(name)
        )
        if never or kind in ("list", "record"):
            raise _NoWordsError
        return _Told((self.reasons.phrase("missing" if holds else "known", name),))

    def _bare(self, name: str, *, holds: bool) -> _Told:
        """Return a name alone in words: true unless it is missing, no, zero or empty."""
        kind = kind_of(self.schema[name])
        if kind == "yes/no":
            return _Told((yes_or_no(name, self.reasons, holds=holds),))
        if kind == "number":
            said = self._said(name, "ne" if holds else "eq", 0)
            return said if holds else self._or_missing(name, said)
        return _Told((self.reasons.phrase("known" if holds else "missing", name),))

    def _or_missing(self, name: str, said: _Told) -> _Told:
        if self.reasons.has("always", name):
            return said
        missing = _Told((self.reasons.phrase("missing", name),))
        return self._together("or", [said, missing])

    def _covers(self, name: str, sign: str, value: object) -> bool:
        """Return whether the words of a comparison are true without a value, too."""
        if isinstance(value, bool):
            return (sign == "eq") != value
        return kind_of(self.schema[name]) == "text" and sign in ("ne", "notin")


_CONTRARY = {
    "eq": "ne",
    "ne": "eq",
    "lt": "gteq",
    "gteq": "lt",
    "gt": "lteq",
    "lteq": "gt",
    "in": "notin",
    "notin": "in",
}
_FLIPPED = {"lt": "gt", "gt": "lt", "lteq": "gteq", "gteq": "lteq"}
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
    "in": lambda a, b: a in b,
    "notin": lambda a, b: a not in b,
}


def _constant(node: nodes.Node) -> Any:
    """Return the value that is written there; None: it is none."""
    if isinstance(node, nodes.Const):
        return list(node.value) if isinstance(node.value, tuple) else node.value
    if isinstance(node, nodes.Neg):
        value = _constant(node.node)
        return None if value is None else -value
    if isinstance(node, nodes.List | nodes.Tuple):
        items = [_constant(item) for item in node.items]
        return None if None in items or not items else items
    return None


def _named(node: nodes.Node) -> tuple[str, Any]:
    """Return the name that is compared, and what stands for a missing value (None: nothing)."""
    default = None
    if isinstance(node, nodes.Filter) and node.name == "default" and node.node:
        default, node = _constant(node.args[0]), node.node
    elif isinstance(node, nodes.Filter) and node.name in _IN_CASE and node.node:
        node = node.node
    if not isinstance(node, nodes.Name):
        raise _NoWordsError
    return node.name, default


def _check_case(node: nodes.Node, value: object) -> None:
    """Refuse what `lower` and `upper` never give: (city | lower) != "Ulm" holds in Ulm, too."""
    if isinstance(node, nodes.Filter) and node.name in _IN_CASE:
        values = value if isinstance(value, list) else [value]
        if any(_IN_CASE[node.name](str(each)) != each for each in values):
            raise _NoWordsError


_IN_CASE: Mapping[str, Callable[[str], str]] = {"lower": str.lower, "upper": str.upper}


def _day(value: object) -> dt.date:
    day = iso_date(value) if isinstance(value, str) else None
    if day is None:
        raise _NoWordsError
    return day
