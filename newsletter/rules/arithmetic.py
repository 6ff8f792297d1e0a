"""Arithmetic of rules as Polars expressions, the same as Python's in templates."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence

import polars as pl

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
