"""Raw tables: the text cells of a file, its header row, and the field of each column."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from keyword import iskeyword
from typing import Any

import polars as pl

from newsletter.errors import NewsletterError, Place
from newsletter.read.people.findings import ROW, Column, Findings, quoted
from newsletter.read.people.header_names import key, without_accents
from newsletter.read.people.values.texts import INVISIBLE, UNSAFE
from newsletter.read.yaml import packaged_yaml

MOST_COLUMNS = 1000
MOST_CHARACTERS = 32_767
"""Of one cell; Excel's own limit."""
_MOST_HEADER_ROWS = 30
"""First rows in which the header is looked for."""
_SLIP = 0.8
"""So alike are a name of a field and a slip of it, or more (difflib)."""
_LONGEST_HEADER = 100
"""A longer cell is not compared with known headers."""
_NOT_A_NAME = {"true", "false", "none", "customer", "row"}
_WORDS: Any = packaged_yaml("cells.yml").data
_ERRORS: list[str] = _WORDS["errors"].split()
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True, kw_only=True)
class RawTable:
    """Text cells as in the file."""

    cells: pl.DataFrame
    """A String column per header (null: empty cell), and ROW: the line in the file, from 1."""
    safe: frozenset[str] = frozenset()
    """Headers of columns without any character that must be refused."""
    suppression_sheets: tuple[str, ...] = ()
    """Further sheets of the workbook that list who must get no email."""

    @property
    def headers(self) -> list[str]:
        """The headers, unique, in the order of the file."""
        return [name for name in self.cells.columns if name != ROW]

    def column(self, header: str) -> Column:
        """Return one column."""
        return Column(header, self.cells[header], self.cells[ROW], is_safe=header in self.safe)


def raw_table(cells: pl.DataFrame, findings: Findings) -> RawTable:
    """
    Return the table with cells stripped and empty rows left out; report cells too long.

    Letters are composed (NFC), and characters that nobody sees are removed.
    """
    headers = [name for name in cells.columns if name != ROW]
    cells = _cut(cells, headers, findings)
    cells = _of_spreadsheets(_composed(cells, headers), headers, findings)
    text = pl.col(headers).str.strip_chars()
    filled = cells.lazy().with_columns(pl.when(text.str.len_bytes() > 0).then(text))
    tidy = filled.filter(pl.any_horizontal(pl.col(headers).is_not_null())).collect()
    (unsafe,) = tidy.select(pl.struct(pl.col(headers).str.contains(UNSAFE).any())).row(0)
    return RawTable(cells=tidy, safe=frozenset(name for name in headers if not unsafe[name]))


def _cut(cells: pl.DataFrame, headers: Sequence[str], findings: Findings) -> pl.DataFrame:
    """Return the table without the ends of cells too long, which are reported."""
    for header in headers:
        text = cells[header]
        is_long = text.str.len_chars() > MOST_CHARACTERS
        if is_long.any():
            what = f"has more than {MOST_CHARACTERS:,} characters"
            hint = "look for a quote that is never closed"
            findings.bad(Column(header, text, cells[ROW]), is_long, what=what, hint=hint)
            cells = cells.with_columns(text.str.head(MOST_CHARACTERS))
    return cells


def _composed(cells: pl.DataFrame, headers: Sequence[str]) -> pl.DataFrame:
    odd = pl.all().str.contains(rf"{INVISIBLE}|\p{{M}}").any()
    if not headers:
        return cells
    found = cells.lazy().select(headers).select(odd).collect().row(0, named=True)
    changed = [header for header in headers if found[header]]
    plain = pl.col(changed).str.replace_all(INVISIBLE, "").str.normalize("NFC")
    return cells.with_columns(plain) if changed else cells


def _of_spreadsheets(
    cells: pl.DataFrame, headers: Sequence[str], findings: Findings
) -> pl.DataFrame:
    """Return `="01067"` (how to keep a text) as 01067, and errors of formulas as nothing."""
    odd = pl.all().str.contains(r'^\s*(#|="|Err:)').any()
    found = cells.lazy().select(headers).select(odd).collect().row(0) if headers else ()
    for header in (header for header, is_odd in zip(headers, found, strict=True) if is_odd):
        text = pl.col(header).str.replace(r'^\s*="([^"]*)"\s*$', "${1}")
        is_error = text.str.strip_chars().is_in(_ERRORS)
        wrong = cells.filter(is_error).select(header, ROW)
        cells = cells.with_columns(pl.when(~is_error).then(text).alias(header))
        if wrong.height:
            more = f" (and {wrong.height - 1:,} more)" if wrong.height > 1 else ""
            what = f"{quoted(wrong[header][0].strip())} is the error of a formula{more}"
            hint = "the cell was read as empty; correct the formula"
            findings.remark(f"column '{header}': {what}", hint=hint, row=wrong[ROW][0])
    return cells


def header_index(rows: Sequence[Sequence[str]], header_keys: Collection[str]) -> int:
    """Return the index of the first row with most of *header_keys*, else the first with text."""
    scores = [header_score(row, header_keys) for row in rows[:_MOST_HEADER_ROWS]]
    best = max(scores, default=0)
    if best:
        return scores.index(best)
    return next((i for i, row in enumerate(rows) if any(cell.strip() for cell in row)), 0)


def header_score(row: Sequence[str], header_keys: Collection[str]) -> int:
    """Return how many different *header_keys* the row has."""
    keys = {key(cell) for cell in row[:MOST_COLUMNS] if len(cell) < _LONGEST_HEADER}
    return sum(header in header_keys for header in keys)


def headers_of(cells: Sequence[str], *, shown: str) -> list[str]:
    """Return a unique name for each column: `column 3` if empty, `Tags (2)` if repeated."""
    if len(cells) > MOST_COLUMNS:
        message = f"the header has more than {MOST_COLUMNS:,} columns"
        hint = "check that the right separator is between the columns"
        raise NewsletterError.at(message, Place(path=shown), hint=hint)
    names: list[str] = []
    for number, cell in enumerate(cells, start=1):
        plain = "".join(c if c.isprintable() else " " for c in cell).strip()
        name = plain or f"column {number}"
        again = (f"{name} ({n})" for n in count(2))
        names.append(name if name not in names else next(n for n in again if n not in names))
    return names


def fitting(
    rows: Iterator[tuple[int, list[str]]], width: int, *, findings: Findings
) -> tuple[list[int], list[list[str]]]:
    """Return lines and cells of the rows with *width* cells; report others that are not empty."""
    lines: list[int] = []
    cells: list[list[str]] = []
    for line, row in rows:
        while len(row) > width and not row[-1].strip():
            row.pop()
        if len(row) == width:
            lines.append(line)
            cells.append(row)
        elif any(cell.strip() for cell in row):
            message = f"the row has {len(row)} cells, but the header has {width}"
            hint = "look for a separator or line break in a cell without quotes around it"
            findings.bad_row(line, message, hint=hint)
    return lines, cells


@dataclass(frozen=True, kw_only=True)
class Match:
    """The field that a column is read as."""

    header: str
    field: str
    is_ours: bool
    """Whether the schema of the table has the field; else the values decide the type."""
    rank: int = 0
    """If several columns are the same field, the lowest is preferred."""


def match_columns(
    headers: list[str],
    *,
    stated: Mapping[str, str],
    program_fields: Mapping[str, str],
    aliases: Mapping[str, tuple[str, int]],
    findings: Findings,
) -> list[Match]:
    """
    Return one match per header, in the order of the file.

    *stated* is `columns:` of newsletter.yml (field → header), *program_fields* the headers of the
    program that wrote the file (header key → field). Reports a stated header that does not exist.
    """
    fields = {field for field, _ in aliases.values()}
    by_user = _stated(headers, stated, fields, findings=findings)
    matches: list[Match] = []
    for header in headers:
        field, rank = _field(header, by_user, program_fields=program_fields, aliases=aliases)
        if field:
            ours = field in fields or field in program_fields.values()
            matches.append(Match(header=header, field=field, is_ours=ours, rank=rank))
        else:
            taken = {match.field for match in matches} | fields
            name = _unused(field_name(header), taken)
            matches.append(Match(header=header, field=name, is_ours=False))
    return matches


def _stated(
    headers: list[str], stated: Mapping[str, str], fields: Collection[str], *, findings: Findings
) -> dict[str, str]:
    by_header = {}
    for field, wanted in stated.items():
        setting = f"columns.{field}"
        is_field = field.rstrip("_0123456789") in fields  # a second one, such as `title_2`
        slips = () if is_field else difflib.get_close_matches(field, sorted(fields), 1, _SLIP)
        if slips:  # a misspelt `objection` would stop no email
            message = f"'{field}' is no field, but newsletter.yml names it under 'columns'"
            hint = f"did you mean '{slips[0]}'? Or give your own column another name"
            findings.problem(message, hint=hint, row=findings.header_row)
            continue
        if header := stated_header(wanted, headers, setting=setting, findings=findings):
            by_header[header] = field
    return by_header


def stated_header(
    wanted: str, headers: Sequence[str], *, setting: str, findings: Findings
) -> str | None:
    """Return the header that *setting* of newsletter.yml names; report a missing one."""
    by_key = {key(header): header for header in headers}
    if key(wanted) in by_key:
        return by_key[key(wanted)]
    spelled = {header.casefold(): header for header in headers}
    near = difflib.get_close_matches(wanted.casefold(), sorted(spelled), n=1)
    names = f"the headers are: {', '.join(headers[:12])}"
    hint = f"did you mean '{spelled[near[0]]}'?" if near else names
    message = f"there is no column '{wanted}', which newsletter.yml names under '{setting}'"
    findings.problem(message, hint=hint, row=findings.header_row)
    return None


def _field(
    header: str,
    by_user: Mapping[str, str],
    *,
    program_fields: Mapping[str, str],
    aliases: Mapping[str, tuple[str, int]],
) -> tuple[str, int]:
    """Return the field and its rank; an empty field for a further column."""
    if header in by_user:
        return by_user[header], 0
    word = key(header)
    if word in program_fields:
        field, rank = program_fields[word], 0
    else:
        field, rank = aliases.get(word, ("", 0))
    return ("", 0) if field in by_user.values() else (field, rank)


def field_name(header: str) -> str:
    """
    Return the header as a name for rules and templates.

    `Favourite tea` → favourite_tea, `Größe (cm)` → groesse_cm. Letters without a plain form
    (Greek, Chinese) stay.
    """
    letters = without_accents(header.casefold().translate(_UMLAUTS))
    name = re.sub(r"\W+", "_", unicodedata.normalize("NFC", letters)).strip("_")
    if not name or name[0].isdigit():
        name = f"column_{name}".rstrip("_")
    return f"{name}_" if iskeyword(name) or name in _NOT_A_NAME else name


def _unused(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    return next(f"{name}_{n}" for n in range(2, len(taken) + 3) if f"{name}_{n}" not in taken)
