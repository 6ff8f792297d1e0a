"""Who said yes to email and who objected, from the columns that say so."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import reduce
from operator import or_

import polars as pl

from newsletter.read.people.findings import Column, Findings, ReadingOptions, counted_words
from newsletter.read.people.header_names import CONSENT, is_again, key, may_be_consent
from newsletter.read.people.objections import DAY, Refusal, read_deceased, read_refusals
from newsletter.read.people.programs import Program
from newsletter.read.people.raw_tables import Match, RawTable, stated_header
from newsletter.read.people.values.yes_and_no import answers, remark_unknown_words

MAYBE = "may be consent"
"""How the reading of a column begins that is proposed as consent, and not used."""
_CURE = (
    "write under 'consent:' in newsletter.yml which column and values mean yes, "
    "or 'everyone: yes' with 'basis' and 'since'"
)
_NOT_ASKED = (
    "if it is not about email, say in newsletter.yml which column is: consent: {column: …}"
)


def read_permission(
    raw: RawTable,
    matches: Sequence[Match],
    *,
    program: Program | None,
    options: ReadingOptions,
    findings: Findings,
) -> pl.DataFrame:
    """
    Return `consent_email`, `objection` (null if nothing in the file says no) and `deceased`.

    The column that newsletter.yml names decides on consent, else the program's own, else every
    column named like consent (all of them must say yes). With `everyone` an empty cell means yes.
    Remarks count each word that is not understood, and whom an objection costs the consent.
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
    asked = {column.header for column, _ in columns}
    refusals = [r for r in read_refusals(raw, matches, options) if r.column.header not in asked]
    proposals = _proposals(raw, matches, asked, refusals, findings=findings)
    if not options.consent.column and not (program and program.consent):
        agreed = _without_denials(agreed, proposals, findings)
    objects = _objections(refusals, raw.cells.height)
    agreed = _without_refusals(agreed, refusals, findings)
    if not agreed.any() and len(agreed):
        who = "no customer" if columns or everyone else "no column says who"
        cure = (program and program.advice) or _CURE
        findings.of_columns(f"{who} agreed to email, so nobody gets one", hint=cure)
    deceased = read_deceased(raw, matches, options, findings)
    return pl.DataFrame({"consent_email": agreed, "objection": objects, "deceased": deceased})


def _objections(refusals: Sequence[Refusal], height: int) -> pl.Series:
    if not refusals:
        return pl.Series([None] * height, dtype=pl.Boolean)
    return reduce(or_, (refusal.objects for refusal in refusals))


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
    return [(raw.column(match.header), None) for match in matches if _is_consent(match)]


def _is_consent(match: Match) -> bool:
    return match.field == CONSENT or (not match.is_ours and is_again(match.header, CONSENT))


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


def _proposals(
    raw: RawTable,
    matches: Sequence[Match],
    asked: Collection[str],
    refusals: Sequence[Refusal],
    *,
    findings: Findings,
) -> list[Column]:
    """Return columns that may be consent but do not decide; describe those named like consent."""
    others = {*asked, *(refusal.column.header for refusal in refusals)}
    proposals = []
    for match in matches:
        column = raw.column(match.header)
        if match.header in others:
            continue
        if match.field == CONSENT:
            _describe(column, "text, not used as consent", findings=findings)
        elif not match.is_ours and _is_proposal(column):
            proposals.append(column)
    return proposals


def _without_denials(
    agreed: pl.Series, proposals: Sequence[Column], findings: Findings
) -> pl.Series:
    """Propose columns that may be consent; a no in one of them takes consent away."""
    for column in proposals:
        _describe(column, f"{MAYBE}: yes/no", findings=findings)
        cure = f"if it does, write in newsletter.yml: consent: {{column: '{column.header}'}}"
        message = f"column '{column.header}' may say who agreed to email, but is not asked"
        findings.of_columns(message, hint=cure)
        denied = answers(column.text).is_in(["no", "refused"]).fill_null(value=False)
        if lost := int((agreed & denied).sum()):
            _remark_lost(column, lost, agreed, hint=_NOT_ASKED, findings=findings)
        agreed &= ~denied
    return agreed


def _is_proposal(column: Column) -> bool:
    """Return whether a name is like consent, and half of the cells are a yes or a no."""
    few = column.text.drop_nulls().head(1000)
    understood = int(answers(few).is_not_null().sum())
    return column.is_filled and may_be_consent(column.header) and understood * 2 >= len(few)


def _without_refusals(
    agreed: pl.Series, refusals: Sequence[Refusal], findings: Findings
) -> pl.Series:
    """Return who agreed and has no objection; remarks say what each column of them costs."""
    for refusal in refusals:
        column, objects = refusal.column, refusal.objects
        unusual = objects
        if refusal.is_named:
            said = answers(column.text)
            for finding in counted_words(column, said == "nothing"):
                findings.of_columns(f"{finding} is no objection to email")
            usual = said.is_in(["yes", "refused"]).fill_null(value=False)
            unusual = objects & ~usual & ~column.text.str.contains(DAY)
            reading = (
                f"anything but a no takes consent away ({objects.sum():,} of {len(objects):,})"
            )
            _describe(column, reading, findings=findings)
        for finding in counted_words(column, unusual):
            findings.of_columns(f"{finding} counts as an objection", hint=refusal.cure)
        if lost := int((agreed & objects).sum()):
            _remark_lost(column, lost, agreed, hint=refusal.cure_of_column, findings=findings)
        agreed &= ~objects
    return agreed


def _remark_lost(
    column: Column, lost: int, agreed: pl.Series, *, hint: str, findings: Findings
) -> None:
    who = f"{lost:,} of {agreed.sum():,} customers who said yes"
    findings.of_columns(f"column '{column.header}' takes consent from {who}", hint=hint)


def _describe(column: Column, words: str, *, findings: Findings) -> None:
    """Note how a column of consent was read."""
    samples = tuple(column.text.drop_nulls().head(1000).unique(maintain_order=True).head(3))
    for index, reading in enumerate(findings.readings):
        if reading.header == column.header:
            findings.readings[index] = replace(reading, reading=words, samples=samples)
