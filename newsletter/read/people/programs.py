"""Exports of other programs: the names of their columns, and cells with several values."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from newsletter.read.people.findings import Findings
from newsletter.read.people.header_names import key
from newsletter.read.people.raw_tables import MOST_COLUMNS, RawTable
from newsletter.read.yaml import packaged_yaml

ADDRESS = ("street", "city", "region", "postcode", "country")


@dataclass(frozen=True, kw_only=True)
class Program:
    """How one program exports: its keys in programs.yml."""

    name: str
    marks: Sequence[str]
    """Headers of each set, separated by spaces."""
    fields: Mapping[str, str] = field(default_factory=dict)
    consent: str = ""
    values: Sequence[str] = ()
    advice: str = ""
    birthday: str = ""
    json: str = ""
    nothing: Sequence[str] = ()
    several: str = ""
    addresses: Sequence[str] = ()
    joined_address: str = ""


_KEYS: Mapping[str, Any] = packaged_yaml("programs.yml").data
PROGRAMS = tuple(Program(name=name, **keys) for name, keys in _KEYS.items())


def recognised(headers: Collection[str]) -> Program | None:
    """Return the program whose exports have these headers."""
    keys = {key(header) for header in headers}
    return next(
        (p for p in PROGRAMS if any(keys.issuperset(mark.split()) for mark in p.marks)), None
    )


def prepare(raw: RawTable, program: Program | None, *, findings: Findings) -> RawTable:
    """Return the table as if the program had written one value per cell."""
    if program is None:
        return raw
    headers = {key(header): header for header in raw.headers}
    if program.nothing:
        raw = _with(raw, pl.col(raw.headers).replace(dict.fromkeys(program.nothing)))
    if program.several:
        raw = _main_values(raw, program.several)
    if program.json in headers:
        raw = _unpack(raw, headers[program.json], findings=findings)
    if program.joined_address in headers:
        raw = _split_address(raw, headers[program.joined_address])
    return raw


def _with(raw: RawTable, *columns: pl.Expr | pl.Series) -> RawTable:
    return replace(raw, cells=raw.cells.with_columns(*columns))


def _main_values(raw: RawTable, separator: str) -> RawTable:
    """Keep the first of several addresses or phones; labels stay a list."""
    single = [header for header in raw.headers if key(header).endswith("value")]
    return _with(raw, pl.col(single).str.replace(rf"(?s)\s*{re.escape(separator)}.*", ""))


def _unpack(raw: RawTable, header: str, *, findings: Findings) -> RawTable:
    """Make a column of every key of the JSON objects; existing columns keep their values."""
    column = raw.column(header)
    objects = [_object(cell) for cell in column.text]
    wrong = pl.Series([record is None for record in objects], dtype=pl.Boolean)
    findings.bad(column, wrong, what="is not a JSON object", hint="export the file again")
    flat = [_flat(record or {}) for record in objects]
    names = list(dict.fromkeys(name for record in flat for name in record))[:MOST_COLUMNS]
    cells = raw.cells.drop(header)
    by_key = {key(name): name for name in cells.columns}
    for name in names:
        values = pl.Series([record.get(name) for record in flat], dtype=pl.String)
        if key(name) in by_key:
            first = cells[by_key[key(name)]]
            cells = cells.with_columns(pl.coalesce(first, values).alias(first.name))
        else:
            cells = cells.with_columns(values.alias(name))
            by_key[key(name)] = name
    return replace(raw, cells=cells, safe=frozenset())


def _object(cell: str | None) -> Mapping[str, object] | None:
    """Return the object in a cell, {} if the cell is empty, None for anything else."""
    try:
        record = json.loads(cell or "{}")
    except (ValueError, RecursionError):
        return None
    if record is None:
        return {}
    return record if isinstance(record, dict) else None


def _flat(record: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    """Return key → text; keys of inner objects are joined by a space, lists by commas."""
    flat: dict[str, str] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{name} ")
        elif isinstance(value, list):
            flat[prefix + name] = ", ".join(_text(item) for item in value)
        else:
            flat[prefix + name] = _text(value)
    return {name: text.strip() for name, text in flat.items() if text.strip()}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _split_address(raw: RawTable, header: str) -> RawTable:
    """
    Split Mailchimp's address: street (one or two parts), city, region, postcode, country.

    Two spaces separate the parts (mailchimp.com/help/format-guidelines-for-your-import-file).
    """
    parts = pl.col(header).str.split("  ").list.eval(pl.element().str.strip_chars())
    count = parts.list.len()
    enough = count >= 5
    whole = pl.col(header).str.replace_all("  ", ", ", literal=True)
    street = parts.list.head(pl.when(enough).then(count - 4).otherwise(0)).list.join(", ")
    columns = [pl.when(enough).then(street).otherwise(whole).alias(f"{header} street")]
    for place, name in ((-4, "city"), (-3, "region"), (-2, "postcode"), (-1, "country")):
        part = parts.list.get(place, null_on_oob=True)
        filled = pl.when(enough & (part.str.len_bytes() > 0)).then(part)
        columns.append(filled.alias(f"{header} {name}"))
    return replace(raw, cells=raw.cells.with_columns(columns).drop(header), safe=frozenset())
