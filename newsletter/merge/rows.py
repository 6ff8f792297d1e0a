"""Customers as columns of Python values: only the fields that a template reads, in slices."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any

import polars as pl

MOST_RECURRING = 2_000
"""Texts of a column: names, cities and dates recur; addresses do not."""
MOST_ROWS = 20_000
"""Rows of a slice: what is in the memory at once."""


def slices(recipients: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield the recipients in slices, in their order; nothing where there are none."""
    if recipients.height:
        yield from recipients.iter_slices(MOST_ROWS)


def recurring(column: pl.Series) -> Sequence[Any]:
    """Return the values of a column of few different texts, equal ones as one object, or none."""
    # Python then works out the hash of each text once, and compares by identity.
    if column.dtype != pl.String or len(column) < 2 or column.n_unique() > MOST_RECURRING:
        return ()
    different = column.drop_nulls().unique()
    texts = [*different.to_list(), None]
    codes = column.cast(pl.Enum(different)).to_physical().fill_null(len(texts) - 1)
    return list(map(texts.__getitem__, codes.to_list()))


def values(column: pl.Series) -> Sequence[Any]:
    """
    Return a column's values; whole columns are read at once, nested ones level by level.

    Records become named tuples: `service.title` is the title, not a method.
    """
    dtype = column.dtype
    if isinstance(dtype, pl.Struct):
        item = _named("Item", [field.name for field in dtype.fields])
        parts = [values(column.struct.field(field.name)) for field in dtype.fields]
        records = map(item._make, zip(*parts, strict=True))
        there = column.is_not_null().to_list()
        return [record if known else None for record, known in zip(records, there, strict=True)]
    if isinstance(dtype, pl.List) and isinstance(dtype.inner, pl.Struct | pl.List):
        lengths = column.list.len()
        inner = iter(values(column.filter(lengths > 0).explode()))
        return [None if n is None else list(islice(inner, n)) for n in lengths.to_list()]
    return column.to_list()


def _named(name: str, fields: Sequence[str]) -> Any:
    """Return a named tuple type whose fields may have any names, such as `class` or `2nd`."""
    base = namedtuple(name, fields, rename=True)  # type: ignore[misc]  # names known at run time
    renamed = {
        given: property(itemgetter(i))
        for i, given in enumerate(fields)
        if given != base._fields[i]
    }
    return type(name, (base,), {"__slots__": (), **renamed}) if renamed else base
