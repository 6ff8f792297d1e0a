"""The table of a mail merge: contacts.xlsx for Word, contacts.ods for LibreOffice; all text."""

from __future__ import annotations

import datetime as dt

import polars as pl

from newsletter.export.lists.workbook import text_workbook
from newsletter.export.merge_letters.opendocument import SHEET, archive, root, tag, words

SHEET_NAME = "contacts"


def xlsx(table: pl.DataFrame, *, day: dt.date) -> bytes:
    """Return the table as a workbook."""
    return text_workbook(table, sheet=SHEET_NAME, day=day)


def ods(table: pl.DataFrame) -> bytes:
    """Return the table as an OpenDocument spreadsheet."""
    rows = [table.columns, *table.iter_rows()]
    column = tag("table:table-column", {"table:number-columns-repeated": table.width})
    lines = [tag("table:table-row", {}, *map(_cell, row)) for row in rows]
    sheet = tag("table:table", {"table:name": SHEET_NAME}, column, *lines)
    body = tag("office:body", {}, tag("office:spreadsheet", {}, sheet))
    return archive(SHEET, {"content.xml": root("office:document-content", body)})


def _cell(text: str) -> str:
    if not text:
        return tag("table:table-cell")
    return tag("table:table-cell", {"office:value-type": "string"}, tag("text:p", {}, words(text)))
