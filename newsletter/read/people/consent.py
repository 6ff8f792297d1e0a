"""Who said yes to email and who objected, from the columns that say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from newsletter.read.people.findings import Column, Findings, ReadingOptions
from newsletter.read.people.header_names import CONSENT, OBJECTION, key
from newsletter.read.people.programs import Program
from newsletter.read.people.raw_tables import Match, RawTable, stated_header
from newsletter.read.people.values.choices import (
    NO,
    REFUSED,
    YES,
    remark_unknown_words,
)

_CURE = (
    "write under 'consent:' in newsletter.yml which column and values mean yes, "
    "or 'everyone: yes' with 'basis' and 'since'"
)


def read_consent(
    raw: RawTable,
    matches: Sequence[Match],
    *,
    program: Program | None,
    options: ReadingOptions,
    findings: Findings,
) -> pl.Series:
    """
    Return for each row whether it may be emailed; never null.

    The column that newsletter.yml names decides, else the program's own, else every column named
    like consent (all of them must say yes). With `everyone` an empty cell means yes.
    """
    columns = _columns(raw, matches, program=program, options=options, findings=findings)
    agreed = pl.Series(
        [options.consent.everyone or bool(columns)] * raw.cells.height, dtype=pl.Boolean
    )
    for column, values in columns:
        yes, reading = _yes(column, values, findings=findings)
        agreed &= (column.text.is_null() | yes) if options.consent.everyone else yes
        _describe(column, reading, findings=findings)
    asked = {column.header for column, _ in columns}
    for match in matches:
        if match.field == CONSENT and match.header not in asked:
            _describe(raw.column(match.header), "text, not used as consent", findings=findings)
    if (objection := read_objection(raw, matches)) is not None:
        agreed &= ~objection
    if not agreed.any() and len(agreed):
        who = "no customer" if columns or options.consent.everyone else "no column says who"
        cure = (program and program.advice) or _CURE
        findings.remark(f"{who} agreed to email, so nobody gets one", hint=cure, row=1)
    return agreed


def read_objection(raw: RawTable, matches: Sequence[Match]) -> pl.Series | None:
    """Return for each row whether a column says no to all email; None without such columns."""
    columns = [_objects(raw.column(m.header)) for m in matches if m.field == OBJECTION]
    return (
        pl.DataFrame(columns).select(pl.any_horizontal(pl.all())).to_series() if columns else None
    )


def _columns(
    raw: RawTable,
    matches: Sequence[Match],
    *,
    program: Program | None,
    options: ReadingOptions,
    findings: Findings,
) -> list[tuple[Column, frozenset[str] | None]]:
    """Return the consent columns, each with its words for yes; None for the usual words."""
    if stated := options.consent.column:
        values = frozenset(value.strip().lower() for value in options.consent.values) or None
        header = stated_header(stated, raw.headers, setting="consent", findings=findings)
        return [(raw.column(header), values)] if header else []
    by_key = {key(header): header for header in raw.headers}
    if program and program.consent in by_key:
        return [(raw.column(by_key[program.consent]), frozenset(program.values))]
    return [(raw.column(m.header), None) for m in matches if m.field == CONSENT]


def _yes(
    column: Column, values: frozenset[str] | None, *, findings: Findings
) -> tuple[pl.Series, str]:
    """Return where the column says yes, and a description of its words for yes."""
    word = column.text.str.to_lowercase()
    if values is not None and not values:
        return column.text.is_not_null(), "consent: any value means yes"
    if values is not None:
        listed = ", ".join(f"'{value}'" for value in sorted(values))
        yes = word.is_in(list(values)).fill_null(False)
        return yes, f"consent: {listed} means yes"
    understood = word.is_in(list(YES | NO | REFUSED))
    remark_unknown_words(column, ~understood, findings=findings, counts_as="no")
    return word.is_in(list(YES)).fill_null(False), "consent: yes, ja, oui, 1 … mean yes"


def _objects(column: Column) -> pl.Series:
    """Return where the column has anything but a no: yes, a date, a reason."""
    no = column.text.str.to_lowercase().is_in(list(NO))
    return column.text.is_not_null() & ~no.fill_null(value=False)


def _describe(column: Column, words: str, *, findings: Findings) -> None:
    """Note how a column of consent was read."""
    samples = tuple(column.text.drop_nulls().head(1000).unique(maintain_order=True).head(3))
    for index, reading in enumerate(findings.readings):
        if reading.header == column.header:
            findings.readings[index] = replace(reading, reading=words, samples=samples)
