"""Customers whose ids have changed: which new id each old one has, and tables with the new ids."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from newsletter.errors import NewsletterError, Place
from newsletter.read.people.delimited import Layout, layout_of
from newsletter.read.people.findings import Findings
from newsletter.read.people.header_names import TABLE_HEADERS
from newsletter.read.people.raw_tables import match_columns
from newsletter.read.people.table_files import is_text

OF_NOBODY = "old:"
"""What the ids begin with that stand for customers without a match."""
_TEXT_PREFIX = re.compile(r"^'(?=[+\d])")
"""The apostrophe by which Excel stores a number as text."""


def new_ids(old: pl.DataFrame, new: pl.DataFrame, by: Sequence[str]) -> dict[str, str]:
    """
    Return old id → new id of the customers whose rows must name another one.

    *old* and *new* are CUSTOMERS. Compares the columns *by*, one after the other, without case
    and spaces at the ends; a value that two customers share matches nobody. An id without a match
    that now belongs to somebody else becomes `old:7`, so that nobody gets another's history.
    """
    matched: dict[str, str] = {}
    for column in by:
        before, after = _by_value(old, column), _by_value(new, column)
        for value in before.keys() & after.keys():
            matched.setdefault(before[value], after[value])
    lost = (set(old["id"]) - matched.keys()) & set(new["id"])
    matched |= {key: f"{OF_NOBODY}{key}" for key in lost}
    return {key: value for key, value in sorted(matched.items()) if key != value}


def _by_value(customers: pl.DataFrame, column: str) -> dict[str, str]:
    """Return value of the column → id, for values that only one customer has."""
    value = pl.col(column).cast(pl.String).str.strip_chars().str.to_lowercase()
    single = customers.select(value.alias("value"), "id").drop_nulls()
    single = single.filter(~pl.col("value").is_duplicated())
    return dict(single.iter_rows())


@dataclass(frozen=True)
class Rekeyed:
    """A table with other ids."""

    data: bytes
    """Of the file; only cells with ids differ."""
    rows: int
    """Rows with another id."""
    unknown: int
    """Rows whose customer is neither among the old ids nor among the new ones."""


def rekeyed(  # noqa: PLR0913  # each is a value of its own
    data: bytes,
    name: str,
    ids: Mapping[str, str],
    *,
    known: Collection[str],
    columns: Mapping[str, str],
    naming: Collection[str] = (),
    shown: str,
) -> Rekeyed:
    """
    Return a file of the table *name* with the new *ids* (old → new), all else byte for byte.

    *known* are further names of customers, in lower case; *columns* is `columns:` of
    newsletter.yml. Rows of the history whose practice is in *naming* have an id as their key.
    Raises NewsletterError if a file that is no text would have to change.
    """
    if not is_text(data):
        message = "ids in a workbook or a Parquet file cannot be changed"
        raise NewsletterError.at(message, Place(path=shown), hint="save it as CSV first")
    layout = layout_of(data, TABLE_HEADERS[name], shown=shown)
    whose, keys, practice = _columns(layout, name, columns, shown=shown)
    parts, end, rows, unknown = [layout.text[: layout.start]], layout.start, 0, 0
    for row in _rows(layout):
        cells = [_value(layout.text[a:b]) for a, b in row]
        named = [cells[n] for n in whose if n < len(cells) and cells[n]]
        its_practice = cells[practice] if practice is not None and practice < len(cells) else ""
        spots = (*whose, *(keys if its_practice in naming else ()))
        changed = [n for n in spots if n < len(cells) and cells[n] in ids]
        rows += any(n in whose for n in changed)
        unknown += bool(named) and not any(
            value in ids or value in known or value.lower() in known for value in named
        )
        for n in sorted(changed):
            start, stop = row[n]
            parts += [layout.text[end:start], _written(ids[cells[n]], layout, start)]
            end = stop
    text = "".join([*parts, layout.text[end:]])
    return Rekeyed(_encoded(text, layout.encoding, shown=shown), rows, unknown)


def _columns(
    layout: Layout, name: str, columns: Mapping[str, str], *, shown: str
) -> tuple[list[int], list[int], int | None]:
    """Return the numbers of the columns with customers and keys, and of that with the practice."""
    prefix = f"{name}."
    matches = match_columns(
        layout.headers,
        stated={f.removeprefix(prefix): h for f, h in columns.items() if f.startswith(prefix)},
        program_fields={},
        aliases=TABLE_HEADERS[name],
        findings=Findings(shown=shown),
    )
    fields = [match.field for match in matches]
    numbers = [[n for n, field in enumerate(fields) if field == f] for f in ("customer", "key")]
    return numbers[0], numbers[1], fields.index("practice") if "practice" in fields else None


def _rows(layout: Layout) -> Iterator[list[tuple[int, int]]]:
    """Yield the start and end of each cell in the text, row by row."""
    end = re.escape(layout.delimiter)
    cell = re.compile(rf'("(?:[^"]|"")*"[^\r\n{end}]*|[^\r\n{end}]*)({end}|\r\n|\n|\r|\Z)')
    row: list[tuple[int, int]] = []
    position, text = layout.start, layout.text
    while position < len(text):
        found = cell.match(text, position)
        if found is None:
            return  # an open quote: the rest of the file is one cell
        row.append(found.span(1))
        position = found.end()
        if found[2] != layout.delimiter:
            yield row
            row = []
    if row:
        yield row


def _value(cell: str) -> str:
    """Return what a cell says."""
    text = cell.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1].replace('""', '"').strip()
    return _TEXT_PREFIX.sub("", text)


def _written(key: str, layout: Layout, start: int) -> str:
    """Return an id as a cell: in quotes if the old one had them, or if it must."""
    is_quoted = layout.text[start : start + 1] == '"'
    needs_quotes = any(c in key for c in (layout.delimiter, '"', "\n", "\r"))
    return '"' + key.replace('"', '""') + '"' if is_quoted or needs_quotes else key


def _encoded(text: str, encoding: str, *, shown: str) -> bytes:
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        message = f"a new id cannot be written in {encoding}"
        hint = "save the file as 'CSV UTF-8' first"
        raise NewsletterError.at(message, Place(path=shown), hint=hint) from None
