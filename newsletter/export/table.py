"""Tables as CSV files: one form for programs, one for people with Excel, Word or Calc."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterable, Iterator
from functools import partial

import polars as pl

from newsletter.model.artifact import Artifact
from newsletter.model.key import key_of

# OWASP "CSV injection": what a spreadsheet may take for the beginning of a formula; the last
# four are the full-width forms that some versions treat alike.
_FORMULA = r"^\s*[=+\-@＝＋－＠]"
# A phone number or amount is harmless and must arrive unchanged: +49 30 1234-56, -5.20
_HARMLESS = r"^[+-][0-9][0-9 ().,/\-\u{a0}\u{202f}–]*$"
# Countries whose Windows separates lists by commas; elsewhere the comma stands in the numbers.
_COMMA = {
    "AU", "BD", "CA", "CN", "EG", "GB", "GH", "HK", "IE", "IL", "IN", "JP", "KE", "KR", "LK", "MT",
    "MX", "MY", "NG", "NZ", "PH", "SG", "TH", "TW", "US",
}  # fmt: skip


_TEXTS = (pl.String, pl.Categorical, pl.List)


def machine_file(path: str, frame: pl.DataFrame) -> Artifact:
    """Return a table as a file for programs."""
    return Artifact(path, partial(machine_csv, [frame]), key_of("machine", frame))


def excel_file(path: str, frame: pl.DataFrame, *, country: str) -> Artifact:
    """Return a table as a file for people, whose Excel is that of *country*."""
    return Artifact(path, partial(excel_csv, [frame], country=country), key_of(frame, country))


def machine_csv(frames: Iterable[pl.DataFrame]) -> Iterator[bytes]:
    """
    Yield the table for programs (RFC 4180): UTF-8, no byte order mark, all quoted, CRLF.

    *frames* are its rows in one or more pieces of the same columns. Texts are unchanged; a yes is
    `1`, a no or a missing value empty, a list joined by `, `.
    """
    for number, frame in enumerate(frames):
        yield csv_bytes(_as_text(frame), separator=",", header=number == 0)


def excel_csv(frames: Iterable[pl.DataFrame], *, country: str) -> Iterator[bytes]:
    """
    Yield the table for people: with a byte order mark, and separated as Excel does in *country*.

    There is no `sep=` line: Word and Calc would take it for the header, and Excel then forgets
    that the file is UTF-8. Texts that could be formulas begin with an apostrophe. Phone numbers
    and amounts do not: they can do no harm. Excel drops their leading zeros, unless the file is
    imported with its columns as text.
    """
    separator = excel_separator(country)
    yield codecs.BOM_UTF8
    for number, frame in enumerate(frames):
        texts = [name for name, kind in frame.schema.items() if kind in _TEXTS]
        disarmed = _as_text(frame).with_columns(_disarmed(name) for name in texts)
        yield csv_bytes(disarmed, separator=separator, header=number == 0)


def excel_separator(country: str) -> str:
    """Return what separates the cells of a CSV file that Excel opens in *country*."""
    return "," if country in _COMMA else ";"


def _as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Return every column as the text of its cells; missing values are empty."""
    columns = [_text(name, kind) for name, kind in frame.schema.items()]
    return frame.select(column.fill_null("") for column in columns)


def _text(name: str, kind: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if kind == pl.Boolean:
        return pl.when(column).then(pl.lit("1")).otherwise(pl.lit("")).alias(name)
    if kind == pl.List:
        return column.cast(pl.List(pl.String)).list.join(", ")
    if kind.is_float():
        return column.fill_nan(None).cast(pl.String).str.replace(r"\.0$", "")
    return column.cast(pl.String)


def _disarmed(name: str) -> pl.Expr:
    column = pl.col(name)
    dangerous = column.str.contains(_FORMULA) & ~column.str.contains(_HARMLESS)
    return (
        pl.when(dangerous).then(pl.concat_str(pl.lit("'"), column)).otherwise(column).alias(name)
    )


def csv_bytes(frame: pl.DataFrame, *, separator: str, header: bool) -> bytes:
    """Return a table of texts as CSV (RFC 4180), all cells quoted, with its header or without."""
    buffer = io.BytesIO()
    frame.write_csv(
        buffer,
        include_header=header,
        separator=separator,
        quote_style="always",
        line_terminator="\r\n",
    )
    return buffer.getvalue()
