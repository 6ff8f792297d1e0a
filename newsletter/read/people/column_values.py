"""Reads the column of each field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice

import polars as pl

from newsletter.model.project import ColumnReading
from newsletter.model.tables import CUSTOMERS
from newsletter.read.people.findings import (
    ROW,
    Column,
    Findings,
    Reading,
    ReadingOptions,
    quoted,
)
from newsletter.read.people.header_names import CONSENT, OBJECTION
from newsletter.read.people.raw_tables import Match, RawTable
from newsletter.read.people.values.choices import (
    CHANNELS,
    FORMALITY,
    OUTCOMES,
    read_country,
    read_language,
    read_word,
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
    read_number_of_digits,
    read_text,
)
from newsletter.read.people.values.yes_and_no import PLAIN_YES_NO, read_yes_no

_CODE_HEADER = re.compile(
    r"(^|_)(no|nr|nummer|number|id|code|zip|plz|phone|tel|telefon|fax|iban|ean|isbn|sku|vat|ip)$"
)
"""Further columns with these names are text even if every cell is a number."""


_BARE_YEAR = r"(?i)^(?:(?:since|seit|depuis|ca\.?|about|etwa|vers)\s+)*(?:19|20)\d{2}$"
_COSTLY = {"id", "name", "last_name", "first_name", "company", "pause_until", "not_to_mention"}
"""Fields of customers whose bad cells cost the row."""


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

    Of customers, a bad cell costs only itself, unless it says who they are or what we must not
    do. Of other tables it costs its row: an order without its day is none. Adds a ColumnReading
    per column to the findings.
    """
    values: dict[str, pl.Series] = {}
    readings: dict[str, ColumnReading] = {}
    for match in sorted(matches, key=lambda m: m.rank):
        column = replace(
            raw.column(match.header), costs_row=schema is not CUSTOMERS or match.field in _COSTLY
        )
        reading = _read(column, match, schema=schema, options=options, findings=findings)
        reading = _without_bad_cells(reading, column, findings)
        first = values.get(match.field)
        readings[match.header] = _column_reading(
            column, match, reading=reading, again=first is not None
        )
        values[match.field] = (
            reading.values if first is None else _combined(match.field, first, reading.values)
        )
    findings.readings += [readings[match.header] for match in matches]
    return pl.DataFrame([raw.cells[ROW], *(s.alias(n) for n, s in values.items())])


def _without_bad_cells(reading: Reading, column: Column, findings: Findings) -> Reading:
    bad = findings.left_out.get(column.header)
    if not bad:
        return reading
    frame = pl.DataFrame({"row": column.rows, "value": reading.values})
    kept = pl.when(~pl.col("row").is_in(list(bad))).then("value").alias(reading.values.name)
    return replace(reading, values=frame.select(kept).to_series())


def _combined(field: str, first: pl.Series, second: pl.Series) -> pl.Series:
    """Return the first value where it is filled; an account is closed if either column says so."""
    either = pl.max_horizontal if field == "closed" else pl.coalesce
    return pl.select(either(first, second)).to_series()


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
        return read_birthday(column, findings, order=order, ask=options.ask, year=options.year)
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
        return read_date(
            _without_bare_years(column, findings),
            findings,
            order=options.dates,
            ask=options.ask,
            zone=options.timezone,
            year=options.year,
        )
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


def _without_bare_years(column: Column, findings: Findings) -> Column:
    """Leave out `since 2019` with one remark: a day made up would be kept as an anniversary."""
    bare = column.text.str.contains(_BARE_YEAR).fill_null(False)
    if column.costs_row or not bare.any():
        return column
    years, row = column.text.filter(bare), column.rows.filter(bare)[0]
    more = f" (and {len(years) - 1:,} more)" if len(years) > 1 else ""
    message = f"column '{column.header}': {quoted(years[0])} is a year without a day{more}"
    hint = "the cell was left out; write a day such as 2019-05-01"
    findings.remark(message, hint=hint, row=row)
    return column.with_text(pl.select(pl.when(~bare).then(column.text)).to_series())


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
_DIGITS = ("phone", "postcode")
_CODES = ("id", "account", "customer", "referred_by", "key", "code")
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
    **dict.fromkeys(
        ("title", "first_name", "last_name", "name_infix", "name", "company"), read_name
    ),
    **dict.fromkeys(("street", "street_2", "house_number", "city", "region"), read_address),
    **dict.fromkeys(_CODES, read_code),
    **dict.fromkeys(_DIGITS, read_number_of_digits),
    **dict.fromkeys(_LONG, read_long_text),
}
"""Fields with a reader of their own, beyond their type."""
