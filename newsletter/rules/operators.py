"""The operators of rules: checks which values can be compared, compares and calculates."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

import polars as pl

from newsletter.rules.environment import folded, iso_date
from newsletter.rules.kinds import IN_WORDS, Value


class Complaint(Protocol):
    """Reports a problem and its offset in the rule."""

    def __call__(self, at: int, message: str, *, hint: str = "") -> object:
        """Note a problem at that offset."""


def comparison(sign: str, left: Value, right: Value, *, wrong: Complaint, fold: bool) -> pl.Expr:
    """
    Return the answers to `left sign right`, never null.

    *sign* is Jinja's name of the operator: eq ne lt lteq gt gteq in notin.
    With *fold*, texts are compared as `folded` returns them: capitals do not count.
    A missing value equals nothing, contains nothing and is in nothing. Only `!=` and `not in` are
    true for it.
    """
    if "unknown" in (left.kind, right.kind):
        return _NO
    if fold:
        left, right = _folded(left), _folded(right)
    if sign in ("in", "notin"):
        contained = _contains(right, left, wrong=wrong)
        return contained if sign == "in" else ~contained
    left, right = as_date(left, right), as_date(right, left)
    if not _comparable(sign, left, right, wrong=wrong):
        return _NO
    answer: pl.Expr = _COMPARISONS[sign](left.column, right.column)
    return answer.fill_null(value=sign == "ne")


def _folded(value: Value) -> Value:
    """Return a text, or a list of texts, as it is compared; a date written as text stays."""
    if isinstance(value.constant, str):
        return replace(value, column=pl.lit(folded(value.constant)))
    if isinstance(value.constant, list):
        items = [folded(item) if isinstance(item, str) else item for item in value.constant]
        return replace(value, constant=items)
    if value.kind == "text":
        return replace(value, column=value.column.str.to_lowercase())
    if value.kind == "list" and value.inner == "text":
        return replace(value, column=value.column.list.eval(pl.element().str.to_lowercase()))
    return value


def as_date(value: Value, other: Value) -> Value:
    """Return a text such as "2024-01-31" as a date if *other* is a date."""
    day = iso_date(value.constant) if isinstance(value.constant, str) else None
    if day is None or other.kind != "date":
        return value
    return replace(value, column=pl.lit(day), kind="date", constant=day)


_NO = pl.lit(value=False)

_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
}


def _comparable(sign: str, left: Value, right: Value, *, wrong: Complaint) -> bool:
    for value, other in ((left, right), (right, left)):
        if value.kind == "list":
            hint = f"write {other.text} in {value.text}"
            wrong(value.at, f"{value.is_what}, not one value", hint=hint)
            return False
        if value.kind == "record":
            wrong(value.at, f"{value.is_what} and cannot be compared")
            return False
        if value.kind == "yes/no" and sign not in ("eq", "ne"):
            hint = f"write {value.text}, or not {value.text}"
            wrong(value.at, f"{value.is_what}, which is not more or less", hint=hint)
            return False
    if left.kind != right.kind:
        wrong(left.at, f"{left.is_what}, {right.is_what}", hint=_conversion(left, right))
    return left.kind == right.kind


def _conversion(left: Value, right: Value) -> str:
    """Return a hint on how to compare the two values."""
    kinds = {left.kind, right.kind}
    if "date" in kinds:
        return 'write a date as "2024-01-31"'
    if "yes/no" in kinds:
        return "write true or false"
    number, text = (left, right) if left.kind == "number" else (right, left)
    if number.constant is not None:
        return f'write "{number.text}"'
    return f"write {text.constant}" if str(text.constant).isdecimal() else ""


def _contains(whole: Value, part: Value, *, wrong: Complaint) -> pl.Expr:
    if whole.kind not in ("list", "text"):
        wrong(whole.at, f"{whole.is_what}, nothing can be in it", hint="write ==")
        return _NO
    if part.kind in ("list", "record"):
        wrong(part.at, f"{part.is_what}, not one value")
        return _NO
    if whole.constant == []:
        return _NO
    whole = _as_dates(whole, part)
    wanted = whole.inner if whole.kind == "list" else whole.kind
    if part.kind != wanted:
        holds = f"holds {IN_WORDS[wanted]}" if whole.kind == "list" else "is text"
        wrong(part.at, f"{part.is_what}, {whole.text} {holds}")
        return _NO
    contained = _holds(whole, part) & part.column.is_not_null()
    return contained.fill_null(value=False)


def _as_dates(whole: Value, part: Value) -> Value:
    """Return a list of texts such as "2024-01-31" as dates if *part* is a date."""
    if part.kind != "date" or not isinstance(whole.constant, list):
        return whole
    days = [iso_date(item) if isinstance(item, str) else None for item in whole.constant]
    return whole if None in days else replace(whole, inner="date", constant=days)


def _holds(whole: Value, part: Value) -> pl.Expr:
    column, item = whole.column, part.column
    if part.kind == "number":
        item = item.cast(pl.Float64)
    if whole.kind == "text":
        return column.str.contains(item, literal=True)
    if isinstance(whole.constant, list):
        items = [float(n) for n in whole.constant] if part.kind == "number" else whole.constant
        return item.is_in(items)
    if part.kind == "number":
        column = column.list.eval(pl.element().cast(pl.Float64))
    return column.list.contains(item)


SIGNS = {"Add": "+", "Sub": "-", "Mul": "*", "Div": "/", "FloorDiv": "//", "Mod": "%"}
"""Jinja's name of the operation → its sign."""

_BEYOND = [math.inf, -math.inf, math.nan]


def calculate(sign: str, left: pl.Expr, right: pl.Expr) -> pl.Expr:
    """Calculate as Python does; division by zero and overflow give a missing value."""
    result = _OPERATIONS[sign](left.cast(pl.Float64), right.cast(pl.Float64))
    # Not when(result.is_finite()).then(result): that doubles the expression with each sign.
    return result.replace(_BEYOND, None)


def _floor_division(a: pl.Expr, b: pl.Expr) -> pl.Expr:
    """Divide as CPython does: 1.0 // 0.1 is 9, though 1.0 / 0.1 is 10."""
    return pl.map_batches([a, b], _whole, return_dtype=pl.Float64)


def _whole(values: Sequence[pl.Series]) -> pl.Series:
    a, b = values
    return ((a - a % b) / b).round()


_OPERATIONS: Mapping[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": _floor_division,
    "%": operator.mod,
}
