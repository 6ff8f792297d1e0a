"""Numbers with comma or point as decimal sign, decided by the whole column."""

from __future__ import annotations

import polars as pl

from newsletter.read.people.findings import Column, Findings, Reading

_POINT = r"^-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$"
_COMMA = r"^-?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$"
_THOUSANDS = r"^-?[1-9]\d{0,2}[.,]\d{3}$"  # 1.234 and 1,234: one separator, could be either sign
_MONEY = (
    r"(?i)[\s\u{A0}\u{202F}'’_]|[€$£¥₹₺₽₩]|\b(EUR|USD|CHF|GBP|CAD|AUD|SEK|DKK|NOK|PLN|CZK|Fr)\b\.?"
)
_HINT = "write a number such as 1234.50, or leave the cell empty"


def read_number(column: Column, findings: Findings) -> Reading:
    """
    Read amounts: `1.234,50 €`, `$1,234.50`, `-3`, `(12.00)`.

    Values with only one reading decide for the column. If all are like 1.234, the separator is
    taken for thousands (amounts with three decimals are rare), with a remark.
    """
    plain = _plain(column.text)
    comma, sure = _comma_decides(plain)
    values = _values(plain, comma=comma)
    if values.null_count() > column.text.null_count():
        wrong = values.is_null() & column.text.is_not_null()
        findings.bad(column, wrong, what="is not a number", hint=_HINT)
    if not sure:
        example = column.text.filter(plain.str.contains(_THOUSANDS))[0]
        hint = "write 1234 without a separator if that is wrong"
        findings.remark(
            f"column '{column.header}': {example} was read as thousands",
            hint=hint,
            row=findings.header_row,
        )
    return Reading(values, "number (1.234,50)" if comma else "number")


def read_whole_number(column: Column, findings: Findings) -> Reading:
    """Read counts and points."""
    reading = read_number(column, findings)
    broken = (reading.values != reading.values.round(0)).fill_null(False)
    hint = "write it without decimals"
    findings.bad(column, broken, what="is not a whole number", hint=hint)
    whole = reading.values.cast(pl.Int64, strict=False)
    return Reading(whole, reading.description.replace("number", "whole number"))


def read_score(column: Column, findings: Findings) -> Reading:
    """Read a satisfaction score from 0 to 10."""
    reading = read_whole_number(column, findings)
    outside = ((reading.values < 0) | (reading.values > 10)).fill_null(False)
    hint = "write 10 for the best and 0 for the worst"
    findings.bad(column, outside, what="is not a score from 0 to 10", hint=hint)
    return reading


def all_numbers(text: pl.Series) -> bool:
    """Return whether all values are quantities: no leading zero, at most 15 digits."""
    plain = _plain(text).drop_nulls()
    countable = ~plain.str.contains(r"^-?0\d|\d{16}")
    fits = plain.str.contains(_POINT) | plain.str.contains(_COMMA)
    return bool((countable & fits).all())


def _plain(text: pl.Series) -> pl.Series:
    """Return the text without currency and spaces, the minus sign in front."""
    bare = text.str.replace_all(_MONEY, "").str.replace("−", "-")
    return bare.str.replace(r"^\((.*)\)$", "-${1}").str.replace(r"^([^-].*)-$", "-${1}")


def _comma_decides(plain: pl.Series) -> tuple[bool, bool]:
    """Return whether the comma is the decimal sign, and whether that is sure."""
    point, comma = plain.str.contains(_POINT), plain.str.contains(_COMMA)
    only_point, only_comma = (point & ~comma).sum(), (comma & ~point).sum()
    if only_point or only_comma:
        return only_comma > only_point, True
    open_to_both = plain.filter(plain.str.contains(_THOUSANDS))
    if open_to_both.is_empty():
        return False, True
    return bool(open_to_both.str.contains(".", literal=True).all()), False


def _values(plain: pl.Series, *, comma: bool) -> pl.Series:
    fits = plain.str.contains(_COMMA if comma else _POINT)
    if comma:
        number = plain.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    else:
        number = plain.str.replace_all(",", "", literal=True)
    frame = pl.DataFrame({"n": number, "fits": fits})
    read = pl.when("fits").then(pl.col("n").cast(pl.Float64, strict=False))
    return frame.select(read.alias("n")).to_series()
