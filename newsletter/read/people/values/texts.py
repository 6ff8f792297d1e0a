"""Text: refused where it could break a header or reorder what is printed beside it."""

from __future__ import annotations

import polars as pl

from newsletter.read.people.findings import Column, Findings, Reading

# C0, C1, line and paragraph separators; bidirectional overrides and isolates, which reorder the
# text around a name.
_INVISIBLE = r"\u{2028}\u{2029}\u{202A}-\u{202E}\u{2066}-\u{2069}"
_CONTROLS = rf"[\x00-\x1F\x7F-\x9F{_INVISIBLE}]"
_CONTROLS_BUT_BREAKS = rf"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F{_INVISIBLE}]"
# Some mail programs decode `=?utf-8?…` first and parse the header after, so it could add
# recipients.
_ENCODED_WORD = "=?"


def read_text(column: Column, findings: Findings) -> Reading:
    """Read text of one line."""
    _refuse(column, findings, pattern=_CONTROLS)
    return Reading(column.text, "text")


def read_name(column: Column, findings: Findings) -> Reading:
    """Read what will stand in a header: a name, a title, a company. Never split, never recased."""
    _refuse(column, findings, pattern=_CONTROLS)
    encoded = column.text.str.contains(_ENCODED_WORD, literal=True)
    hint = "write the name in plain letters"
    findings.bad(column, encoded.fill_null(False), what="holds '=?', as if encoded", hint=hint)
    return Reading(column.text, "text")


def read_long_text(column: Column, findings: Findings) -> Reading:
    """Read text that may have several lines."""
    _refuse(column, findings, pattern=_CONTROLS_BUT_BREAKS)
    return Reading(column.text.str.replace_all("\r\n?", "\n"), "text")


def read_address(column: Column, findings: Findings) -> Reading:
    """Read a line of a postal address; line breaks within it become commas."""
    text = column.text.str.replace_all(r"\s*[\r\n]+\s*", ", ")
    return read_text(Column(column.header, text, column.rows), findings)


def read_code(column: Column, findings: Findings) -> Reading:
    """
    Read a number that is none (customer, phone, postcode), without the apostrophe that Excel reads
    as `text`.
    """
    text = column.text.str.replace(r"^'([+\d(])", "${1}")
    return read_text(Column(column.header, text, column.rows), findings)


def read_list(column: Column, findings: Findings, *, lower: bool) -> Reading:
    """
    Read several values in one cell, separated by comma, semicolon, bar, line break or Google's
    `:::`.
    """
    _refuse(column, findings, pattern=_CONTROLS_BUT_BREAKS)
    text = column.text.str.to_lowercase() if lower else column.text
    element = pl.element().str.strip_chars(' "*')  # Mailchimp quotes tags, Google stars groups
    frame = pl.DataFrame({"v": text.str.replace_all(r"\s*(:::|[,;|\r\n]+)\s*", "|")})
    parts = pl.col("v").str.split("|").list.eval(element.filter(element.str.len_bytes() > 0))
    unique = parts.list.unique(maintain_order=True)
    values = frame.select(pl.when(unique.list.len() > 0).then(unique).alias("v")).to_series()
    return Reading(values, "list")


def _refuse(column: Column, findings: Findings, *, pattern: str) -> None:
    is_bad = column.text.str.contains(pattern).fill_null(False)
    if is_bad.any():
        hint = "retype the cell; it was probably pasted from elsewhere"
        findings.bad(column, is_bad, what="holds a control character", hint=hint)
