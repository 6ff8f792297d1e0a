"""Reads the column of each field; those of consent have rules of their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice

import polars as pl

from newsletter.model.project import ColumnReading
from newsletter.read.people.findings import ROW, Column, Findings, Reading, ReadingOptions
from newsletter.read.people.header_names import CONSENT, OBJECTION, key
from newsletter.read.people.programs import Program
from newsletter.read.people.raw_tables import Match, RawTable, stated_header
from newsletter.read.people.values.choices import (
    CHANNELS,
    FORMALITY,
    NO,
    OUTCOMES,
    PLAIN_YES_NO,
    REFUSED,
    YES,
    read_country,
    read_language,
    read_word,
    read_yes_no,
    remark_unknown_words,
    replace_words,
)
from newsletter.read.people.values.moments import all_dates, read_birthday, read_date
from newsletter.read.people.values.numbers import (
    all_numbers,
    read_number,
    read_score,
    read_whole_number,
)
from newsletter.read.people.values.rhythms_of_customers import read_rhythm
from newsletter.read.people.values.texts import (
    read_address,
    read_code,
    read_email,
    read_list,
    read_long_text,
    read_name,
    read_text,
)

_CODE_HEADER = re.compile(
    r"(^|_)(no|nr|nummer|number|id|code|zip|plz|phone|tel|telefon|fax|iban|ean|isbn|sku|vat|ip)$"
)
"""Further columns with these names are text even if every cell is a number."""


def read_columns(
    raw: RawTable,
    matches: Sequence[Match],
    *,
    schema: Mapping[str, pl.DataType],
    options: ReadingOptions,
    findings: Findings,
) -> pl.DataFrame:
    """
    Return ROW and a typed column per field; of several columns for one field the first filled one.

    Adds a ColumnReading per column to the findings.
    """
    values: dict[str, pl.Series] = {}
    readings: dict[str, ColumnReading] = {}
    for match in sorted(matches, key=lambda m: m.rank):
        column = raw.column(match.header)
        reading = _read(column, match, schema=schema, options=options, findings=findings)
        first = values.get(match.field)
        readings[match.header] = _column_reading(
            column, match, reading=reading, again=first is not None
        )
        values[match.field] = reading.values if first is None else _filled(first, reading.values)
    findings.readings += [readings[match.header] for match in matches]
    return pl.DataFrame([raw.cells[ROW], *(s.alias(n) for n, s in values.items())])


def _filled(first: pl.Series, second: pl.Series) -> pl.Series:
    return pl.select(pl.coalesce(first, second)).to_series()


def _column_reading(
    column: Column, match: Match, *, reading: Reading, again: bool
) -> ColumnReading:
    filled = islice((value for value in reading.values if value is not None), 1000)
    samples = dict.fromkeys(map(_shown, filled))
    return ColumnReading(
        header=column.header,
        field=match.field,
        reading=reading.description + (", where the other is empty" if again else ""),
        samples=tuple(samples)[:3],
    )


def _shown(value: object) -> str:
    if isinstance(value, pl.Series):
        return ", ".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) and value.is_integer() else str(value)


def _read(
    column: Column,
    match: Match,
    *,
    schema: Mapping[str, pl.DataType],
    options: ReadingOptions,
    findings: Findings,
) -> Reading:
    if not column.is_filled:
        dtype = schema.get(match.field, pl.String())
        return Reading(pl.Series([None] * len(column.text), dtype=dtype), "empty")
    if not match.is_ours:
        return _read_further(column, match.field, findings=findings, options=options)
    part = match.field.rpartition(".")[2]  # of `home.country`, the country
    if special := _SPECIAL.get(part):
        return special(column, findings)
    if match.field == "birthday":
        order = options.birthdays or options.dates
        return read_birthday(column, findings, order=order, ask=options.ask)
    return _read_typed(column, match.field, schema=schema, options=options, findings=findings)


def _read_typed(
    column: Column,
    field: str,
    *,
    schema: Mapping[str, pl.DataType],
    options: ReadingOptions,
    findings: Findings,
) -> Reading:
    dtype = schema.get(field, pl.String())
    if dtype == pl.Date:
        zone = options.timezone
        return read_date(column, findings, order=options.dates, ask=options.ask, zone=zone)
    if dtype == pl.Boolean:
        # A date or a reason means yes in `closed`, but not in a consent.
        return read_yes_no(column, findings, other=field == "closed")
    if dtype == pl.List:
        return read_list(column, findings, lower=field in _LOWER)
    if dtype == pl.Int64:
        return read_whole_number(column, findings)
    if dtype == pl.Float64:
        return read_number(column, findings)
    return read_text(column, findings)


def _read_further(
    column: Column, name: str, *, findings: Findings, options: ReadingOptions
) -> Reading:
    """Read a further column: a type that fits the first values is tried on all of them."""
    few, text = column.text.drop_nulls().head(200), column.text.drop_nulls()
    if _all_yes_no(few) and _all_yes_no(text):
        return read_yes_no(column, findings, other=False)
    if not _CODE_HEADER.search(name) and all_numbers(few) and all_numbers(text):
        reading = read_number(column, findings)
        whole = (reading.values == reading.values.round(0)).all()
        return read_whole_number(column, findings) if whole else reading
    if all_dates(few, options.dates) and all_dates(text, options.dates):
        return read_date(column, findings, order=options.dates, ask=False, zone=options.timezone)
    return read_long_text(column, findings)


def _all_yes_no(text: pl.Series) -> bool:
    return bool(text.str.to_lowercase().is_in(list(PLAIN_YES_NO)).all())


_LOWER = ("interests", "celebrates")
"""Lists that are compared without case."""
_CODES = ("id", "phone", "postcode", "account", "customer", "referred_by", "key", "code")
_LONG = ("text", "detail", "remark", "promise", OBJECTION, "not_to_mention", "reason")

_SPECIAL: Mapping[str, Callable[[Column, Findings], Reading]] = {
    "email": read_email,
    CONSENT: read_long_text,  # read_consent reads its values
    "score": read_score,
    "every": read_rhythm,
    "country": read_country,
    "language": read_language,
    "channel": partial(replace_words, ours=CHANNELS, noun="channel"),
    "formality": partial(read_word, meanings=FORMALITY, noun="form of address"),
    "outcome": partial(replace_words, ours=OUTCOMES, noun="result"),
    **dict.fromkeys(("title", "first_name", "last_name", "name", "company"), read_name),
    **dict.fromkeys(("street", "street_2", "house_number", "city", "region"), read_address),
    **dict.fromkeys(_CODES, read_code),
    **dict.fromkeys(_LONG, read_long_text),
}
"""Fields with a reader of their own, beyond their type."""


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
