"""Which sheet of a workbook is the table: a visible one that its name does not speak against."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from newsletter.errors import NewsletterError, Place, did_you_mean
from newsletter.read.people.findings import Findings
from newsletter.read.people.header_names import SHEET_NAMES, is_suppression_list
from newsletter.read.people.raw_tables import header_index, header_score

Rows = list[list[str]]

_WORDS = re.compile(r"[^\W\d_]+")
_PLAUSIBLE = 2
"""So many known headers make a sheet plausible beside others."""


def kind_of_sheet(name: str) -> str:
    """Return the table that a sheet is named after, `other` or `suppressed`; empty if none."""
    if is_suppression_list(name):
        return "suppressed"
    words = [word.casefold() for word in _WORDS.findall(name)]
    kinds = (
        kind
        for kind, begins in SHEET_NAMES.items()
        if any(word.startswith(begins) for word in words)
    )
    return next(kinds, "")


def candidates(visible: Sequence[str], table: str) -> list[str]:
    """Return the visible sheets whose names do not say that they are something else."""
    return [name for name in visible if kind_of_sheet(name) in ("", table)]


def stated_sheet(wanted: str, names: Sequence[str], place: Place) -> str:
    """Return the sheet that newsletter.yml names under `sheet:`; raise if there is none."""
    by_name = {name.strip().casefold(): name for name in names}
    if found := by_name.get(wanted.strip().casefold()):
        return found
    hint = did_you_mean(wanted, names) or f"its sheets are: {', '.join(names)}"
    message = f"there is no sheet '{wanted}', which newsletter.yml names under 'sheet'"
    raise NewsletterError.at(message, place, hint=hint)


def chosen_sheet(
    sheets: Mapping[str, Rows],
    header_keys: Collection[str],
    *,
    table: str,
    ask: bool,
    findings: Findings,
) -> str:
    """
    Return the sheet to read: the only plausible one, else the only one named after the table.

    With several, reports a problem if it may *ask*, else a remark, and returns the first.
    """
    scores = {
        name: header_score(rows[header_index(rows, header_keys)], header_keys)
        for name, rows in sheets.items()
    }
    plausible = [name for name, score in scores.items() if score >= _PLAUSIBLE]
    plausible = plausible or [name for name, score in scores.items() if score] or [*sheets]
    named = [name for name in plausible if kind_of_sheet(name) == table]
    possible = named or plausible
    if len(possible) > 1:
        both = ", ".join(f"'{name}'" for name in possible)
        message = f"the sheets {both} can all be meant"
        cure = _cure(table, possible[0])
        if ask:
            findings.problem(message, hint=cure)
        else:
            findings.remark(f"{message}, so a build will stop: {cure}")
    return possible[0]


def _cure(table: str, name: str) -> str:
    if table == "customers":
        return f"name the right one in newsletter.yml, such as: sheet: {name}"
    return "keep one of them in this file, and save the others elsewhere"
