"""The kinds of values in rules, a value as a Polars expression, and the filters for values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl
from polars.datatypes import DataTypeClass

Kind = Literal["text", "number", "yes/no", "date", "list", "record", "unknown"]

IN_WORDS: dict[Kind, str] = {
    "text": "text",
    "number": "a number",
    "yes/no": "yes/no",
    "date": "a date",
    "list": "a list",
    "record": "a record",
    "unknown": "unknown",
}


@dataclass(frozen=True, kw_only=True)
class Value:
    """A field, a constant or something calculated from them."""

    column: pl.Expr
    """Null where it is missing; numbers without NaN."""
    kind: Kind
    text: str
    """As the user would write it."""
    at: int
    """Offset in the rule."""
    inner: Kind = "unknown"
    """Of a list: the kind of its items."""
    constant: object = None
    """Of a constant: its value, a list of them for a list."""
    logic: bool = False
    """Whether it comes from `and`, `or` or `not`: it cannot be compared or calculated with."""

    @property
    def is_what(self) -> str:
        """The value and its kind, for messages: `city is text`."""
        return f"{self.text} is {IN_WORDS[self.kind]}"


def kind_of(dtype: pl.DataType | DataTypeClass) -> Kind:
    """Return the kind of the values in a column of *dtype*."""
    if dtype.is_numeric():
        return "number"
    return _KINDS.get(dtype.base_type(), "record")


_KINDS: Mapping[DataTypeClass, Kind] = {
    pl.String: "text",
    pl.Categorical: "text",
    pl.Enum: "text",
    pl.Boolean: "yes/no",
    pl.Date: "date",
    pl.Datetime: "date",
    pl.List: "list",
}


def field(name: str, dtype: pl.DataType, *, at: int) -> Value:
    """Return the value of a column, cast to the usual type of its kind."""
    kind, column = kind_of(dtype), pl.col(name)
    inner: Kind = "unknown"
    if kind == "date":
        column = column.cast(pl.Date)
    elif kind == "text":
        column = column.cast(pl.String)
    elif kind == "number":
        column = _number(column, dtype)
    elif isinstance(dtype, pl.List):
        inner = kind_of(dtype.inner)
    return Value(column=column, kind=kind, text=name, at=at, inner=inner)


def _number(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if dtype.is_integer():
        return column.cast(pl.Int64)  # unsigned ones would wrap below zero
    return column.cast(pl.Float64).fill_nan(None)


def constant(content: object, *, at: int) -> Value:
    """Return the value of a text, number or yes/no written in the rule."""
    if isinstance(content, str):
        return Value(
            column=pl.lit(content), kind="text", text=f'"{content}"', at=at, constant=content
        )
    if isinstance(content, bool):
        text = str(content).lower()
        return Value(column=pl.lit(content), kind="yes/no", text=text, at=at, constant=content)
    assert isinstance(content, int | float)
    column = pl.lit(float(content), dtype=pl.Float64)
    return Value(column=column, kind="number", text=str(content), at=at, constant=content)


def truth(value: Value) -> pl.Expr:
    """Return whether the value is true: not missing, not zero, not empty. Never null."""
    columns = {
        "text": value.column != "",
        "number": value.column != 0,
        "yes/no": value.column,
        "list": value.column.list.len() > 0,
    }
    return columns.get(value.kind, value.column.is_not_null()).fill_null(value=False)


@dataclass(frozen=True)
class Filter:
    """A filter, the kinds it takes and the kind it returns."""

    takes: tuple[Kind, ...]
    gives: Kind
    column: Callable[[Value], pl.Expr]


def _length(value: Value) -> pl.Expr:
    if value.kind == "list":
        return value.column.list.len().cast(pl.Int64)
    return value.column.str.len_chars().cast(pl.Int64)


FILTERS: Mapping[str, Filter] = {  # Jinja's filters do the same in templates
    "abs": Filter(("number",), "number", lambda v: v.column.abs()),
    "length": Filter(("text", "list"), "number", _length),
    "lower": Filter(("text",), "text", lambda v: v.column.str.to_lowercase()),
    "round": Filter(
        ("number",),
        "number",
        lambda v: v.column.round(0, mode="half_to_even"),
    ),
    "upper": Filter(("text",), "text", lambda v: v.column.str.to_uppercase()),
}
"""By name. `default` is not among them because it takes a value."""

FILTER_NAMES = (*FILTERS, "default")
