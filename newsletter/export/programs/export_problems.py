"""What a program would not take of an export, told before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import polars as pl

from newsletter.errors import Problem
from newsletter.export.columns import Condition, Piece, Tag
from newsletter.export.programs.fitted import Fitted
from newsletter.export.programs.profile import Program

Rows = Callable[[], Iterable[tuple[Sequence[str], pl.DataFrame]]]


def export_problems(
    program: Program, fitted: Fitted, also: Sequence[str], rows: Rows
) -> Iterator[Problem]:
    """
    Yield what the program would not take.

    *rows* yields the customers' numbers with their cells before these were cut.
    """
    yield from _missing_tags(program, fitted)
    yield from _too_many_columns(program, fitted, also, rows)
    yield from _line_breaks(program, fitted, rows)


def _missing_tags(program: Program, fitted: Fitted) -> Iterator[Problem]:
    """Yield a problem for each address of the program without which it sends nothing."""
    printed = {name for pieces in fitted.pieces.values() for name in _tags_of(pieces)}
    for name in sorted(program.required - printed):
        yield Problem(
            f"{program.title} sends nothing without its own link in place of "
            f"{{{{ customer.{name} }}}}, and no layout of the theme prints that",
            hint="print it in the footer of email/ and text/, as the packaged theme does",
        )


def _too_many_columns(
    program: Program,
    fitted: Fitted,
    also: Sequence[str],
    rows: Rows,
) -> Iterator[Problem]:
    """Yield problems if the texts need more columns than a program has."""
    limits, columns = program.limits, [*fitted.columns, *also]
    if limits is None or len(columns) <= limits.columns:
        return
    packed = len(fitted.flags)
    values = [name for name in columns if name not in fitted.flags]
    conditions = f", and {packed} for its conditions" if packed else ""
    yield Problem(
        f"{program.title} takes {limits.columns} columns besides the address and the names, and "
        f"this text needs {len(columns)}: {', '.join(values)}{conditions}",
        hint="print fewer values of customers and shorter lists, or send it with another program",
    )
    for name in dict.fromkeys(source for source, _, _ in fitted.parts.values()):
        customer, size = _longest(name, rows())
        yield Problem(
            f"'{name}' of customer {customer} has {size} bytes, and {program.title} takes "
            f"{limits.cell} in a column",
            hint="shorten it, or print less of it",
        )


def _line_breaks(
    program: Program,
    fitted: Fitted,
    rows: Rows,
) -> Iterator[Problem]:
    """Yield a problem for each column with a line break, if the program's file holds none."""
    if not program.one_line_cells:
        return
    customers: dict[str, str] = {}
    for ids, frame in rows():
        for name in fitted.columns:
            for customer, cell in zip(ids, frame[name], strict=True):
                if "\n" in cell:
                    customers.setdefault(name, customer)
    for name, customer in customers.items():
        yield Problem(
            f"'{name}' has several lines for customer {customer}, and {program.title} imports "
            f"contacts of a line each",
            hint="take away the condition or list that differs from customer to customer there, "
            "or send it with another program",
        )


def _longest(name: str, rows: Iterable[tuple[Sequence[str], pl.DataFrame]]) -> tuple[str, int]:
    sizes = (
        (len(cell.encode()), customer)
        for customers, frame in rows
        for customer, cell in zip(customers, frame[name], strict=True)
    )
    size, customer = max(sizes)
    return customer, size


def _tags_of(pieces: Sequence[Piece]) -> Iterator[str]:
    for piece in pieces:
        if isinstance(piece, Tag):
            yield piece.name
        elif isinstance(piece, Condition):
            for _, then in piece.branches:
                yield from _tags_of(then)
            yield from _tags_of(piece.otherwise)
