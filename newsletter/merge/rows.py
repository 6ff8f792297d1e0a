"""Customers as light rows: only the fields that a template reads, streamed in slices."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from operator import itemgetter
from types import MappingProxyType
from typing import Any

import polars as pl

from newsletter.merge.written import add_written

_SLICE = 20_000


def rows(
    recipients: pl.DataFrame,
    fields: Sequence[str],
    *,
    written: Mapping[str, tuple[str, str]] = MappingProxyType({}),
) -> Iterator[Any]:
    """
    Yield each recipient as a named tuple of *fields*, in the order of the frame.

    *written* are further fields, which add_written makes.

    Lists of records become lists of named tuples: `service.title` is the title, not a method.
    """
    row = _named("Customer", [*fields, *written])
    for part in recipients.select(fields).iter_slices(_SLICE):
        columns = add_written(part, written).get_columns()
        yield from map(row._make, zip(*map(_values, columns), strict=True))


def _named(name: str, fields: Sequence[str]) -> Any:
    """Return a named tuple type whose fields may have any names, such as `class` or `2nd`."""
    base = namedtuple(name, fields, rename=True)  # type: ignore[misc]  # names known at run time
    renamed = {
        given: property(itemgetter(i))
        for i, given in enumerate(fields)
        if given != base._fields[i]
    }
    return type(name, (base,), {"__slots__": (), **renamed}) if renamed else base


def _values(column: pl.Series) -> Sequence[Any]:
    """Return a column's values; whole columns are read at once, nested ones level by level."""
    dtype = column.dtype
    if isinstance(dtype, pl.Struct):
        item = _named("Item", [field.name for field in dtype.fields])
        parts = [_values(column.struct.field(field.name)) for field in dtype.fields]
        records = map(item._make, zip(*parts, strict=True))
        there = column.is_not_null().to_list()
        return [record if known else None for record, known in zip(records, there, strict=True)]
    if isinstance(dtype, pl.List) and isinstance(dtype.inner, pl.Struct | pl.List):
        lengths = column.list.len()
        inner = iter(_values(column.filter(lengths > 0).explode()))
        return [None if n is None else list(islice(inner, n)) for n in lengths.to_list()]
    return column.to_list()
