"""The customer file → the customers table: one row per customer, bad rows left out."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from newsletter.errors import NewsletterError, Place
from newsletter.model.tables import CUSTOMERS
from newsletter.read.people.column_values import read_columns
from newsletter.read.people.consent import read_consent
from newsletter.read.people.duplicates import Merged, merge
from newsletter.read.people.findings import ROW, Column, Findings, ReadingOptions
from newsletter.read.people.header_names import CUSTOMER_HEADERS, EXTRA_FIELDS
from newsletter.read.people.matching import Match, match_columns
from newsletter.read.people.programs import ADDRESS, Program, prepare, recognised
from newsletter.read.people.raw_tables import RawTable
from newsletter.read.people.values.choices import team_members

# Han, Kana and Hangul names are written family name first and without a space.
_EAST_ASIAN = r"^[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]+$"


def read_customers(
    raw: RawTable, *, options: ReadingOptions, findings: Findings
) -> tuple[Merged, str]:
    """
    Return the customers, merged, and the program whose export this is. Raises NewsletterError
    without any key.
    """
    program = recognised(raw.headers)
    raw = prepare(raw, program, findings=findings)
    matches = _matches(raw, program, options=options, findings=findings)
    _check_keys(raw, matches, findings=findings)
    if program and program.birthday:
        options = replace(options, birthdays=program.birthday)
    read = read_columns(raw, matches, schema=CUSTOMERS, options=options, findings=findings)
    consent = read_consent(raw, matches, program=program, options=options, findings=findings)
    frame = read.with_columns(consent.alias("consent_email"))
    frame = _names(settle_addresses(frame, program))
    frame = _defaults(frame, options, findings=findings)
    _note_keyless(frame, findings)
    bad = {fault.row for fault in findings.faults}
    good = frame.filter(~pl.col(ROW).is_in(list(bad)))
    return merge(_ordered(good), findings), program.name if program else ""


def _matches(
    raw: RawTable, program: Program | None, *, options: ReadingOptions, findings: Findings
) -> list[Match]:
    stated = {field: header for field, header in options.columns.items() if "." not in field}
    program_fields = dict(program.fields) if program else {}
    aliases = CUSTOMER_HEADERS
    return match_columns(
        raw.headers,
        stated=stated,
        program_fields=program_fields,
        aliases=aliases,
        findings=findings,
    )


def _check_keys(raw: RawTable, matches: list[Match], *, findings: Findings) -> None:
    fields = {match.field for match in matches}
    if fields & {"id", "email", "name", "last_name", "first_name", "company"}:
        return
    listed = ", ".join(raw.headers[:12])
    raise NewsletterError.at(
        f"no column for a customer number, an email address or a name among: {listed}",
        Place(path=findings.shown, line=1),
        hint="name the columns in the first row, or map them under columns: in newsletter.yml",
    )


def _names(frame: pl.DataFrame) -> pl.DataFrame:
    """
    Add a name: the full name as written, else first and last. A full name is never split.
    """
    fields = set(frame.columns)
    if not fields & {"first_name", "last_name"}:
        return frame
    both = [n for n in ("first_name", "last_name") if n in fields]
    joined = pl.concat_str(both, separator=" ", ignore_nulls=True)
    if len(both) == 2:
        eastern = pl.all_horizontal(pl.col(both).str.contains(_EAST_ASIAN).fill_null(False))
        joined = pl.when(eastern).then(pl.concat_str("last_name", "first_name")).otherwise(joined)
    joined = pl.when(joined.str.len_bytes() > 0).then(joined)
    whole = [pl.col("name")] if "name" in fields else []
    return frame.with_columns(pl.coalesce(*whole, joined).alias("name"))


def _defaults(frame: pl.DataFrame, options: ReadingOptions, *, findings: Findings) -> pl.DataFrame:
    """Fill in what newsletter.yml says: the basis of consent, the ids of the team."""
    missing = [
        pl.lit(None, dtype).alias(n) for n, dtype in CUSTOMERS.items() if n not in frame.columns
    ]
    frame = frame.with_columns(missing)
    basis, since = options.consent.basis or None, options.consent.since
    agreed = pl.col("consent_email")
    frame = frame.with_columns(
        pl.when(agreed)
        .then(pl.coalesce("consent_basis", pl.lit(basis, pl.String())))
        .alias("consent_basis"),
        pl.when(agreed)
        .then(pl.coalesce("consent_since", pl.lit(since, pl.Date())))
        .alias("consent_since"),
    )
    return frame.with_columns(team_members(frame["account_manager"], options, findings=findings))


def _note_keyless(frame: pl.DataFrame, findings: Findings) -> None:
    name = pl.coalesce("name", "company").is_not_null()
    placed = pl.coalesce("postcode", "phone").is_not_null()
    keyed = pl.col("id").is_not_null() | pl.col("email").is_not_null() | (name & placed)
    faulty = pl.col(ROW).is_in([fault.row for fault in findings.faults])
    rows = frame.filter(~keyed & ~faulty)  # a bad address is not also a missing one
    whose = rows.select(pl.coalesce("name", "company", pl.lit("the row"))).to_series()
    column = Column("name", whose, rows[ROW])
    hint = "give a customer number, an email address, or a name with postcode or phone"
    findings.bad(column, whose.is_not_null(), what="cannot be told from others", hint=hint)


def _ordered(frame: pl.DataFrame) -> pl.DataFrame:
    """
    Return the columns of CUSTOMERS first, then the user's further ones, in the order of the file.
    """
    frame = frame.with_columns(pl.col(ROW).alias("row"))
    further = [
        name
        for name in frame.columns
        if name not in {*CUSTOMERS, *EXTRA_FIELDS, ROW} and "." not in name
    ]
    typed = [pl.col(name).cast(dtype) for name, dtype in CUSTOMERS.items()]
    return frame.select(*typed, *further)


def settle_addresses(frame: pl.DataFrame, program: Program | None) -> pl.DataFrame:
    """
    Return the frame with one address per row, taken whole from one of several.
    """
    if program and program.addresses:
        frame = _choose(frame, program.addresses)
    parts = {"street", "house_number"} <= set(frame.columns)
    if parts:
        joined = pl.concat_str("street", "house_number", separator=" ", ignore_nulls=True)
        frame = frame.with_columns(
            pl.when(pl.col("street").is_not_null()).then(joined).alias("street")
        )
    if {"street", "street_2"} <= set(frame.columns):
        joined = pl.concat_str("street", "street_2", separator=", ", ignore_nulls=True)
        filled = pl.when(joined.str.len_bytes() > 0).then(joined)
        frame = frame.with_columns(filled.alias("street"))
    return frame


def _choose(frame: pl.DataFrame, places: tuple[str, ...]) -> pl.DataFrame:
    """Take the first place (home, business, other) that has a street, postcode or city."""
    used = [place for place in places if any(c.startswith(f"{place}.") for c in frame.columns)]
    chosen: dict[str, pl.Expr] = {part: pl.lit(None, pl.String()) for part in ADDRESS}
    for place in reversed(used):
        parts = {part: f"{place}.{part}" for part in ADDRESS if f"{place}.{part}" in frame.columns}
        there = pl.any_horizontal(pl.col(list(parts.values())).is_not_null())
        for part in ADDRESS:
            here = pl.col(parts[part]) if part in parts else pl.lit(None, pl.String())
            chosen[part] = pl.when(there).then(here).otherwise(chosen[part])
    return frame.with_columns(**chosen) if used else frame
