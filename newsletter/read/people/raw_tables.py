"""Makes a raw table of rows: locates the header and reports rows that do not fit."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import polars as pl

from newsletter.errors import NewsletterError, Place
from newsletter.read.people.findings import ROW, Column, Fault, Findings
from newsletter.read.people.header_names import key

MOST_COLUMNS = 1000
MOST_CHARACTERS = 32_767
"""Of one cell; Excel's own limit."""

_LOOK_AT = 30
"""Rows among which the header is looked for."""


@dataclass(frozen=True, kw_only=True)
class RawTable:
    """Text cells as they stand in the file."""

    cells: pl.DataFrame
    """A String column per header (null: empty cell), and ROW: the line in the file, from 1."""
    delimiter: str = ""
    """Of a text file."""

    @property
    def headers(self) -> list[str]:
        """The headers, unique, in the order of the file."""
        return [name for name in self.cells.columns if name != ROW]

    def column(self, header: str) -> Column:
        """Return one column."""
        return Column(header, self.cells[header], self.cells[ROW])


def header_index(rows: Sequence[Sequence[str]], header_keys: Collection[str]) -> int:
    """
    Return the index of the header: the first row with most of *header_keys*, else the first with
    any text.
    """
    scores = [header_score(row, header_keys) for row in rows[:_LOOK_AT]]
    best = max(scores, default=0)
    if best:
        return scores.index(best)
    return next((i for i, row in enumerate(rows) if any(cell.strip() for cell in row)), 0)


def header_score(row: Sequence[str], header_keys: Collection[str]) -> int:
    """Return how many different *header_keys* the row holds."""
    return len({key(cell) for cell in row} & set(header_keys))


def headers_of(cells: Sequence[str], *, shown: str) -> list[str]:
    """
    Return a unique name for each column; `column 3` and `Tags (2)` where the file has none or a
    double.
    """
    if len(cells) > MOST_COLUMNS:
        message = f"the header has {len(cells):,} columns; at most {MOST_COLUMNS:,} can be read"
        hint = "check that the right separator stands between the columns"
        raise NewsletterError.at(message, Place(path=shown), hint=hint)
    names: list[str] = []
    for number, cell in enumerate(cells, start=1):
        plain = "".join(c if c.isprintable() else " " for c in cell).strip()
        name = plain or f"column {number}"
        again = (f"{name} ({n})" for n in count(2))
        names.append(name if name not in names else next(n for n in again if n not in names))
    return names


def fitting(
    rows: Iterator[tuple[int, list[str]]], width: int, *, findings: Findings
) -> tuple[list[int], list[list[str]]]:
    """
    Return lines and cells of the rows that have *width* cells; note the others as bad. Empty rows
    are passed over.
    """
    lines: list[int] = []
    cells: list[list[str]] = []
    for line, row in rows:
        while len(row) > width and not row[-1].strip():
            row.pop()
        if len(row) == width:
            lines.append(line)
            cells.append(row)
        elif any(cell.strip() for cell in row):
            findings.faults.append(_misfit(line, len(row), width=width))
    return lines, cells


def _misfit(line: int, cells: int, *, width: int) -> Fault:
    return Fault(
        row=line,
        message=f"the row has {cells} cells, the header has {width}",
        hint="look for a separator or line break in a cell without quotes around it",
    )


def raw_table(cells: pl.DataFrame, findings: Findings, *, delimiter: str = "") -> RawTable:
    """
    Return the table with cells stripped, empty ones null and empty rows left out; note cells that
    are too long.
    """
    headers = [name for name in cells.columns if name != ROW]
    text = pl.col(headers).str.strip_chars()
    tidy = cells.with_columns(pl.when(text.str.len_bytes() > 0).then(text))
    tidy = tidy.filter(pl.any_horizontal(pl.col(headers).is_not_null()))
    table = RawTable(cells=tidy, delimiter=delimiter)
    for header in headers:
        _note_long(table.column(header), findings)
    return table


def _note_long(column: Column, findings: Findings) -> None:
    long = column.text.str.len_chars() > MOST_CHARACTERS
    if long.any():
        what = f"has more than {MOST_CHARACTERS:,} characters"
        findings.bad(column, long, what=what, hint="look for a quote that is never closed")
