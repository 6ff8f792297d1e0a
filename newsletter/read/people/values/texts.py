"""Text and email addresses; characters that could break a header or reorder a line are refused."""

from __future__ import annotations

from typing import Any

import polars as pl

from newsletter.model.domains import ascii_domain
from newsletter.read.people.findings import (
    Column,
    Findings,
    Reading,
    counted_words,
    quoted,
    remark_each,
)
from newsletter.read.yaml import packaged_yaml

# C0, C1, line and paragraph separators; bidirectional overrides and isolates, which reorder the
# text around a name.
_BREAKING = r"\u{2028}\u{2029}\u{202A}-\u{202E}\u{2066}-\u{2069}"
_CONTROLS = rf"[\x00-\x1F\x7F-\x9F{_BREAKING}]"
_CONTROLS_BUT_BREAKS = rf"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F{_BREAKING}]"
UNSAFE = rf"{_CONTROLS}|=\?"
"""Characters refused in names, texts and addresses; columns without them need no checks."""
INVISIBLE = (
    r"[\u{AD}\u{34F}\u{61C}\u{115F}\u{1160}\u{17B4}\u{17B5}\u{180B}-\u{180F}\u{200B}\u{200E}\u{200F}"
    r"\u{202A}-\u{202E}\u{2060}-\u{2064}\u{2066}-\u{206F}\u{3164}\u{FEFF}\u{FFA0}\u{FFF9}-\u{FFFB}]"
)
"""Characters that nobody sees: soft hyphens, zero widths, marks of direction, byte order marks."""
JOINERS = r"[\u{200C}\u{200D}\u{FE00}-\u{FE0F}]"
"""Invisible as well, but some names and emoji need them; addresses and ids do not."""
# Some mail programs decode `=?utf-8?…` first and parse the header after, so it could add
# recipients.
_ENCODED_WORD = "=?"

_ROUNDED = r"^[+-]?\d(?:[.,]\d+)?E\+\d+$"
_WORDS: Any = packaged_yaml("cells.yml").data
_NO_NAMES: list[str] = _WORDS["no_names"].split()


def read_text(column: Column, findings: Findings) -> Reading:
    """Read text of one line."""
    _refuse(column, findings, pattern=_CONTROLS)
    return Reading(column.text, "text")


def read_name(column: Column, findings: Findings) -> Reading:
    """Read a value for headers: a name, title or company. It is never split or recased."""
    _refuse(column, findings, pattern=_CONTROLS)
    if not column.is_safe:
        encoded = column.text.str.contains(_ENCODED_WORD, literal=True)
        hint = "write the name in plain letters"
        findings.bad(
            column, encoded.fill_null(False), what="contains '=?', as if encoded", hint=hint
        )
    return Reading(_without_no_names(column, findings), "text")


def _without_no_names(column: Column, findings: Findings) -> pl.Series:
    """Return the names without the words that programs write where there is none."""
    nothing = column.text.is_in(_NO_NAMES).fill_null(False)
    if not nothing.any():
        return column.text
    rows, values = column.rows.filter(nothing), column.text.filter(nothing)
    told = [
        (row, f"column '{column.header}': {quoted(value)} is no name")
        for row, value in zip(rows, values, strict=True)
    ]
    hint = "the cell was read as empty; write it in other letters, such as Null, if it is a name"
    remark_each(findings, told, hint=hint, others=f"such cells of column '{column.header}'")
    return pl.select(pl.when(~nothing).then(column.text)).to_series()


def read_long_text(column: Column, findings: Findings) -> Reading:
    """Read text that may have several lines."""
    _refuse(column, findings, pattern=_CONTROLS_BUT_BREAKS)
    text = column.text if column.is_safe else column.text.str.replace_all("\r\n?", "\n")
    return Reading(text, "text")


def read_address(column: Column, findings: Findings) -> Reading:
    """Read a line of a postal address; line breaks within it become commas."""
    if column.is_safe:
        return read_text(column, findings)
    text = column.text.str.replace_all(r"\s*[\r\n]+\s*", ", ")
    return read_text(column.with_text(text), findings)


def read_code(column: Column, findings: Findings) -> Reading:
    """Read a customer number, phone or postcode; Excel's apostrophe for text is removed."""
    plain = column.text.str.replace(r"^'([+\d(])", "${1}").str.replace_all(JOINERS, "")
    rounded = plain.str.contains(_ROUNDED).fill_null(False)
    hint = "format the column as text and enter the number again"
    findings.bad(column, rounded, what="is a number that Excel has rounded", hint=hint)
    return read_text(column.with_text(plain), findings)


def read_number_of_digits(column: Column, findings: Findings) -> Reading:
    """
    Read a phone or postcode, of which programs have made a number: 1067.0 is 1067.

    A cell without a digit (`-`, `none`) is left empty, with a remark.
    """
    none = ~column.text.str.contains(r"\d").fill_null(value=True)
    for finding in counted_words(column, none):
        findings.of_columns(f"{finding} has no digit and was left empty")
    text = pl.select(pl.when(~none).then(column.text.str.replace(r"^(\d+)\.0$", "${1}")))
    return read_code(column.with_text(text.to_series()), findings)


def read_list(column: Column, findings: Findings, *, lower: bool) -> Reading:
    """Read several values a cell, separated by commas, semicolons, bars, line breaks or `:::`."""
    _refuse(column, findings, pattern=_CONTROLS_BUT_BREAKS)
    text = column.text.str.to_lowercase() if lower else column.text
    element = pl.element().str.strip_chars(' "*')  # Mailchimp quotes tags, Google stars groups
    frame = pl.DataFrame({"v": text.str.replace_all(r"\s*(:::|[,;|\r\n]+)\s*", "|")})
    parts = pl.col("v").str.split("|").list.eval(element.filter(element.str.len_bytes() > 0))
    unique = parts.list.unique(maintain_order=True)
    values = frame.select(pl.when(unique.list.len() > 0).then(unique).alias("v")).to_series()
    return Reading(values, "list")


def _refuse(column: Column, findings: Findings, *, pattern: str) -> None:
    if column.is_safe:
        return
    is_bad = column.text.str.contains(pattern).fill_null(False)
    if is_bad.any():
        hint = "retype the cell; it was probably pasted from elsewhere"
        findings.bad(column, is_bad, what="contains a control character", hint=hint)


# RFC 5322 dot-atom; RFC 5321 4.5.3.1: 64 octets before the @, 254 in all.
_LOCAL = r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$"
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = rf"^({_LABEL}\.)+([a-z]{{2,63}}|xn--[a-z0-9-]{{1,59}})$"
_NOT_IN_ADDRESSES = r"[\x00-\x20\x7F-\xA0\u{2028}\u{2029}\u{202A}-\u{202E}\u{2066}-\u{2069}]"
_NOT_SEEN = r"[[\p{Cf}\p{Cn}\p{Co}\u{E0100}-\u{E01EF}]--[\u{202A}-\u{202E}\u{2066}-\u{2069}]]"
_QUOTES = "'\"“”„‟‘’‚‛«»‹›"
"""Excel leaves an apostrophe before a text, and people quote what they copy."""
_ADDRESS_HINT = "write one address such as name@example.com, or leave the cell empty"


def read_email(column: Column, findings: Findings) -> Reading:
    """
    Read addresses: the domain in lower case and A-labels (RFC 5890), the local part as written.

    Few servers accept a local part beyond ASCII (RFC 6531): it becomes null, with a remark. Of
    several addresses in a cell the first is read, with a remark.
    """
    bare = column.text.str.replace_all(rf"{JOINERS}|{_NOT_SEEN}", "").str.strip_chars(_QUOTES)
    column = _first_of_several(column.with_text(bare), findings)
    frame = pl.DataFrame({"whole": column.text})
    parts = frame.select(
        local=pl.col("whole").str.extract(r"(?s)^(.*)@"),
        domain=pl.col("whole").str.extract(r"(?s)@([^@]*)$").str.to_lowercase(),
        foreign=is_unmailable(pl.col("whole")).fill_null(False),
    )
    domain = _a_labels(parts["domain"])
    right = (
        domain.str.contains(_DOMAIN)
        & (parts["local"].str.len_bytes() <= 64)
        & (parts["local"].str.contains(_LOCAL) | parts["foreign"])
        & ~column.text.str.contains(_NOT_IN_ADDRESSES)
        & ~column.text.str.contains("=?", literal=True)
        & ~parts["local"].str.contains(r'[@,;<>()"\s]')
    ).fill_null(False)
    wrong = column.text.is_not_null() & ~right
    findings.bad(column, wrong, what="is not an email address", hint=_ADDRESS_HINT)
    _remark_foreign(column, right & parts["foreign"], findings=findings)
    usable = right & ~parts["foreign"]
    address = pl.DataFrame({"l": parts["local"], "d": domain, "ok": usable}).select(
        pl.when("ok").then(pl.concat_str("l", pl.lit("@"), "d")).alias("email")
    )
    return Reading(address.to_series(), "email address")


def _first_of_several(column: Column, findings: Findings) -> Column:
    """Return the column with the first address of each cell that has several, with a remark."""
    if not column.text.str.contains(r"[\s;,/|]").any():
        return column
    first = column.text.str.extract(_SEVERAL, 1)
    several = (first.is_not_null() & column.text.str.contains("@.*@")).fill_null(False)
    what = "are several addresses, of which the first was read"
    remarks = [
        (row, f"column '{column.header}': {quoted(text)} {what}")
        for row, text in zip(column.rows.filter(several), column.text.filter(several), strict=True)
    ]
    hint = "leave one in the cell; if any of them is suppressed, the customer gets no email"
    remark_each(findings, remarks, hint=hint, others="cells with several addresses")
    return column.with_text(pl.select(pl.coalesce(first, column.text)).to_series())


_ONE = r"[^\s;,/|<>@()]+@[^\s;,/|<>@()]+\.[^\s;,/|<>@()]+"
_SEVERAL = rf"^({_ONE})(?:[\s;,/|]+(?:(?:and|or|und|oder|et|ou|&)\s+)?{_ONE})*[\s;,/|]*$"


def is_unmailable(address: pl.Expr) -> pl.Expr:
    """Return whether there are letters beyond ASCII before the @, which few servers accept."""
    return address.str.contains(r"(?s)[^\x00-\x7F].*@")


def _a_labels(domain: pl.Series) -> pl.Series:
    """Return the domains in A-labels; Python converts only the few that are not ASCII."""
    foreign = domain.filter(domain.str.contains(r"[^\x00-\x7F]")).unique().drop_nulls().to_list()
    if not foreign:
        return domain
    return domain.replace(foreign, [ascii_domain(text) for text in foreign])


def _remark_foreign(column: Column, mask: pl.Series, *, findings: Findings) -> None:
    rows, values = column.rows.filter(mask), column.text.filter(mask)
    remark_each(
        findings,
        (
            (row, f"column '{column.header}': {quoted(value)} cannot be mailed by every server")
            for row, value in zip(rows, values, strict=True)
        ),
        hint="the address was left out; ask for one with plain letters before the @",
        others="addresses that cannot be mailed by every server",
    )
