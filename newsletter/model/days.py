"""The days that a business works with: beyond them, spans of years leave the calendar."""

from __future__ import annotations

import datetime as dt

FIRST, LAST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
BEYOND = f"is not between {FIRST} and {LAST}"


def in_use(day: dt.date) -> bool:
    """Return whether a day is one that the program can work with."""
    return FIRST <= day <= LAST
