"""Customers as light rows: only the fields that a template reads, streamed in slices."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import Any

import polars as pl

_SLICE = 20_000


def rows(recipients: pl.DataFrame, fields: Sequence[str]) -> Iterator[Any]:
    """
    Yield each recipient as a named tuple of *fields*, in the order of the frame.

    Lists of records become lists of named tuples: `service.title` is the title, not a method.
    """
    row = _named("Customer", fields)
    frame = recipients.select(fields)
    readers = {i: reader for i, dtype in enumerate(frame.dtypes) if (reader := _reader(dtype))}
    for part in frame.iter_slices(_SLICE):
        if not readers:
            yield from map(row._make, part.iter_rows())
            continue
        for values in part.iter_rows():
            items = list(values)
            for i, reader in readers.items():
                items[i] = reader(items[i])
            yield row._make(items)


def _named(name: str, fields: Sequence[str]) -> Any:
    """Return a named tuple type whose fields may have any names, such as `class` or `2nd`."""
    base = namedtuple(name, fields, rename=True)  # type: ignore[misc]  # names known at run time
    renamed = {
        given: property(itemgetter(i))
        for i, given in enumerate(fields)
        if given != base._fields[i]
    }
    return type(name, (base,), {"__slots__": (), **renamed}) if renamed else base


def _reader(dtype: pl.DataType) -> Callable[[Any], Any] | None:
    """Return what makes named tuples of the records in a value of that type, if there are any."""
    if isinstance(dtype, pl.Struct):
        item = _named("Item", [field.name for field in dtype.fields])
        return lambda value: None if value is None else item._make(value.values())
    if isinstance(dtype, pl.List):
        inner = _reader(dtype.inner)  # type: ignore[arg-type]  # polars types inner loosely
        return inner and (lambda value: None if value is None else [inner(one) for one in value])
    return None
