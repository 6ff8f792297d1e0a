"""Who said yes to email and who objected, from the columns that say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from newsletter.read.people.findings import Column, Findings, ReadingOptions, counted_words
from newsletter.read.people.header_names import (
    CONSENT,
    OBJECTION,
    key,
    may_be_consent,
    may_be_objection,
)
from newsletter.read.people.programs import Program
from newsletter.read.people.raw_tables import Match, RawTable, stated_header
from newsletter.read.people.values.yes_and_no import answers, remark_unknown_words

MAYBE = "may be consent"
"""How the reading of a column begins that is proposed as consent, and not used."""
_CURE = (
    "write under 'consent:' in newsletter.yml which column and values mean yes, "
    "or 'everyone: yes' with 'basis' and 'since'"
)
_DAY = r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}"


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
    like consent (all of them must say yes). With `everyone` an empty cell means yes. Remarks count
    each word that is not understood, and whom an objection costs the consent.
    """
    everyone = options.consent.everyone
    columns = _columns(raw, matches, program=program, options=options, findings=findings)
    agreed = pl.Series([everyone or bool(columns)] * raw.cells.height, dtype=pl.Boolean)
    for column, values in columns:
        yes, reading = _yes(column, values, findings=findings)
        agreed &= (column.text.is_null() | yes) if everyone else yes
        if everyone:
            nothing = answers(column.text) == "nothing"
            remark_unknown_words(column, nothing, findings=findings, counts_as="no")
        _describe(column, f"{reading} ({yes.sum():,} of {len(yes):,})", findings=findings)
    _describe_others(raw, matches, columns, options, findings)
    agreed = _without_objections(agreed, raw, matches, findings)
    if not agreed.any() and len(agreed):
        who = "no customer" if columns or everyone else "no column says who"
        cure = (program and program.advice) or _CURE
        findings.of_columns(f"{who} agreed to email, so nobody gets one", hint=cure)
    return agreed


def read_objection(raw: RawTable, matches: Sequence[Match]) -> pl.Series | None:
    """Return for each row whether a column says no to all email; None without such columns."""
    columns = [_objects(column) for column in _objections(raw, matches)]
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
    said, is_filled = answers(column.text), column.text.is_not_null()
    doubtful = is_filled & (said.is_null() | (said == "cross")).fill_null(value=True)
    if values is not None and not values:
        no = said.is_in(["no", "refused", "nothing"]).fill_null(value=False)
        return is_filled & ~no, "consent: any value but a no means yes"
    if values is None:
        remark_unknown_words(column, doubtful, findings=findings, counts_as="no")
        return (said == "yes").fill_null(value=False), "consent: yes, ja, oui, 1 … mean yes"
    yes = column.text.str.to_lowercase().is_in(list(values)).fill_null(value=False)
    not_listed = ~yes & (doubtful | (said == "yes").fill_null(value=False))
    remark_unknown_words(column, not_listed, findings=findings, counts_as="no")
    listed = ", ".join(f"'{value}'" for value in sorted(values))
    return yes, f"consent: {listed} means yes"


def _describe_others(
    raw: RawTable,
    matches: Sequence[Match],
    asked: Sequence[tuple[Column, object]],
    options: ReadingOptions,
    findings: Findings,
) -> None:
    """Describe columns named like consent that do not decide; propose those that could."""
    headers = {column.header for column, _ in asked}
    objections = {column.header for column in _objections(raw, matches)}
    for match in matches:
        column = raw.column(match.header)
        if match.header in headers | objections:
            continue
        if match.field == CONSENT:
            _describe(column, "text, not used as consent", findings=findings)
        elif not match.is_ours and _is_proposal(column) and not options.consent.column:
            _describe(column, f"{MAYBE}: yes/no", findings=findings)
            cure = f"if it does, write in newsletter.yml: consent: {{column: '{column.header}'}}"
            message = f"column '{column.header}' may say who agreed to email, but is not asked"
            findings.of_columns(message, hint=cure)


def _is_proposal(column: Column) -> bool:
    return column.is_filled and may_be_consent(column.header) and _understood(column, days=False)


def _understood(column: Column, *, days: bool) -> bool:
    """Return whether at least half of the cells are a yes or a no, or a day."""
    few = column.text.drop_nulls().head(1000)
    fits = answers(few).is_not_null()
    if days:
        fits |= few.str.contains(_DAY)
    return int(fits.sum()) * 2 >= len(few)


def _objections(raw: RawTable, matches: Sequence[Match]) -> list[Column]:
    """Return columns of objections, those with other names included if their cells fit."""
    columns = []
    for match in matches:
        column = raw.column(match.header)
        named = not match.is_ours and may_be_objection(match.header) and column.is_filled
        if match.field == OBJECTION or (named and _understood(column, days=True)):
            columns.append(column)
    return columns


def _without_objections(
    agreed: pl.Series, raw: RawTable, matches: Sequence[Match], findings: Findings
) -> pl.Series:
    """Return who agreed and has no objection; remarks say what each column of them costs."""
    for column in _objections(raw, matches):
        objects, said = _objects(column), answers(column.text)
        for finding in counted_words(column, said == "nothing"):
            findings.of_columns(f"{finding} is no objection to email")
        unusual = objects & ~said.is_in(["yes", "refused"]).fill_null(value=False)
        for finding in counted_words(column, unusual & ~column.text.str.contains(_DAY)):
            hint = "write no, or leave the cell empty, if the customer wants email"
            findings.of_columns(f"{finding} counts as an objection", hint=hint)
        if lost := (agreed & objects).sum():
            who = f"{lost:,} of {agreed.sum():,} customers who said yes"
            findings.of_columns(f"column '{column.header}' takes consent from {who}")
        agreed &= ~objects
        reading = f"anything but a no takes consent away ({objects.sum():,} of {len(objects):,})"
        _describe(column, reading, findings=findings)
    return agreed


def _objects(column: Column) -> pl.Series:
    """Return where the column has anything but a no: yes, a date, a reason, a cross."""
    no = answers(column.text).is_in(["no", "nothing"])
    return column.text.is_not_null() & ~no.fill_null(value=False)


def _describe(column: Column, words: str, *, findings: Findings) -> None:
    """Note how a column of consent was read."""
    samples = tuple(column.text.drop_nulls().head(1000).unique(maintain_order=True).head(3))
    for index, reading in enumerate(findings.readings):
        if reading.header == column.header:
            findings.readings[index] = replace(reading, reading=words, samples=samples)
