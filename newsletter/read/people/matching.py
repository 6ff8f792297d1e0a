"""Matches headers to fields: by newsletter.yml, by the program that wrote the file, by aliases."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from keyword import iskeyword

from newsletter.errors import did_you_mean
from newsletter.read.people.findings import Findings
from newsletter.read.people.header_names import key

_NOT_A_NAME = {"true", "false", "none", "customer", "row"}
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True, kw_only=True)
class Match:
    """What a column is read as."""

    header: str
    field: str
    is_ours: bool
    """Whether our schema has the field and so its type; else the type that fits is chosen."""
    rank: int = 0
    """Where several columns are the same field, the lowest is preferred."""


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

    *stated* is `columns:` of newsletter.yml (field → header), *program_fields* what the program
    that wrote the file means (header key → field). A stated header that the file lacks is a
    problem.
    """
    fields = {field for field, _ in aliases.values()}
    by_user = _stated(headers, stated, findings=findings)
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
    headers: list[str], stated: Mapping[str, str], *, findings: Findings
) -> dict[str, str]:
    by_key = {key(header): header for header in headers}
    by_header = {}
    for field, wanted in stated.items():
        if key(wanted) in by_key:
            by_header[by_key[key(wanted)]] = field
            continue
        near = did_you_mean(wanted, [header.casefold() for header in headers])
        listed = ", ".join(headers[:12])
        hint = near or f"the headers are: {listed}"
        findings.problem(f"columns.{field}: there is no column '{wanted}'", hint=hint, row=1)
    return by_header


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
    Return the header as a name for rules and templates: `Favourite tea` → favourite_tea, `Größe
    (cm)` → groesse_cm.

    Letters that have no plain form (Greek, Chinese) stay.
    """
    folded = header.casefold().translate(_UMLAUTS)
    plain = unicodedata.normalize("NFKD", folded)
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    name = re.sub(r"\W+", "_", unicodedata.normalize("NFC", letters)).strip("_")
    if not name or name[0].isdigit():
        name = f"column_{name}".rstrip("_")
    return f"{name}_" if iskeyword(name) or name in _NOT_A_NAME else name


def _unused(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    return next(f"{name}_{n}" for n in range(2, len(taken) + 3) if f"{name}_{n}" not in taken)
