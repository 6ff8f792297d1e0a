"""Finds the days that numbers and words in a text may mean."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from itertools import permutations

# `29.02.1984`, `19840229`, `29 de febrero de 1984`, `le 1er mars 1984`, `February the 29th, 1984`.
_IN_ORDER = (
    r"[0-9]{1,2}[-/. ]{1,2}[0-9]{1,2}[-/. ]{1,2}[0-9]{4}"
    r"|(?:19|20)[0-9]{6}"
    r"|[0-9]{1,2}(?:st|nd|rd|th|er|\.|o)?[\s./-]+(?:day )?(?:de |of )?\p{L}{3,}[.,]{0,2}[\s./-]+"
    r"(?:de |del |of |in )?[0-9]{4}"
    r"|\p{L}{3,}(?:\.?[\s./-]+|[.,]?\sthe\s)[0-9]{1,2}(?:st|nd|rd|th)?,?[\s./-]+"
    r"(?:of |in )?[0-9]{4}"
)
_YEAR_FIRST = (
    r"[0-9]{4}[-/. 年]{1,2}[0-9]{1,2}[-/. 月]{1,2}[0-9]{1,2}"
    r"|[0-9]{4}[\s.,/-]+\p{L}{3,}\.?[\s./-]+[0-9]{1,2}"
)
# Two digits of a year: only in the form of a date, since `1.10.84` may be a version.
_SHORT = (
    r"(?:^|[^\p{L}\p{N}./-])[0-9]{2}(?:\. ?[0-9]{2}\. ?|/[0-9]{2}/)[0-9]{2}"
    r"(?:[.,]?$|[.,]?[^\p{L}\p{N}./-])"
    r"|[0-9]{1,2}(?:st|nd|rd|th|er|\.|o)?[\s./-]+(?:day )?(?:de |of )?\p{L}{3,}[.,]{0,2}[\s./-]+"
    r"(?:de )?['’]?[0-9]{2}(?:$|[^\p{L}\p{N}:.-])"
    r"|\p{L}{3,}(?:\.?[\s./-]+|[.,]?\sthe\s)[0-9]{1,2}(?:st|nd|rd|th)?,?[\s./-]+['’]?[0-9]{2}"
    r"(?:$|[^\p{L}\p{N}:.-])"
)
_BORN = (
    r"(?i:born|birthday|geb|geboren|geburtstag|née?|naissance|anniversaire|[*†])"
    r"\P{N}{0,20}[0-9]{1,2}[./-] ?[0-9]{1,2}[./-] ?['’]?[0-9]{2}(?:$|[^\p{L}\p{N}])"
)
DAYS = (_IN_ORDER, _YEAR_FIRST, _SHORT, _BORN)
"""Patterns (of Polars) of possible days; one match must not take a number of another's."""

# The first letters of the months in English, German, French, Spanish, Italian, Dutch, Portuguese.
_MONTHS = {
    "jan": 1, "jän": 1, "ene": 1, "gen": 1, "feb": 2, "fév": 2, "fev": 2, "mar": 3, "mär": 3,
    "maa": 3, "mrt": 3, "apr": 4, "avr": 4, "abr": 4, "may": 5, "mai": 5, "mei": 5, "mag": 5,
    "jun": 6, "juin": 6, "giu": 6, "jul": 7, "juil": 7, "lug": 7, "aug": 8, "aoû": 8, "aou": 8,
    "ago": 8, "sep": 9, "set": 9, "oct": 10, "okt": 10, "ott": 10, "out": 10, "nov": 11,
    "dec": 12, "dez": 12, "déc": 12, "dic": 12,
}  # fmt: skip


@lru_cache(maxsize=1 << 15)
def days_of(candidate: str) -> frozenset[str]:
    """Return the days (YYYY-MM-DD) that a match may mean, with its parts in any order."""
    parts = re.findall(r"[0-9]+|[^\W\d_]{3,}", candidate.lower())
    months = [m for part in parts if (m := _MONTHS.get(part[:4]) or _MONTHS.get(part[:3]))]
    numbers = [part for part in parts if part.isdigit()]
    if len(numbers) == 1 and len(numbers[0]) == 8:
        numbers = [numbers[0][:4], numbers[0][4:6], numbers[0][6:]]
    year = next((number for number in numbers if len(number) == 4), (numbers or [""])[-1])
    others = [int(number) for number in numbers if number is not year] + months[:1]
    return frozenset(_real_days(year, others[:2])) if len(others) >= 2 else frozenset()


def _real_days(year: str, others: list[int]) -> Iterator[str]:
    """Yield the days; a year of two digits may be of either century."""
    for full in [year] if len(year) == 4 else [f"19{year}", f"20{year}"]:
        for month, day in permutations(others):
            with suppress(ValueError):
                yield dt.date(int(full), month, day).isoformat()
