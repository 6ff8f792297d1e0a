"""What a program packs into its cells (JSON, joined addresses, lists) → one value each."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from newsletter.read.tables.aliases import key
from newsletter.read.tables.programs import Program
from newsletter.read.tables.reading import Findings
from newsletter.read.tables.rows import MOST_COLUMNS, RawTable


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
    """
    Make a column of every key of the JSON objects; where the file has such a column, its own value
    goes first.
    """
    column = raw.column(header)
    objects = [_object(cell) for cell in column.text]
    wrong = pl.Series([found is None for found in objects], dtype=pl.Boolean)
    findings.bad(column, wrong, what="is not a JSON object", hint="export the file again")
    flat = [_flat(found or {}) for found in objects]
    names = list(dict.fromkeys(name for found in flat for name in found))[:MOST_COLUMNS]
    cells = raw.cells.drop(header)
    own = {key(name): name for name in cells.columns}
    for name in names:
        values = pl.Series([found.get(name) for found in flat], dtype=pl.String)
        if key(name) in own:
            first = cells[own[key(name)]]
            cells = cells.with_columns(pl.coalesce(first, values).alias(first.name))
        else:
            cells = cells.with_columns(values.alias(name))
            own[key(name)] = name
    return replace(raw, cells=cells)


def _object(cell: str | None) -> Mapping[str, object] | None:
    """
    Return the object, or None if the cell holds something else; an empty cell is an empty object.
    """
    try:
        found = json.loads(cell or "{}")
    except (ValueError, RecursionError):
        return None
    if found is None:
        return {}
    return found if isinstance(found, dict) else None


def _flat(found: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    """Return key → text; keys of inner objects are joined by a space, lists by commas."""
    flat: dict[str, str] = {}
    for name, value in found.items():
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
    Split Mailchimp's address, whose parts stand between two spaces: street (in one or two parts),
    city, region, postcode, country. Source:
    mailchimp.com/help/format-guidelines-for-your-import-file.
    """
    parts = pl.col(header).str.split("  ").list.eval(pl.element().str.strip_chars())
    count = parts.list.len()
    enough = count >= 5
    whole = pl.col(header).str.replace_all("  ", ", ", literal=True)
    street = parts.list.head(pl.when(enough).then(count - 4).otherwise(0)).list.join(", ")
    made = [pl.when(enough).then(street).otherwise(whole).alias(f"{header} street")]
    for place, name in ((-4, "city"), (-3, "region"), (-2, "postcode"), (-1, "country")):
        part = parts.list.get(place, null_on_oob=True)
        filled = pl.when(enough & (part.str.len_bytes() > 0)).then(part)
        made.append(filled.alias(f"{header} {name}"))
    return replace(raw, cells=raw.cells.with_columns(made).drop(header))
