"""Customers as light rows: only the fields that a template reads, streamed in slices."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import polars as pl

_SLICE = 20_000


def rows(recipients: pl.DataFrame, fields: Sequence[str]) -> Iterator[Any]:
    """
    Yield each recipient as a named tuple of *fields*, in the order of the frame.

    Lists of records become lists of named tuples, so that `service.title` is the title and not a method.
    """
    row = namedtuple("Customer", fields)  # type: ignore[misc]  # the names come from the template
    frame = recipients.select(fields)
    nested = {i: _reader(dtype) for i, dtype in enumerate(frame.dtypes) if _is_nested(dtype)}
    for part in frame.iter_slices(_SLICE):
        if not nested:
            yield from map(row._make, part.iter_rows())
            continue
        for values in part.iter_rows():
            yield row._make(
                nested[i](v) if i in nested and v is not None else v for i, v in enumerate(values)
            )


def _is_nested(dtype: pl.DataType) -> bool:
    return isinstance(dtype, pl.Struct) or (
        isinstance(dtype, pl.List) and isinstance(dtype.inner, pl.Struct)
    )


def _reader(dtype: pl.DataType) -> Callable[[Any], Any]:
    if isinstance(dtype, pl.Struct):
        item = namedtuple("Item", [field.name for field in dtype.fields])  # type: ignore[misc]  # as above
        return lambda value: item(**value)
    assert isinstance(dtype, pl.List)
    inner = _reader(dtype.inner)  # type: ignore[arg-type]  # polars types inner loosely
    return lambda value: [inner(one) for one in value]
