"""Compiled trees × a slice of recipients → the output for each, a column at a time."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice, repeat
from operator import itemgetter
from typing import Any, NamedTuple

import polars as pl

from newsletter.merge.compile import Column, Compiled, Piece, Text
from newsletter.merge.expressions import Form
from newsletter.merge.written import MOST_REMEMBERED, written_at_once

MOST_ROWS = 20_000
"""Rows of a slice, which are in memory at once."""
FEWEST_ROWS = 100
"""Fewer customers are written one by one: reading columns is not worth it."""
FEWEST_ALIKE = 2
"""Average number of equal customers from which a text is written once for all of them."""
_MOST_CODES = 2**62


class Alike(NamedTuple):
    """Which customers of a slice have equal values in some columns."""

    firsts: Slice
    """The first customer of each kind."""
    kinds: Sequence[int]
    """The key of each kind."""
    kind_of: Sequence[int]
    """The kind of each customer."""


class Slice:
    """Some recipients, or items of lists; each column is read once in each form."""

    def __init__(self, table: pl.DataFrame) -> None:
        self._table, self.height = table, table.height
        self._columns: dict[Column, Iterable[Any]] = {}
        self._items: dict[str, tuple[list[int], Slice]] = {}
        self._codes: dict[Column, tuple[pl.Series, int] | None] = {}
        self._alike: dict[tuple[Column, ...], Alike | None] = {}

    def rows(self, columns: Iterable[Column]) -> Iterator[tuple[Any, ...]]:
        """Yield the values of each recipient in some columns."""
        read = [self.column(column) for column in columns]
        return zip(*read, strict=False) if read else repeat((), self.height)

    def column(self, column: Column) -> Iterable[Any]:
        """Return the value of each recipient in one column."""
        if column not in self._columns:
            field, form = column
            if isinstance(form, Compiled):
                self._columns[column] = list(self._of_items(field, form))
            else:
                self._columns[column] = _read(self._table[field], form)
        return self._columns[column]

    def alike(self, columns: tuple[Column, ...]) -> Alike | None:
        """Return which recipients are equal in all of *columns*; None if too few are."""
        if columns not in self._alike:
            self._alike[columns] = self._compared(columns)
        return self._alike[columns]

    def _compared(self, columns: tuple[Column, ...]) -> Alike | None:
        if self.height < FEWEST_ROWS:
            return None
        combined, size = None, 1
        for column in _independent(columns):
            field, form = column
            if column not in self._codes:
                self._codes[column] = _codes(self._table[field], form)
            coded = self._codes[column]
            if coded is None or size * coded[1] > _MOST_CODES:
                return None
            codes, number = coded
            combined = codes if combined is None else combined * number + codes
            size *= number
        if combined is None:
            combined = pl.zeros(self.height, pl.Int64, eager=True)
        rows = combined.arg_unique()
        if len(rows) * FEWEST_ALIKE > self.height:
            return None
        fields = dict.fromkeys(field for field, _ in columns)
        firsts = Slice(self._table.select(fields.keys())[rows])
        return Alike(firsts, combined[rows].to_list(), combined.to_list())

    def _of_items(self, field: str, item: Compiled) -> Iterator[Any]:
        """Yield the output for the items of each list, or the exception that one raises."""
        if field not in self._items:
            self._items[field] = _items_of(self._table[field])
        lengths, items = self._items[field]
        texts = joined(item, items)
        for length in lengths:
            yield (
                next(texts)
                if length == 1
                else _joined_or_error(list(islice(texts, length)), item.nothing)
            )


def slices(recipients: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield the recipients in slices, in order; nothing if there are none."""
    if recipients.height:
        yield from recipients.iter_slices(MOST_ROWS)


def joined(compiled: Compiled, part: Slice, before: Sequence[Any] = ()) -> Iterator[Any]:
    """
    Yield the output for each recipient, or the exception that one of the values raises.

    Each text begins with its item of *before*, if given. An item that is no text replaces the
    whole text.
    """
    columns = [_column(piece, part) for piece in compiled.pieces]
    nothing = compiled.nothing
    if len(columns) == 1 and not before:
        yield from islice(columns[0], part.height)
        return
    for texts in zip(before or repeat(nothing, part.height), *columns, strict=False):
        try:
            yield nothing.join(texts)
        except TypeError:
            yield next(text for text in texts if type(text) is not type(nothing))


def written_for(compiled: Compiled, field: Callable[[str], Any]) -> Any:
    """Return the output for one person whose values *field* returns, or their exception."""
    return _joined_or_error(
        [
            _for_person(piece, field) if isinstance(piece, Piece) else piece
            for piece in compiled.pieces
        ],
        compiled.nothing,
    )


def _column(piece: bytes | str | Piece, part: Slice) -> Iterable[Any]:
    """Return the output of a piece for each recipient."""
    if not isinstance(piece, Piece):
        return repeat(piece)
    if alike := part.alike(piece.columns):
        texts = piece.fill(alike.firsts.rows(piece.columns))
        of_kind = dict(zip(alike.kinds, texts, strict=True))
        return map(of_kind.__getitem__, alike.kind_of)
    if piece.bare:
        written = part.column(piece.bare)
        if isinstance(written, list) and None not in written:
            return written
    return piece.fill(part.rows(piece.columns))


def _independent(columns: Sequence[Column]) -> Iterator[tuple[str, Form | Compiled]]:
    """Yield columns that do not follow from others: text and truth follow from the value."""
    for field, form in columns:
        follows = form == "truth" and (field, "value") in columns
        if not isinstance(form, Text) and not follows:
            yield field, form


def _codes(column: pl.Series, form: Form | Compiled) -> tuple[pl.Series, int] | None:
    """
    Return a number for each value, equal for equal values, and the first unused number.

    None if the values differ too much, or have a type that is not compared.
    """
    if form == "truth":
        column = _truth(column)
    dtype = column.dtype
    comparable = dtype in (pl.String, pl.Boolean, pl.Date) or dtype.is_signed_integer()
    if not comparable or column.n_unique() * FEWEST_ALIKE > len(column):
        return None
    if dtype == pl.String:
        column = column.cast(pl.Categorical(pl.Categories.random()))
    numbers = column.to_physical().cast(pl.Int64)
    lowest: Any = numbers.min()
    highest: Any = numbers.max()
    if lowest is None:
        return pl.zeros(len(column), pl.Int64, eager=True), 1
    missing = highest - lowest + 1
    return (numbers - lowest).fill_null(missing), missing + 1


def _read(column: pl.Series, form: Form | Text) -> Iterable[Any]:
    if form == "value":
        return values(column)
    if len(column) < FEWEST_ROWS:  # for few values a query takes longer
        return list(map(bool, values(column))) if form == "truth" else repeat(None)
    if form == "truth":
        return _truth(column).to_list()
    # Recurring texts are cached; other values are written a column at a time.
    if column.dtype == pl.String and column.n_unique() <= MOST_REMEMBERED:
        return repeat(None)
    return written_at_once(column, form.kind).to_list()


def _items_of(column: pl.Series) -> tuple[list[int], Slice]:
    """Return the number of records in each list, and all records."""
    lengths = column.list.len().fill_null(0)
    if not lengths.sum():
        return lengths.to_list(), Slice(pl.DataFrame())
    items = column.filter(lengths > 0).explode().struct.unnest()
    return lengths.to_list(), Slice(items)


def _truth(column: pl.Series) -> pl.Series:
    """Return whether each value is true in a condition."""
    dtype = column.dtype
    if dtype == pl.Boolean:
        there = column
    elif dtype == pl.String:
        there = column != ""
    elif dtype == pl.List:
        there = column.list.len() > 0
    elif dtype.is_numeric():
        there = column != 0
    elif dtype == pl.Duration:
        there = column.to_physical() != 0
    else:
        there = column.is_not_null()
    return there.fill_null(value=False)


def _for_person(piece: Piece, field: Callable[[str], Any]) -> Any:
    row = tuple(_cell(field(name), form) for name, form in piece.columns)
    return next(piece.fill([row]))


def _cell(value: Any, form: Form | Text | Compiled) -> Any:
    if isinstance(form, Compiled):
        items = [written_for(form, partial(getattr, item)) for item in value or ()]
        return _joined_or_error(items, form.nothing)
    if form == "truth":
        return bool(value)
    return value if form == "value" else None


def _joined_or_error(texts: Sequence[Any], nothing: Any) -> Any:
    """Return the texts joined, or the first exception among them."""
    try:
        return nothing.join(texts)
    except TypeError:
        return next(text for text in texts if type(text) is not type(nothing))


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
        return [
            record if present else None for record, present in zip(records, there, strict=True)
        ]
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
