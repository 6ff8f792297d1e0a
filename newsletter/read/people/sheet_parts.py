"""Looks into closed workbooks: how far their sheets reach, which formulas have no result."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

MOST_BETWEEN = 32 << 20
"""Bytes of a part beside its tags, which no list of customers has."""
_OF_TAG = 1000
"""Bytes that each tag of it adds."""
_PIECE = 1 << 20
_BEGINNING = 1 << 16
"""So many bytes of a sheet have its first tags."""
_ODS_TAG = re.compile(
    rb"<table:(table|table-row|covered-table-cell|table-cell)(?=[\s/>])([^>]*?)(/?)>"
)
_ODS_REPEATED = re.compile(rb'number-(?:rows|columns)-repeated="(\d{1,9})"')


class PaddedError(Exception):
    """A part of a workbook is long, but holds next to nothing."""


@dataclass(frozen=True)
class Extent:
    """The rectangle from A1 that a reader makes room for."""

    rows: int = 0
    columns: int = 0

    @property
    def cells(self) -> int:
        """The number of cells, empty ones included."""
        return self.rows * self.columns

    @property
    def last(self) -> str:
        """The name of the last cell, such as `XFD60000`."""
        letters, number = "", self.columns
        while number:
            number, letter = divmod(number - 1, 26)
            letters = chr(ord("A") + letter) + letters
        return f"{letters}{self.rows}"

    def with_cell(self, row: int, column: int) -> Extent:
        """Return the rectangle with this cell in it."""
        return Extent(max(self.rows, row), max(self.columns, column))


def sheets_of_xlsx(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return name of sheet → its part in an .xlsx; empty for other kinds of workbook."""
    book, links = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
    parts = archive.namelist()
    if book not in parts or links not in parts:
        return {}
    targets = {
        link.get("Id"): f"xl/{link.get('Target', '').removeprefix('/xl/')}"
        for link in _attributes(archive.read(links), "Relationship")
    }
    sheets = {
        sheet.get("name", ""): targets.get(sheet.get("id"), "")
        for sheet in _attributes(archive.read(book), "sheet")
    }
    return {name: part for name, part in sheets.items() if part in parts}


def _attributes(xml: bytes, name: str) -> Iterator[dict[str, str]]:
    """Yield the attributes of each tag of this name; prefixes are left out."""
    for tag in re.finditer(rf"<(?:\w+:)?{name}\s[^>]*>", xml.decode(errors="replace")):
        found = re.findall(r"""([\w]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag[0])
        yield {attribute: html.unescape(one or other) for attribute, one, other in found}


def look_into(archive: zipfile.ZipFile, part: str, most: int) -> tuple[Extent, list[str]]:
    """
    Return how far the cells of an .xlsx sheet reach, and its formulas without a stored result.

    Only beyond *most* cells are those without a value left aside, because that takes longer.
    """
    tags = _Tags.of(archive, part)
    rows, columns = 0, {b""}
    formulas: list[str] = []
    for piece in _pieces(archive, part, tags.cell):
        for row in piece.split(tags.row_end):
            if last := tags.named.match(row, max(row.rfind(tags.cell), 0)):
                rows = max(rows, int(last[2]))
                columns.add(last[1])
        if tags.formula in piece:
            formulas += _without_results(piece, tags)
    reached = Extent(rows, max(map(_column, columns)))
    return (reached if reached.cells <= most else _filled(archive, part, tags)), formulas


@dataclass(frozen=True)
class _Tags:
    """How a sheet writes its tags: some programs write a prefix such as `x:` before each name."""

    cell: bytes
    formula: bytes
    row_end: bytes
    named: re.Pattern[bytes]
    """A cell with its name."""
    empty: re.Pattern[bytes]
    """The end of a formula without a result, and of its cell."""

    @classmethod
    def of(cls, archive: zipfile.ZipFile, part: str) -> _Tags:
        with archive.open(part) as stream:
            found = re.search(rb"<(\w+:)?sheetData\b", stream.read(_BEGINNING))
        begin = b"<" + ((found and found[1]) or b"")
        end = begin.replace(b"<", b"</")
        no_value = rb"(?:%bv\s*/>|%bv>\s*%bv>)?" % (begin, begin, end)
        return cls(
            cell=begin + b"c ",
            formula=begin + b"f",
            row_end=end + b"row>",
            named=re.compile(begin + rb'c\s[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"'),
            empty=re.compile(rb"(?:%bf>|%bf\s[^>]*/>)%b%bc>" % (end, begin, no_value, end)),
        )


def _filled(archive: zipfile.ZipFile, part: str, tags: _Tags) -> Extent:
    """Return how far the cells with a value reach."""
    filled = re.compile(tags.named.pattern + rb"(?:[^>]*[^>/])?>(?!</)")
    reached = Extent()
    for piece in _pieces(archive, part, tags.cell):
        for found in filled.finditer(piece):
            reached = reached.with_cell(int(found[2]), _column(found[1]))
    return reached


def _without_results(piece: bytes, tags: _Tags) -> Iterator[str]:
    for found in tags.empty.finditer(piece):
        name = tags.named.match(piece, max(piece.rfind(tags.cell, 0, found.start()), 0))
        yield b"".join(name.groups()).decode() if name else ""


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def check_texts(archive: zipfile.ZipFile) -> None:
    """Raise PaddedError if a part of an .xlsx that all its sheets share is padded."""
    for part, tag in _SHARED.items():
        if part in archive.namelist() and archive.getinfo(part).file_size > MOST_BETWEEN:
            for _ in _pieces(archive, part, tag):
                pass


_SHARED = {
    "xl/workbook.xml": b"<sheet ",
    "xl/_rels/workbook.xml.rels": b"<Relationship ",
    "xl/styles.xml": b"<xf ",
    "xl/sharedStrings.xml": b"si>",
}
"""Part of an .xlsx → a tag that it consists of, or how one ends."""


def _pieces(archive: zipfile.ZipFile, part: str, tag: bytes) -> Iterator[bytes]:
    """
    Yield a part of the archive in pieces that begin with *tag*, but for the first.

    Raises:
        PaddedError: if it is too long for so few tags.
    """
    rest, left = b"", MOST_BETWEEN
    with archive.open(part) as stream:
        while more := stream.read(max(_PIECE, len(rest))):
            left += more.count(tag) * _OF_TAG - len(more)
            if left < 0:
                raise PaddedError(part)
            whole = rest + more
            end = max(whole.rfind(tag), 0)
            yield whole[:end]
            rest = whole[end:]
    yield rest


def extent_of_ods(archive: zipfile.ZipFile) -> Extent:
    """Return how far the cells reach in the largest sheet of an .ods, repeated ones included."""
    largest = reached = Extent()
    row = column = height = 0
    for piece in _pieces(archive, "content.xml", b"<table:"):
        for tag in _ODS_TAG.finditer(piece):
            times = int(repeated[1]) if (repeated := _ODS_REPEATED.search(tag[2])) else 1
            if tag[1] == b"table":
                reached, row, height = Extent(), 0, 0
            elif tag[1] == b"table-row":
                row, column, height = row + height, 0, times
            else:
                column += times
                if not tag[3] or b"office:value" in tag[2]:
                    reached = reached.with_cell(row + height, column)
                    largest = max(largest, reached, key=lambda extent: extent.cells)
    return largest
