"""Values used in reading a table: options, columns of text, and findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby

import polars as pl

from newsletter.errors import Place, Problem
from newsletter.model.config import Consent
from newsletter.model.project import ColumnReading
from newsletter.model.team import TeamMember

ROW = "\0row"
"""Name of the column of line numbers; no header can have this name."""

MOST_ALIKE = 20
"""Remarks of one kind that are listed; further ones are counted."""
_MOST_WORDS = 1000
"""Words of one column that are listed: more are sentences, and a million would fill the memory."""


@dataclass(frozen=True, kw_only=True)
class ReadingOptions:
    """The settings of newsletter.yml that files are read with."""

    sheet: str = ""
    """Of the workbook with the customers; empty: the one that looks like them."""
    columns: Mapping[str, str] = field(default_factory=dict)
    dates: str = ""
    """Order of ambiguous dates: DMY, MDY, YMD; empty: decided for each column."""
    birthdays: str = ""
    """The same for birthdays, where the program writes them in another order."""
    timezone: str = ""
    """Of the business: decides the day of a time; empty if unknown."""
    consent: Consent = field(default_factory=Consent)
    team: tuple[TeamMember, ...] = ()
    order_status: Mapping[str, bool] = field(default_factory=dict)
    """Status of an order, as written → whether it is one."""
    year: int = 0
    """This year, which tells what two digits for a year mean; 0: they mean none."""
    home: str = ""
    """The country of the firm; empty if it is not known."""
    ask: bool = True
    """Whether ambiguous values stop the reading; otherwise the likelier meaning is used."""


@dataclass(frozen=True)
class Column:
    """One column as text: stripped, null where the cell is empty, with the line of each cell."""

    header: str
    text: pl.Series
    rows: pl.Series
    is_safe: bool = False
    """Whether cells are known to have no character that must be refused."""
    costs_row: bool = True
    """Whether the row of a bad cell is left out; otherwise it stays, without the value."""

    @property
    def is_filled(self) -> bool:
        """Whether any cell has a text."""
        return self.text.null_count() < len(self.text)

    def with_text(self, text: pl.Series) -> Column:
        """Return the same column with other texts."""
        return replace(self, text=text)


@dataclass(frozen=True)
class Reading:
    """A column as read, with a description."""

    values: pl.Series
    description: str


@dataclass(frozen=True, kw_only=True, order=True)
class Fault:
    """A cell (or, without header, a row) that cannot be read."""

    row: int
    header: str = ""
    message: str
    hint: str


@dataclass(kw_only=True)
class Findings:
    """Problems, bad cells, remarks and readings of one file."""

    shown: str
    """The file, as the user would type it."""
    header_row: int = 1
    """The line of the header, once it is found."""
    problems: list[Problem] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    readings: list[ColumnReading] = field(default_factory=list)
    left_out: dict[str, set[int]] = field(default_factory=dict)
    """Header → rows whose bad cell was left out, without its row."""
    no_orders: int = 0
    """Rows left out because they are no orders: cancelled, refunded, not paid."""
    answers: pl.DataFrame | None = None
    """Of conversations: row, customer, and the feedback that they answer."""

    def problem(self, message: str, *, hint: str, row: int = 0) -> None:
        """Add a problem, which stops the build."""
        self.problems.append(self._at(row, message, hint))

    def remark(self, message: str, *, hint: str = "", row: int = 0) -> None:
        """Add a remark."""
        self.remarks.append(self._at(row, message, hint))

    def of_columns(self, message: str, *, hint: str = "") -> None:
        """Add a remark about whole columns, at the header."""
        self.remark(message, hint=hint, row=self.header_row)

    def bad(self, column: Column, mask: pl.Series, *, what: str, hint: str) -> None:
        """Report every cell of *column* where *mask* is true; it, or its row, will be left out."""
        if not mask.any():
            return
        rows, values = column.rows.filter(mask), column.text.filter(mask)
        told = [
            (row, f"column '{column.header}': {quoted(value)} {what}")
            for row, value in zip(rows, values, strict=True)
        ]
        if column.costs_row:
            self.faults += [
                Fault(row=row, header=column.header, message=message, hint=hint)
                for row, message in told
            ]
            return
        self.left_out.setdefault(column.header, set()).update(rows)
        others = f"cells of column '{column.header}' that cannot be read"
        remark_each(self, told, hint=f"the cell was left out; {hint}", others=others)

    def bad_row(self, row: int, message: str, *, hint: str) -> None:
        """Report a whole row, which will be left out."""
        self.faults.append(Fault(row=row, message=message, hint=hint))

    def bad_rows(self) -> tuple[Problem, ...]:
        """Return one problem for each bad row, in the order of the file."""
        alike = groupby(sorted(set(self.faults)), key=lambda fault: fault.row)
        return tuple(self._bad_row(row, tuple(faults)) for row, faults in alike)

    def _bad_row(self, row: int, faults: tuple[Fault, ...]) -> Problem:
        message = "; ".join(fault.message for fault in faults)
        hint = "; ".join(dict.fromkeys(fault.hint for fault in faults))
        return self._at(row, message, hint)

    def _at(self, row: int, message: str, hint: str) -> Problem:
        return Problem(message, Place(path=self.shown, line=row), hint=hint)


def quoted(value: str) -> str:
    """Return the value for messages: control characters spelled out, long text cut."""
    plain = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in value[:60])
    return f"'{plain}{'…' if len(value) > 60 else ''}'"


def remark_each(
    findings: Findings, alike: Iterable[tuple[int, str]], *, hint: str, others: str
) -> None:
    """Add (row, message) pairs as remarks; beyond MOST_ALIKE only `and 17 <others>`."""
    noted = sorted(set(alike))
    for row, message in noted[:MOST_ALIKE]:
        findings.remark(message, hint=hint, row=row)
    if len(noted) > MOST_ALIKE:
        findings.remark(f"and {len(noted) - MOST_ALIKE:,} {others}", hint=hint)


def counted_words(column: Column, mask: pl.Series) -> list[str]:
    """
    Return `column 'Consent': 'perhaps' (3 times)` for each word where *mask* is true.

    The most frequent come first; beyond _MOST_WORDS they are only counted.
    """
    if not mask.any():
        return []
    words = column.text.filter(mask.fill_null(False)).alias("word").value_counts()
    counts = words.sort("count", "word", descending=[True, False])
    told = [f"{quoted(word)} ({_times(count)})" for word, count in counts.head(_MOST_WORDS).rows()]
    if others := counts.height - len(told):
        cells = int(counts["count"][_MOST_WORDS:].sum())
        told.append(f"each of {others:,} other words ({_times(cells)})")
    return [f"column '{column.header}': {word}" for word in told]


def _times(count: int) -> str:
    return f"{count:,} time{'s' if count > 1 else ''}"
