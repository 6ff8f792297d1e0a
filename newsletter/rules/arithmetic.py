"""Arithmetic of rules as Polars expressions, the same as Python's in templates."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping

import polars as pl

SIGNS = {"Add": "+", "Sub": "-", "Mul": "*", "Div": "/", "FloorDiv": "//", "Mod": "%"}
"""Jinja's name of the operation → how it is written."""


def calculate(sign: str, left: pl.Expr, right: pl.Expr) -> pl.Expr:
    """Calculate as Python does; by zero, or beyond the numbers, the result is missing."""
    a, b = left.cast(pl.Float64), right.cast(pl.Float64)
    result = _OPERATIONS[sign](a, b)
    if sign in ("/", "//", "%"):
        result = pl.when(b != 0).then(result)
    return pl.when(result.is_finite()).then(result)


_OPERATIONS: Mapping[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    # As CPython: 1.0 // 0.1 is 9, though 1.0 / 0.1 is 10.
    "//": lambda a, b: ((a - a % b) / b).round(),
    "%": operator.mod,
}
