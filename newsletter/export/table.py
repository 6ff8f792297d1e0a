"""Tables as CSV files: one form for programs, one for people with Excel, Word or Calc."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence

Row = Sequence[object]
"""Cells of a row: text, numbers, dates, yes or no, lists, or None."""

# OWASP "CSV injection": what a spreadsheet may take for the beginning of a formula; the last
# four are the full-width forms that some versions treat alike.
_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
# A phone number or amount cannot do harm and must arrive as it is: +49 30 1234-56, -5.20
_HARMLESS = re.compile(r"[+-][0-9][0-9 ().,/\-\u00a0\u202f–]*")
# Countries whose Windows separates lists by commas; elsewhere the comma stands in the numbers.
_COMMA = {
    "AU", "BD", "CA", "CN", "EG", "GB", "GH", "HK", "IE", "IL", "IN", "JP", "KE", "KR", "LK", "MT",
    "MX", "MY", "NG", "NZ", "PH", "SG", "TH", "TW", "US",
}  # fmt: skip


def machine_csv(rows: Iterable[Row]) -> bytes:
    """
    Return the table for programs (RFC 4180): UTF-8, no byte order mark, all quoted, CRLF.

    *rows* begins with the header. Texts are unchanged; a yes is `1`, a no or None is empty, a
    list is joined by `, `.
    """
    return _csv((map(_text, row) for row in rows), separator=",").encode()


def excel_csv(rows: Iterable[Row], *, country: str = "US") -> bytes:
    """
    Return the table for people: with a byte order mark, and separated as Excel does in *country*.

    There is no `sep=` line: Word and Calc would take it for the header, and Excel then forgets
    that the file is UTF-8. Texts that could be formulas begin with an apostrophe, but for phone
    numbers and amounts, with which nothing worse can happen than that they are counted. Excel
    drops leading zeros all the same, unless the file is imported with its columns as text.
    """
    separator = "," if country in _COMMA else ";"
    return _csv((map(_disarmed, row) for row in rows), separator=separator).encode("utf-8-sig")


def _csv(rows: Iterable[Iterator[str]], *, separator: str) -> str:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(
        rows
    )
    return file.getvalue()


def _disarmed(value: object) -> str:
    text = _text(value)
    if isinstance(value, (int, float)) or not _FORMULA.match(text) or _HARMLESS.fullmatch(text):
        return text
    return f"'{text}"


def _text(value: object) -> str:
    if value is None or isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_text, value))
    return str(value)
