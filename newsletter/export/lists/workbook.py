"""A work list as a workbook for Excel and Calc, with lists to choose from and a print layout."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import polars as pl

from newsletter.model.tables import FILLED_IN, TO_DO
from newsletter.read.list_words import day_messages_in, outcomes_in

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_WIDTHS = {
    "done": 6,
    "date": 11,
    "outcome": 14,
    "again": 11,
    "remark": 16,
    "reason": 14,
    "promise": 14,
    "promised_by": 11,
    "customer": 9,
    "name": 17,
    "title": 15,
    "channel": 12,
    "phone": 16,
    "words": 38,
    "prompts": 22,
    "because": 22,
    "key": 12,
    "code": 14,
}
"""In characters of the body's font."""
_HIDDEN = ("practice", "prompt_keys", "entry", "list")
"""Columns that only `record` reads."""
_DAYS = ("date", "again", "promised_by")
_UNPRINTED = 5
"""Columns at the end that nobody needs on paper."""
_LEAST_HEIGHT, _LINE_HEIGHT = 30, 13.5
"""Points: room to write by hand, and a line of the font below."""
_TEXT, _DAY = "@", "yyyy-mm-dd"
_FONT = {"font_name": "Calibri", "font_size": 10, "valign": "top", "text_wrap": True}
_HEAD = _FONT | {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1D3B63", "border": 1}
_LINE = {"bottom": 1, "bottom_color": "#E4D6C3"}
_TO_FILL = {"bg_color": "#FDF6EA", "border": 1, "border_color": "#E4D6C3"}


def can_write() -> bool:
    """Return whether XlsxWriter is installed."""
    return find_spec("xlsxwriter") is not None


def excel_workbook(frame: pl.DataFrame, *, title: str, day: dt.date, language: str) -> bytes:
    """
    Return the list as .xlsx; the same list gives the same bytes, because no time is written.

    Every cell is text: phone numbers, postcodes and keys stay unchanged, and nothing is a formula.
    Cells to fill in offer the values that `record` reads, with outcomes in *language*. The
    columns of *frame* are those of FILLED_IN and TO_DO, with headers in any language.
    """
    import xlsxwriter  # noqa: PLC0415 - an extra

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties(
            {"title": title, "created": dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)}
        )
        sheet = book.add_worksheet(f"{day}")
        _fill(book, sheet, frame)
        _offer(sheet, last=max(frame.height, 1), language=language)
        _set_up_print(sheet, title=title, columns=frame.width)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, frame.height, frame.width - 1)
    return buffer.getvalue()


def text_workbook(table: pl.DataFrame, *, sheet: str, day: dt.date) -> bytes:
    """Return a table of texts as .xlsx, without any look, for a program that reads it."""
    import xlsxwriter  # noqa: PLC0415 - an extra

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        created = dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
        book.set_properties({"created": created})
        page, look = book.add_worksheet(sheet), book.add_format({"num_format": _TEXT})
        page.set_column(0, max(table.width - 1, 0), 16, look)
        for number, row in enumerate([tuple(table.columns), *table.iter_rows()]):
            for column, text in enumerate(row):
                if text:
                    page.write_string(number, column, text, look)
        page.freeze_panes(1, 0)
    return buffer.getvalue()


def _fill(book: Workbook, sheet: Worksheet, frame: pl.DataFrame) -> None:
    fields = (*FILLED_IN, *TO_DO)
    head = book.add_format(_HEAD)
    sheet.set_row(0, _LEAST_HEIGHT)
    for number, header in enumerate(frame.columns):
        field = fields[number]
        look = _look(book, field)
        options = {"hidden": 1} if field in _HIDDEN else {}
        sheet.set_column(number, number, _WIDTHS.get(field, 10), look, options)
        sheet.write_string(0, number, header, head)
        for row, text in enumerate(frame[header], start=1):
            if text:
                sheet.write_string(row, number, text, look)
            else:
                sheet.write_blank(row, number, None, look)
    for row, texts in enumerate(frame.iter_rows(), start=1):
        sheet.set_row(row, _height(texts, fields))


def _height(texts: Sequence[str], fields: Sequence[str]) -> float:
    """Return the height of a row in points; programs make wrapped text differently high."""
    pairs = [(text, _WIDTHS[f]) for text, f in zip(texts, fields, strict=True) if f in _WIDTHS]
    lines = max(-(-len(text) * 11 // (width * 10)) for text, width in pairs)
    return max(_LEAST_HEIGHT, lines * _LINE_HEIGHT + 3)


def _look(book: Workbook, field: str) -> Format:
    number = _DAY if field in _DAYS else _TEXT
    look: dict[str, Any] = _FONT | {"num_format": number}
    look |= _TO_FILL if field in FILLED_IN else _LINE
    return book.add_format(look | ({"align": "center"} if field == "done" else {}))


def _offer(sheet: Worksheet, *, last: int, language: str) -> None:
    """Offer the values that `record` understands in each cell to fill in."""
    for field, source in (("done", ["x"]), ("outcome", [*outcomes_in(language).values()])):
        column = FILLED_IN.index(field)
        rule: dict[str, Any] = {"validate": "list", "source": source, "error_type": "warning"}
        sheet.data_validation(1, column, last, column, rule)
    messages = day_messages_in(language)
    for field in _DAYS:
        column = FILLED_IN.index(field)
        rule = {
            "validate": "date",
            "criteria": ">=",
            "value": dt.date(2000, 1, 1),
            "error_type": "warning",
            "error_title": messages["title"],
            "error_message": messages["message"],
        }
        sheet.data_validation(1, column, last, column, rule)


def _set_up_print(sheet: Worksheet, *, title: str, columns: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.print_area(0, 0, sheet.dim_rowmax or 0, columns - 1 - _UNPRINTED)
    shown = title.replace("&", "&&")
    sheet.set_header(f"&L&10{shown}"[:255])
    sheet.set_footer("&L&8newsletter record --plan FILE&R&8&P / &N")
