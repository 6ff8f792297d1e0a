"""Columns with the same cell for all recipients, or with the cells of another column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from newsletter.export.columns import Column, Columns, Condition, Piece
from newsletter.model.template import Output


@dataclass(frozen=True)
class Alike:
    """What is known of the cells of columns."""

    constants: Mapping[str, str]
    """Column → its cell, if that is the same for all."""
    first: Mapping[str, str]
    """Column → the first column with the same cells, which may be itself."""


def kinds_of(columns: Columns, *, few: bool) -> Mapping[str, object]:
    """
    Return columns → their kind; those of one kind are one if their cells are the same.

    That is the same value, in text and HTML; for a program that takes *few* columns, any values
    and any conditions.
    """
    kinds: dict[str, object] = {}
    for name, tree in columns.cells.items():
        if few:
            kinds[name] = name in columns.flags
        else:
            match tree:
                case (Output(slot=slot),):
                    kinds[name] = slot.expression
                case _:
                    kinds[name] = name, "alone"
    return kinds


def compared(frames: Iterable[pl.DataFrame], kinds: Mapping[str, object]) -> Alike:
    """
    Return which columns are alike.

    *kinds* has the columns; only those of the same kind are compared.
    """
    by_kind: dict[object, list[str]] = {}
    for name, kind in kinds.items():
        by_kind.setdefault(kind, []).append(name)
    groups, constants = list(by_kind.values()), dict[str, str]()
    varying: set[str] = set()
    for frame in frames:
        groups = [part for group in groups for part in _split(frame, group)]
        for name in kinds:
            first = frame[name][0]
            if constants.setdefault(name, first) != first or (frame[name] != first).any():
                varying.add(name)
    fixed = {name: cell for name, cell in constants.items() if name not in varying}
    return Alike(fixed, {name: group[0] for group in groups for name in group})


def _split(frame: pl.DataFrame, names: Sequence[str]) -> Iterator[list[str]]:
    """Yield the columns that have the same cells in a slice."""
    rest = list(names)
    while rest:
        first = frame[rest[0]]
        yield [name for name in rest if frame[name].equals(first)]
        rest = [name for name in rest if not frame[name].equals(first)]


def simplified(
    pieces: Sequence[Piece], alike: Alike, written: Callable[[str], str] = str
) -> tuple[Piece, ...]:
    """
    Return a text that names each column only once, and prints what is the same for all.

    *written* turns a cell into static text.
    """

    def parts(pieces: Sequence[Piece]) -> Iterator[Piece]:
        for piece in pieces:
            match piece:
                case Column(name) if name in alike.constants:
                    yield written(alike.constants[name])
                case Column(name):
                    yield Column(alike.first.get(name, name))
                case Condition():
                    yield from _condition(piece, alike, lambda then: tuple(joined(parts(then))))
                case _:
                    yield piece

    return tuple(joined(parts(pieces)))


def _condition(
    piece: Condition, alike: Alike, inner: Callable[[Sequence[Piece]], tuple[Piece, ...]]
) -> Iterator[Piece]:
    branches, otherwise = [], piece.otherwise
    for flag, then in piece.branches:
        if flag not in alike.constants:
            branches.append((alike.first.get(flag, flag), inner(then)))
        elif alike.constants[flag]:
            otherwise = then
            break
    if not branches:
        yield from inner(otherwise)
    elif any(then for _, then in branches) or otherwise:
        yield Condition(tuple(branches), inner(otherwise))


def joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield pieces with static texts that follow each other as one; none of them is empty."""
    text = ""
    for piece in pieces:
        if isinstance(piece, str):
            text += piece
            continue
        if text:
            yield text
        text = ""
        yield piece
    if text:
        yield text
