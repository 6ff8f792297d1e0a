"""Headers of a file → fields, by what the user says, the program means, the aliases know."""

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
    known: bool
    """Whether the field is ours, so that its type is settled; else the type that fits is found."""
    rank: int = 0
    """Where several columns are the same field, the lowest is preferred."""


def match_columns(
    headers: list[str],
    *,
    stated: Mapping[str, str],
    own: Mapping[str, str],
    known: Mapping[str, tuple[str, int]],
    findings: Findings,
) -> list[Match]:
    """
    Return one match per header, in the order of the file.

    *stated* is `columns:` of newsletter.yml (field → header), *own* the program's own meaning
    (header key → field), *known* the aliases. A stated header that the file does not have is a
    problem.
    """
    fields = {field for field, _ in known.values()}
    by_user = _stated(headers, stated, findings=findings)
    matches: list[Match] = []
    for header in headers:
        field, rank = _field(header, by_user, own=own, known=known)
        if field:
            ours = field in fields or field in own.values()
            matches.append(Match(header=header, field=field, known=ours, rank=rank))
        else:
            taken = {match.field for match in matches} | fields
            name = _unused(field_name(header), taken)
            matches.append(Match(header=header, field=name, known=False))
    return matches


def _stated(
    headers: list[str], stated: Mapping[str, str], *, findings: Findings
) -> dict[str, str]:
    by_key = {key(header): header for header in headers}
    found = {}
    for field, wanted in stated.items():
        if key(wanted) in by_key:
            found[by_key[key(wanted)]] = field
            continue
        near = did_you_mean(wanted, [header.casefold() for header in headers])
        listed = ", ".join(headers[:12])
        hint = near or f"the headers are: {listed}"
        findings.problem(f"columns.{field}: there is no column '{wanted}'", hint=hint, row=1)
    return found


def _field(
    header: str,
    by_user: Mapping[str, str],
    *,
    own: Mapping[str, str],
    known: Mapping[str, tuple[str, int]],
) -> tuple[str, int]:
    """Return the field and its rank; an empty field for a further column."""
    if header in by_user:
        return by_user[header], 0
    word = key(header)
    if word in own:
        field, rank = own[word], 0
    else:
        field, rank = known.get(word, ("", 0))
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
