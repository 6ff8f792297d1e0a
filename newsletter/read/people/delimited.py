"""Reads delimited text (CSV, TSV): detects encoding, separator and header, never guesses rows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import polars as pl

from newsletter.errors import NewsletterError, Place
from newsletter.read.people.encodings import decode
from newsletter.read.people.findings import ROW, Findings, quoted, remark_each
from newsletter.read.people.raw_tables import (
    RawTable,
    fitting,
    header_index,
    header_score,
    headers_of,
    raw_table,
)

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE = 1 << 16
MOST_OF_ROW = 1 << 21
"""Characters of a row, which becomes as many cells if all are separators."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How a delimited text file is laid out."""

    text: str
    encoding: str
    guessed: Sequence[tuple[int, str]]
    """Lines that are not all UTF-8, with the letters that were guessed."""
    delimiter: str
    lines_before: int
    """Lines that end before the body."""
    start: int
    """Offset of the body in the text."""
    headers: list[str]


def layout_of(data: bytes, header_keys: Collection[str], *, shown: str) -> Layout:
    """Return the layout of a delimited text file. Raises NewsletterError if it is not one."""
    _check_lines(data, shown)
    decoded = decode(data, shown=shown)
    text = decoded.text
    declared = _declared(text)
    delimiter = declared or _delimiter(text, header_keys)
    lines_before, start, header = _header(
        text, delimiter, header_keys=header_keys, declared=bool(declared)
    )
    return Layout(
        text=text,
        encoding=decoded.encoding,
        guessed=decoded.guessed,
        delimiter=delimiter,
        lines_before=lines_before,
        start=start,
        headers=headers_of(header, shown=shown),
    )


def _check_lines(data: bytes, shown: str) -> None:
    """Raise NewsletterError for a line that is too long, before seconds are spent on decoding."""
    start, size = 0, 4 * MOST_OF_ROW  # in bytes
    while start + size < len(data):
        end = max(data.rfind(end, start, start + size) for end in (b"\n", b"\r"))
        if end < 0:
            raise _long_row(shown, 1 + data.count(b"\n", 0, start))
        start = end + 1


def read_delimited(data: bytes, header_keys: Collection[str], *, findings: Findings) -> RawTable:
    """Return the raw table of a delimited text file. Raises NewsletterError if it is not one."""
    layout = layout_of(data, header_keys, shown=findings.shown)
    if layout.encoding == "cp1252":
        hint = "check names with accents; a file saved as 'CSV UTF-8' leaves no doubt"
        findings.remark("the file is not UTF-8 and was read as Windows-1252", hint=hint)
    told = [
        (line, f"the line is not all UTF-8, and {quoted(letters)} is a guess")
        for line, letters in layout.guessed
    ]
    hint = "check this line; probably two files in different encodings were joined"
    remark_each(findings, told, hint=hint, others="lines that are not all UTF-8")
    headers, delimiter, before = layout.headers, layout.delimiter, layout.lines_before
    findings.header_row = max(before, 1)
    body = layout.text[layout.start :].rstrip("\r\n")
    cells = _fast(body, headers, delimiter=delimiter, lines_before=before)
    if cells is None:
        cells = _careful(body, headers, delimiter=delimiter, first=before + 1, findings=findings)
    return raw_table(cells, findings)


def _declared(text: str) -> str:
    """Return the separator of a first line such as `sep=;`, which Excel writes and reads."""
    line = re.match(r'"?sep=(.)"?\r?\n', text, re.IGNORECASE)
    return line[1] if line else ""


def _delimiter(text: str, header_keys: Collection[str]) -> str:
    """Return the separator that gives most *header_keys*, then most rows of equal length."""

    def score(delimiter: str) -> tuple[int, float, int]:
        rows = [row for row, _ in _sample(text, delimiter) if any(row)]
        widths = [len(row) for row in rows]
        width = max(set(widths), key=lambda w: (widths.count(w), w), default=1)
        names = max((header_score(row, header_keys) for row in rows), default=0)
        share = widths.count(width) / len(widths) if widths else 0
        return (names, share if width > 1 else 0, width)

    return max(_DELIMITERS, key=score)


def _sample(text: str, delimiter: str) -> list[tuple[list[str], int]]:
    """Return the first rows, each with the line it ends on."""
    reader = csv.reader(io.StringIO(text[:_SAMPLE], newline=""), delimiter=delimiter)
    try:
        return [(row, reader.line_num) for row in islice(reader, 30)]
    except csv.Error:  # a cell beyond csv's limit; the careful reader reports its line
        return []


def _header(
    text: str, delimiter: str, *, header_keys: Collection[str], declared: bool
) -> tuple[int, int, list[str]]:
    """Return how many lines end before the body, the offset where it begins, and the header."""
    rows = _sample(text, delimiter)
    first = 1 if declared else 0
    index = first + header_index([row for row, _ in rows[first:]], header_keys)
    header, lines = rows[index] if index < len(rows) else ([""], 0)
    begun = io.StringIO(text[:_SAMPLE], newline="")
    start = sum(len(line) for line in islice(begun, lines))
    while len(header) > 1 and not header[-1].strip():  # Excel ends every line with empty cells
        header = header[:-1]
    return lines, start, header


def _fast(
    body: str, headers: list[str], *, delimiter: str, lines_before: int
) -> pl.DataFrame | None:
    """Return the cells as Polars reads them, or None if it would silently change some."""
    if not body or not _well_formed(body, len(headers), delimiter=delimiter):
        return None
    schema = dict.fromkeys(headers, pl.String())
    data = io.BytesIO(body.encode())
    try:
        read = pl.read_csv(data, has_header=False, schema=schema, separator=delimiter)
    except pl.exceptions.PolarsError:
        return None
    lines = pl.int_range(pl.len()) + lines_before + 1
    if body.count("\n") != read.height - 1:  # cells contain line breaks
        breaks = pl.sum_horizontal(pl.all().str.count_matches("\n", literal=True).fill_null(0))
        lines += breaks.cum_sum() - breaks
    return read.with_columns(lines.cast(pl.UInt32).alias(ROW))


def _well_formed(body: str, width: int, *, delimiter: str) -> bool:
    """
    Return whether every row has *width* cells, each bare or quoted as a whole (RFC 4180).

    All readers agree on such text. Polars alters other text silently: it fills short rows with
    nulls and drops quotes.
    """
    if body.count("\r") != body.count("\r\n"):
        return False
    end = re.escape(delimiter)
    cell = rf'(?:[^"\r\n{end}]*|"(?:[^"]|"")*")'
    row = rf"{cell}(?:{end}{cell}){{{width - 1}}}"
    try:
        return bool(pl.Series([body]).str.contains(rf"^(?:{row}\r?\n)*{row}$").any())
    except pl.exceptions.PolarsError:  # a pattern too large, of hundreds of columns
        return False


def _careful(
    body: str, headers: list[str], *, delimiter: str, first: int, findings: Findings
) -> pl.DataFrame:
    escape = "\\" if _escapes_quotes(body, delimiter) else None
    if escape:
        body = re.sub(
            rf"(?m)(^|{re.escape(delimiter)})\\N(?={re.escape(delimiter)}|\r?$)", r"\1", body
        )
    lines, cells = fitting(
        _rows(body, delimiter, escape=escape, first=first, shown=findings.shown),
        len(headers),
        findings=findings,
    )
    schema = dict.fromkeys(headers, pl.String())
    frame = pl.DataFrame(cells, schema=schema, orient="row")
    return frame.with_columns(pl.Series(ROW, lines, dtype=pl.UInt32))


def _escapes_quotes(body: str, delimiter: str) -> bool:
    """Return whether quotes inside cells are written `\\"`, as MySQL and PHP do."""
    end = re.escape(delimiter)
    return bool(re.search(rf'(?<!\\)\\"(?:[^"\r\n{end}]|"(?:[{end}\r\n]|$))', body))


def _rows(
    body: str, delimiter: str, *, escape: str | None, first: int, shown: str
) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the line it begins on; an open quote would swallow the end mark."""
    end = "end"
    while end in body:
        end += "."
    lines = _Lines(text=io.StringIO(f"{body}\n{end}", newline=""), shown=shown, line=first)
    reader = csv.reader(lines, delimiter=delimiter, escapechar=escape)
    line = first
    row: list[str] = []
    try:
        for row in reader:
            lines.of_row = 0
            if row == [end]:
                return
            if row and end in row[-1]:
                break
            yield line, row
            lines.line = line = first + reader.line_num
    except csv.Error:
        pass  # a cell beyond csv's limit: an open quote in a large file
    raise NewsletterError.at(
        "a quote that opens in this row is never closed",
        Place(path=shown, line=line),
        hint='close it, or write a quote inside a cell twice: ""',
    )


@dataclass(kw_only=True)
class _Lines:
    """The lines of a body. Raises NewsletterError before a row takes too much memory."""

    text: io.StringIO
    shown: str
    line: int
    of_row: int = 0
    """Characters of the row that is being read."""

    def __iter__(self) -> Iterator[str]:
        for line in self.text:
            self.of_row += len(line)
            if self.of_row > MOST_OF_ROW:
                raise _long_row(self.shown, self.line)
            yield line


def _long_row(shown: str, line: int) -> NewsletterError:
    message = f"the row has more than {MOST_OF_ROW:,} characters"
    hint = "look for a missing line break, or for a quote that is never closed"
    return NewsletterError.at(message, Place(path=shown, line=line), hint=hint)
