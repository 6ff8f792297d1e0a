"""Reads workbooks (.xlsx, .xls, .ods): picks the sheet and header row that look like the table."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    ZipError,
)

from newsletter.errors import NewsletterError, Place
from newsletter.read.people.findings import ROW, Findings
from newsletter.read.people.raw_tables import (
    RawTable,
    header_index,
    headers_of,
    raw_table,
)
from newsletter.read.people.sheet_parts import (
    Extent,
    PaddedError,
    check_texts,
    extent_of_ods,
    look_into,
    sheets_of_xlsx,
)
from newsletter.read.people.sheets import (
    Rows,
    candidates,
    chosen_sheet,
    kind_of_sheet,
    stated_sheet,
)

MOST_UNPACKED = 1 << 30
MOST_MEMBERS = 10_000
"""A workbook that unpacks to more (a zip bomb, or a file for another tool) is refused."""
MOST_CELLS = 20_000_000
"""
Of all sheets that are read, empty cells included: the reader makes room for the whole rectangle
up to the last cell, about 50 bytes for an empty cell and 150 for a filled one.
"""
MANY_ROWS = 100_000
"""A workbook with more takes so long that a remark says how it goes faster."""
_DAMAGED = (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError)

Merge = tuple[tuple[int, int], tuple[int, int]]
"""The first and the last cell of a merged rectangle: row and column, from 0."""
Cell = float | bool | str | dt.time | dt.date | dt.datetime | dt.timedelta


@dataclass(frozen=True)
class SheetChoice:
    """Which sheet of a workbook is wanted."""

    table: str
    """Of TABLES, or `customers`."""
    wanted: str = ""
    """The name of the sheet; empty: the one that looks like the table."""
    ask: bool = True
    """Whether several that look like it are a problem; otherwise the first is read."""


def read_excel(
    data: bytes, header_keys: Collection[str], choice: SheetChoice, *, findings: Findings
) -> RawTable:
    """Return the raw table of a workbook. Raises NewsletterError if it has none."""
    place = Place(path=findings.shown)
    try:
        archive = _archive(data, place)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = _names(workbook, choice, place)
        formulas = _look_into(archive, names, place)
        read = {name: workbook.get_sheet_by_name(name) for name in names}
        sheets = {name: _rows(sheet) for name, sheet in read.items()}
    except PasswordError:
        hint = "save a copy without password"
        raise NewsletterError.at("the workbook has a password", place, hint=hint) from None
    except PaddedError as error:
        message = f"the workbook has millions of bytes in {error} that are no cells"
        hint = "copy the list into a new workbook, or save it as .csv"
        raise NewsletterError.at(message, place, hint=hint) from None
    except (CalamineError, ZipError, *_DAMAGED) as error:
        message = f"the workbook cannot be read: {error}"
        hint = "open it in Excel or LibreOffice and save it again as .xlsx"
        raise NewsletterError.at(message, place, hint=hint) from None
    filled = {name: rows for name, rows in sheets.items() if any(map(any, rows))}
    if not filled:
        raise _empty(workbook, place)
    name = chosen_sheet(filled, header_keys, table=choice.table, ask=choice.ask, findings=findings)
    _remark_formulas(formulas.get(name, ()), findings)
    others = [other for other in workbook.sheet_names if other != name]
    lists = tuple(other for other in others if kind_of_sheet(other) == "suppressed")
    merged = read[name].merged_cell_ranges or ()
    table = _table(filled[name], header_keys, merged=merged, findings=findings)
    _remark_many(len(filled[name]), findings)
    if not choice.wanted:
        _remark_others(name, [other for other in others if other not in lists], findings)
    return replace(table, suppression_sheets=lists)


def _names(workbook: CalamineWorkbook, choice: SheetChoice, place: Place) -> list[str]:
    """Return the sheets to look at."""
    if choice.wanted:
        return [stated_sheet(choice.wanted, workbook.sheet_names, place)]
    visible = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    ]
    return candidates(visible, choice.table)


def _empty(workbook: CalamineWorkbook, place: Place) -> NewsletterError:
    others = ", ".join(f"'{name}'" for name in workbook.sheet_names)
    if len(workbook.sheet_names) == 1 and not kind_of_sheet(workbook.sheet_names[0]):
        hint = "the first row must hold the names of the columns"
        return NewsletterError.at("the workbook is empty", place, hint=hint)
    hint = "show the right sheet and name it after what it holds, or save it as a file of its own"
    message = f"none of the sheets {others} is visible and holds the table"
    return NewsletterError.at(message, place, hint=hint)


def _archive(data: bytes, place: Place) -> zipfile.ZipFile | None:
    """Return the parts of an .xlsx or .ods; raise if they are too large to be opened."""
    if not data.startswith(b"PK"):
        return None  # an .xls has at most 65,536 rows and 256 columns
    archive = zipfile.ZipFile(io.BytesIO(data))
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    if unpacked > MOST_UNPACKED or len(members) > MOST_MEMBERS:
        message = f"the workbook unpacks to {unpacked / 1e9:.1f} GB in {len(members):,} parts"
        hint = "save the customers alone as .csv"
        raise NewsletterError.at(message, place, hint=hint)
    if "content.xml" in archive.namelist():
        _check_extent({"": extent_of_ods(archive)}, place)
    check_texts(archive)
    return archive


def _look_into(
    archive: zipfile.ZipFile | None, names: Collection[str], place: Place
) -> Mapping[str, Sequence[str]]:
    """Return the formulas without a result of each sheet; raise if they take too much memory."""
    parts = sheets_of_xlsx(archive) if archive else {}
    looks = {
        name: look_into(archive, part, MOST_CELLS)
        for name, part in parts.items()
        if archive and name in names
    }
    _check_extent({name: extent for name, (extent, _) in looks.items()}, place)
    return {name: formulas for name, (_, formulas) in looks.items()}


def _check_extent(extents: Mapping[str, Extent], place: Place) -> None:
    if sum(extent.cells for extent in extents.values()) <= MOST_CELLS:
        return
    name, extent = max(extents.items(), key=lambda item: item[1].cells)
    sheet = f"the sheet '{name}'" if name else "a sheet"
    message = (
        f"{sheet} reaches to cell {extent.last}, which makes {extent.cells:,} cells; "
        f"at most {MOST_CELLS:,} can be read"
    )
    hint = (
        "delete the rows and columns beyond the list, even if they look empty (Ctrl+End shows "
        "the last cell), and save; or copy the list into a new workbook"
    )
    raise NewsletterError.at(message, place, hint=hint)


def _rows(sheet: CalamineSheet) -> Rows:
    """Return the cells from A1 on as texts, row by row, so that Ctrl-C is answered."""
    before = [""] * (sheet.start or (0, 0))[1]
    rows = (
        [cell if type(cell) is str else _text(cell) for cell in row] for row in sheet.iter_rows()
    )
    return [before + row for row in rows] if before else list(rows)


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
    rows: Rows, header_keys: Collection[str], *, merged: Collection[Merge], findings: Findings
) -> RawTable:
    head = header_index(rows, header_keys)
    findings.header_row = head + 1
    _fill_merged(rows, [merge for merge in merged if merge[0][0] > head], findings)
    return raw_table(_frame(rows, head, findings=findings), findings)


def _fill_merged(rows: Rows, merged: Collection[Merge], findings: Findings) -> None:
    """Write the value of cells merged over several rows into each of these rows."""
    filled = [
        (top, bottom, column)
        for (top, column), (bottom, _) in merged
        if bottom > top and top < len(rows) and rows[top][column : column + 1] not in ([], [""])
    ]
    for top, bottom, column in filled:
        for row in rows[top + 1 : bottom + 1]:
            row[column] = rows[top][column]
    if filled:
        top, bottom, _ = min(filled)
        message = f"merged cells give their value to each of their rows, such as {top + 1} to "
        hint = "unmerge them and fill each row if that is wrong"
        findings.remark(f"{message}{bottom + 1}", hint=hint, row=top + 1)


def _remark_formulas(formulas: Sequence[str], findings: Findings) -> None:
    if formulas:
        several = f"{len(formulas):,} formulas have" if formulas[1:] else "a formula has"
        message = (
            f"{several} no stored result, so empty cells were read: {', '.join(formulas[:5])}"
        )
        hint = "open the workbook in Excel or LibreOffice and save it, which stores the results"
        findings.remark(f"{message}{' …' if formulas[5:] else ''}", hint=hint)


def _remark_many(rows: int, findings: Findings) -> None:
    if rows > MANY_ROWS:
        message = f"the workbook has {rows:,} rows, which take longer to read than those of a .csv"
        findings.remark(message, hint="save the list as 'CSV UTF-8', and use that file")


def _remark_others(name: str, others: Sequence[str], findings: Findings) -> None:
    if others:
        listed = ", ".join(f"'{other}'" for other in others)
        message = f"the sheet '{name}' was read, not {listed}"
        findings.remark(message, hint="write sheet: in newsletter.yml if that is wrong")


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
