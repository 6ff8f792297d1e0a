"""Days in a text, as people and programs write them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import suppress

DATE = (
    r"[0-9]{1,4}[-/. ]{1,2}[0-9]{1,2}[-/. ]{1,2}[0-9]{1,4}"
    r"|(?:19|20)[0-9]{6}"
    r"|[0-9]{1,2}(?:st|nd|rd|th|er|\.|º)?[\s\u{a0}]+(?:de |of )?\p{L}{3,}\.?,?[\s\u{a0}]+"
    r"(?:de )?[0-9]{4}"
    r"|\p{L}{3,}\.?[\s\u{a0}]+[0-9]{1,2}(?:st|nd|rd|th)?,?[\s\u{a0}]+[0-9]{4}"
)
"""Pattern (of Polars) of what may be a day with its year."""

# The first letters of the months in English, German, French, Spanish, Italian, Dutch, Portuguese.
_MONTHS = {
    "jan": 1, "ene": 1, "gen": 1, "feb": 2, "fév": 2, "fev": 2, "mar": 3, "mär": 3, "maa": 3,
    "mrt": 3, "apr": 4, "avr": 4, "abr": 4, "may": 5, "mai": 5, "mei": 5, "mag": 5, "jun": 6,
    "juin": 6, "giu": 6, "jul": 7, "juil": 7, "lug": 7, "aug": 8, "aoû": 8, "ago": 8, "sep": 9,
    "set": 9, "oct": 10, "okt": 10, "ott": 10, "out": 10, "nov": 11, "dec": 12, "dez": 12,
    "déc": 12, "dic": 12,
}  # fmt: skip


def days_of(candidate: str) -> Iterator[str]:
    """Yield the days that a match of DATE may mean, as YYYY-MM-DD, in any order of its parts."""
    parts = re.findall(r"[0-9]+|[^\W\d_]{3,}", candidate.lower())
    if len(parts) == 1:
        parts = [candidate[:4], candidate[4:6], candidate[6:]]
    numbers = [int(part) for part in parts if part.isdigit()]
    months = [_MONTHS.get(part[:4]) or _MONTHS.get(part[:3]) for part in parts if part.isalpha()]
    years = [number for number in numbers if number > 31]
    if len(years) != 1:
        return
    rest = [number for number in numbers if number not in years] + [m for m in months if m]
    if len(rest) == 2:
        for month, day in {(rest[0], rest[1]), (rest[1], rest[0])}:
            with suppress(ValueError):
                yield dt.date(years[0], month, day).isoformat()
