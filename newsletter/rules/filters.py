"""The filters of rules as Polars expressions; Jinja's filters do the same in templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from newsletter.rules.kinds import Kind, Value


@dataclass(frozen=True)
class Filter:
    """A filter, the kinds it takes and the kind it returns."""

    takes: tuple[Kind, ...]
    gives: Kind
    column: Callable[[Value], pl.Expr]
    meaning: str


def _length(value: Value) -> pl.Expr:
    if value.kind == "list":
        return value.column.list.len().cast(pl.Int64)
    return value.column.str.len_chars().cast(pl.Int64)


FILTERS: Mapping[str, Filter] = {
    "abs": Filter(("number",), "number", lambda v: v.column.abs(), "the number without its sign"),
    "length": Filter(("text", "list"), "number", _length, "how many letters or items"),
    "lower": Filter(("text",), "text", lambda v: v.column.str.to_lowercase(), "small letters"),
    "round": Filter(
        ("number",),
        "number",
        lambda v: v.column.round(0, mode="half_to_even"),
        "the nearest whole number (halves to the even one)",
    ),
    "upper": Filter(("text",), "text", lambda v: v.column.str.to_uppercase(), "capital letters"),
}
"""By name. `default` is not among them because it takes a value."""

NAMES = (*FILTERS, "default")
