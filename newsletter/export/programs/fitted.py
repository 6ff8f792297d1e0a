"""Texts and contacts for a program that takes few columns: what is in them is packed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

import polars as pl

from newsletter.export.columns import Column, Condition, Piece
from newsletter.export.programs.alike import compared, simplified
from newsletter.export.programs.profile import Limits

MOST_CODES = (2, 4, 8)
"""Codes that a column of packed flags may hold, tried in this order."""
MOST_VALUES = 4
"""A column with as few different cells becomes a condition."""

Pieces = Mapping[str, Sequence[Piece]]
"""Part of the template → its pieces."""


@dataclass(frozen=True)
class Code:
    """A flag that is packed with others into a column."""

    column: str
    holds: frozenset[str]
    """The cells for which the flag is `1`."""
    all: frozenset[str]
    """All cells that there are."""


@dataclass(frozen=True)
class Fitted:
    """Texts, and the columns that they need."""

    pieces: Pieces
    columns: tuple[str, ...]
    """Those besides the fixed ones."""
    codes: Mapping[str, Code] = field(default_factory=dict)
    """Flag → where it is packed; empty: each is a column of its own."""
    values: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Flag that we made → a column, and the cell for which it is `1`."""
    packed: Mapping[str, Mapping[tuple[str, ...], str]] = field(default_factory=dict)
    """Column of packed flags → its cell by the cells of its flags."""
    flags: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Column of packed flags → its flags."""
    parts: Mapping[str, tuple[str, int, int]] = field(default_factory=dict)
    """Column → the one that it continues, its number among the parts, and the bytes of a part."""

    def frame(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return rows with the columns."""
        frame = frame.with_columns(
            pl.when(pl.col(source) == cell).then(pl.lit("1")).otherwise(pl.lit("")).alias(flag)
            for flag, (source, cell) in self.values.items()
        )
        frame = frame.with_columns(
            pl.Series(
                name,
                [self.packed[name][row] for row in frame.select(flags).rows()],
                pl.String(),
            )
            for name, flags in self.flags.items()
        )
        return frame.with_columns(
            pl.Series(name, [part(cell, number, size) for cell in frame[source]], pl.String())
            for name, (source, number, size) in self.parts.items()
        )


def part(cell: str, number: int, most: int) -> str:
    """Return one of the parts of a cell that have at most so many bytes in UTF-8."""
    for _ in range(number):
        cell = cell[len(_first(cell, most)) :]
    return _first(cell, most)


def _first(cell: str, most: int) -> str:
    """Return the beginning of a cell, cut within a word: programs trim spaces at ends."""
    if len(cell.encode()) <= most:
        return cell
    whole = cell.encode()[:most].decode("utf-8", "ignore")
    ends = range(len(whole), len(whole) // 2, -1)
    return cell[: next((n for n in ends if cell[n - 1 : n + 1].isalnum()), len(whole))]


def names_in(pieces: Iterable[Piece]) -> Iterator[str]:
    """Yield the columns that a text needs."""
    for piece in pieces:
        if isinstance(piece, Column):
            yield piece.name
        elif isinstance(piece, Condition):
            for flag, then in piece.branches:
                yield flag
                yield from names_in(then)
            yield from names_in(piece.otherwise)


def has_conditions(pieces: Iterable[Piece]) -> bool:
    """Return whether a text has conditions."""
    return any(isinstance(piece, Condition) for piece in pieces)


@dataclass(frozen=True)
class Fitter:
    """Packs what is in the columns until a program takes them."""

    limits: Limits
    fixed: Collection[str]
    """Columns of every contact file."""
    flags: Collection[str]
    also: int
    """Further columns that the file holds."""
    people: int
    frames: Callable[[], Iterable[pl.DataFrame]]
    """The rows, with all columns."""

    def fitted(self, pieces: Pieces) -> Fitted:
        """Return the texts with as little packing as will do; if none does, with all of it."""
        fitted = self._long_cells(pieces)
        if self._fits(len(fitted.columns)):
            return fitted
        values = self._few_values(fitted)
        for most in MOST_CODES[1:]:
            packed = self._packed(values, most)
            if self._fits(len(packed.columns)):
                break
        return packed

    def _fits(self, columns: int) -> bool:
        return columns + self.also <= self.limits.columns

    def _long_cells(self, pieces: Pieces) -> Fitted:
        """Let long cells go on in further columns."""
        most = self.limits.cell
        further = {
            name: [f"{name}_part_{number + 1}" for number in range(count)]
            for name, count in self._parts(pieces).items()
            if count > 1
        }
        parts = {
            new: (name, number, most)
            for name, several in further.items()
            for number, new in enumerate(several)
        }
        fitted = {part: tuple(_continued(each, further)) for part, each in pieces.items()}
        return Fitted(fitted, self._used(fitted), parts=parts)

    def _used(self, pieces: Pieces) -> tuple[str, ...]:
        """Return the columns that the texts need besides the fixed ones."""
        used = dict.fromkeys(name for each in pieces.values() for name in names_in(each))
        return tuple(name for name in used if name not in self.fixed)

    def _parts(self, pieces: Pieces) -> Mapping[str, int]:
        """Return how many columns the longest cell of each column needs."""
        most = self.limits.cell
        counts = dict.fromkeys((name for each in pieces.values() for name in names_in(each)), 1)
        for frame in self.frames():
            for name in counts:
                for cell in frame[name].filter(frame[name].str.len_bytes() > most):
                    while part(cell, counts[name], most):
                        counts[name] += 1
        return counts

    def _few_values(self, fitted: Fitted) -> Fitted:
        """Make conditions of columns with few different cells."""
        few = self._of_few_values(fitted)
        made = {
            f"{name}_is_{number}": (name, value)
            for name, values in few.items()
            for number, value in enumerate(values[:-1], 1)
        }
        chosen = Fitted(
            {
                part: tuple(_chosen(each, few, escape if part == "html" else str))
                for part, each in fitted.pieces.items()
            },
            fitted.columns,
            values=made,
            parts=fitted.parts,
        )
        used = set(names_in(piece for each in chosen.pieces.values() for piece in each))
        flags = dict.fromkeys([name for name in fitted.columns if name in self.flags] + [*made])
        kinds = {name: "flag" for name in flags if name in used}
        alike = compared(map(chosen.frame, self.frames()), kinds)
        pieces = {part: simplified(each, alike) for part, each in chosen.pieces.items()}
        return Fitted(pieces, self._used(pieces), values=made, parts=fitted.parts)

    def _of_few_values(self, fitted: Fitted) -> Mapping[str, Sequence[str]]:
        """Return the columns with few different cells, and those cells."""
        fixed = {
            name
            for part, each in fitted.pieces.items()
            if part not in self.limits.conditions_in
            for name in names_in(each)
        }
        cells: dict[str, dict[str, None]] = {
            name: {}
            for name in fitted.columns
            if name not in self.flags and name not in fixed and name not in fitted.parts
        }
        for frame in self.frames():
            for name in [name for name, values in cells.items() if len(values) <= MOST_VALUES]:
                cells[name] |= dict.fromkeys(frame[name].unique(maintain_order=True))
        most = min(MOST_VALUES, self.people // 2)  # each is shared by several
        return {name: [*values] for name, values in cells.items() if len(values) <= most}

    def _packed(self, fitted: Fitted, most: int) -> Fitted:
        """Pack flags into columns of at most so many codes."""
        flags = [name for name in fitted.columns if name in self.flags or name in fitted.values]
        rows = [fitted.frame(frame).select(flags).unique() for frame in self.frames()]
        kinds = pl.concat(rows).unique().sort(flags) if flags else pl.DataFrame()
        groups: list[list[str]] = []
        for flag in flags:
            fitting = (g for g in groups if kinds.select(*g, flag).n_unique() <= most)
            group = next(fitting, None)
            if group is None:
                groups.append([flag])
            else:
                group.append(flag)
        packed: dict[str, Mapping[tuple[str, ...], str]] = {}
        codes: dict[str, Code] = {}
        for number, group in enumerate(groups, 1):
            name = f"flags_{number}"
            cells = {
                row: str(code)
                for code, row in enumerate(
                    kinds.select(group).unique(maintain_order=True).rows(), 1
                )
            }
            packed[name] = cells
            for n, flag in enumerate(group):
                holds = frozenset(code for row, code in cells.items() if row[n])
                codes[flag] = Code(name, holds, frozenset(cells.values()))
        values = [name for name in fitted.columns if name not in flags]
        return Fitted(
            fitted.pieces,
            (*values, *packed),
            codes,
            fitted.values,
            packed,
            dict(zip(packed, groups, strict=True)),
            fitted.parts,
        )


def _continued(pieces: Sequence[Piece], further: Mapping[str, Sequence[str]]) -> Iterator[Piece]:
    for piece in pieces:
        match piece:
            case Column(name) if name in further:
                yield from map(Column, further[name])
            case Condition(branches, otherwise):
                yield Condition(
                    tuple((flag, tuple(_continued(then, further))) for flag, then in branches),
                    tuple(_continued(otherwise, further)),
                )
            case _:
                yield piece


def _chosen(
    pieces: Sequence[Piece], few: Mapping[str, Sequence[str]], written: Callable[[str], str]
) -> Iterator[Piece]:
    """Yield pieces with a condition in place of a column that has few different cells."""
    for piece in pieces:
        match piece:
            case Column(name) if name in few:
                *values, last = few[name]
                branches = [
                    (f"{name}_is_{number}", (written(value),) if value else ())
                    for number, value in enumerate(values, 1)
                ]
                yield Condition(tuple(branches), (written(last),) if last else ())
            case Condition(branches, otherwise):
                yield Condition(
                    tuple((flag, tuple(_chosen(then, few, written))) for flag, then in branches),
                    tuple(_chosen(otherwise, few, written)),
                )
            case _:
                yield piece
