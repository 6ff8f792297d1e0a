"""Reads workbooks (.xlsx, .xls, .ods): picks the sheet and header row that look like the table."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Collection, Sequence

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, ZipError

from newsletter.errors import NewsletterError, Place
from newsletter.read.people.findings import ROW, Findings
from newsletter.read.people.raw_tables import (
    RawTable,
    header_index,
    header_score,
    headers_of,
    raw_table,
)

MOST_UNPACKED = 1 << 30
MOST_MEMBERS = 10_000
"""A workbook that unpacks to more (a zip bomb, or a file for another tool) is refused."""

Cell = float | bool | str | dt.time | dt.date | dt.datetime | dt.timedelta
Rows = list[list[str]]


def read_excel(data: bytes, header_keys: Collection[str], *, findings: Findings) -> RawTable:
    """Return the raw table of a workbook. Raises NewsletterError if it has none."""
    place = Place(path=findings.shown)
    _check_size(data, place)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = {
            name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in workbook.sheet_names
        }
    except PasswordError:
        hint = "save a copy without password"
        raise NewsletterError.at("the workbook has a password", place, hint=hint) from None
    except (CalamineError, ZipError) as error:
        message = f"the workbook cannot be read: {error}"
        hint = "open it in Excel or LibreOffice and save it again as .xlsx"
        raise NewsletterError.at(message, place, hint=hint) from None
    return _table(_filled(sheets), header_keys, findings=findings)


def _check_size(data: bytes, place: Place) -> None:
    if not data.startswith(b"PK"):
        return
    try:
        members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except zipfile.BadZipFile:
        return  # the reader itself reports this better
    unpacked = sum(member.file_size for member in members)
    if unpacked > MOST_UNPACKED or len(members) > MOST_MEMBERS:
        message = f"the workbook unpacks to {unpacked / 1e9:.1f} GB in {len(members):,} parts"
        hint = "save the customers alone as .csv"
        raise NewsletterError.at(message, place, hint=hint)


def _filled(sheets: dict[str, list[list[Cell]]]) -> dict[str, Rows]:
    texts = {
        name: [[_text(cell) for cell in row] for row in rows] for name, rows in sheets.items()
    }
    return {name: rows for name, rows in texts.items() if any(map(any, rows))}


def _text(cell: Cell) -> str:
    """Return the cell as a CSV would contain it: whole numbers without `.0`, dates in ISO form."""
    match cell:
        case bool():
            return "yes" if cell else "no"
        case int() | float():
            return _digits(cell)
        case dt.datetime():
            midnight = cell.time() == dt.time()
            return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
        case dt.date() | dt.time():
            return cell.isoformat()
    return str(cell)


def _digits(number: float) -> str:
    """Return the number with a point; a fourth decimal tells 1.234 from thousands."""
    if float(number).is_integer():
        return str(int(number))
    text = repr(float(number))
    return f"{text}0" if len(text.rpartition(".")[2]) == 3 else text


def _table(
    sheets: dict[str, Rows], header_keys: Collection[str], *, findings: Findings
) -> RawTable:
    if not sheets:
        hint = "the first row must hold the names of the columns"
        raise NewsletterError.at("the workbook is empty", Place(path=findings.shown), hint=hint)
    heads = {name: header_index(rows, header_keys) for name, rows in sheets.items()}
    name = max(sheets, key=lambda n: header_score(sheets[n][heads[n]], header_keys))
    rows, head = sheets[name], heads[name]
    if len(sheets) > 1:
        others = ", ".join(f"'{other}'" for other in sheets if other != name)
        message = f"the sheet '{name}' was read, not {others}"
        findings.remark(message, hint="put the customers first if that is wrong", row=head + 1)
    return raw_table(_frame(rows, head, findings=findings), findings)


def _frame(rows: Rows, head: int, *, findings: Findings) -> pl.DataFrame:
    below = rows[head + 1 :]
    used = _used(rows[head], below)
    headers = headers_of([rows[head][i] for i in used], shown=findings.shown)
    columns = {header: [row[i] for row in below] for header, i in zip(headers, used, strict=True)}
    schema = dict.fromkeys(headers, pl.String())
    lines = pl.int_range(head + 2, head + 2 + len(below), dtype=pl.UInt32, eager=True)
    return pl.DataFrame(columns, schema=schema).with_columns(lines.alias(ROW))


def _used(header: Sequence[str], below: Rows) -> list[int]:
    """Return the indexes of columns with any text: sheets extend beyond their last used column."""
    return [i for i, cell in enumerate(header) if cell.strip() or any(row[i] for row in below)]
