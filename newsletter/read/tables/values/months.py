"""Names of months, whole and cut, in the languages whose headers we know."""

from __future__ import annotations

_NAMES = (
    "january jan januar jänner jän janvier janv",
    "february feb februar febr février fév févr",
    "march mar märz mär mrz mars",
    "april apr avril avr",
    "may mai",
    "june jun juni juin",
    "july jul juli juillet juil",
    "august aug août",
    "september sep sept septembre",
    "october oct oktober okt octobre",
    "november nov novembre",
    "december dec dezember dez décembre déc",
)

MONTHS = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}
"""Name in lower case → 1-12."""
