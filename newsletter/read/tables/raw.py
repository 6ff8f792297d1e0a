"""
A file → its raw table: text cells under the headers of the file, each row with its line number.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from newsletter.errors import NewsletterError, Place
from newsletter.read.tables.delimited import read_delimited
from newsletter.read.tables.excel import read_excel
from newsletter.read.tables.parquet import read_parquet
from newsletter.read.tables.reading import Findings
from newsletter.read.tables.rows import RawTable

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods", ".parquet")
"""Endings of files that can hold a table. What is inside is known from the first bytes."""

MOST_BYTES = 1 << 30
"""A larger file is refused: 1 GiB of CSV is about eight million customers."""

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_OTHER_KINDS = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "a compressed file",
    b"SQLite format 3": "a database",
    b"{\\rtf": "a text document",
    b"<!DOCTYPE": "a web page",
    b"<html": "a web page",
    b"BEGIN:VCARD": "a vCard file",
}


def read_raw(file: Path, known: Collection[str], *, findings: Findings) -> RawTable:
    """
    Return the raw table of *file*.

    *known* are the header keys (aliases.key) by which a header row is told from a title above it.
    Rows of the wrong width go to the findings. Raises NewsletterError if no table can be had at
    all.
    """
    data = _bytes(file, findings.shown)
    if data.startswith(_WORKBOOKS):
        return read_excel(data, known, findings=findings)
    if data.startswith(b"PAR1"):
        return read_parquet(data, findings)
    return read_delimited(data, known, findings=findings)


def _bytes(file: Path, shown: str) -> bytes:
    place = Place(path=shown)
    try:
        size = file.stat().st_size
        if size > MOST_BYTES:
            hint = "split it, or remove columns that newsletters do not need"
            raise NewsletterError.at(f"the file has {size / 1e9:.1f} GB", place, hint=hint)
        data = file.read_bytes()
    except OSError as error:
        raise NewsletterError.at(
            f"the file cannot be opened: {error.strerror}", place, hint="check its name and rights"
        ) from None
    if not data.strip():
        hint = "the first row must hold the names of the columns"
        raise NewsletterError.at("the file is empty", place, hint=hint)
    for start, kind in _OTHER_KINDS.items():
        if data.startswith(start):
            hint = "export the customers as .csv or .xlsx"
            raise NewsletterError.at(f"the file is {kind}, not a table", place, hint=hint)
    return data
