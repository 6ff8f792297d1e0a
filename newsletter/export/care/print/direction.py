"""Which way a text runs: by its own first letter, so that a name keeps its order anywhere."""

from __future__ import annotations

import unicodedata
from typing import Literal

from babel import Locale, UnknownLocaleError

Direction = Literal["ltr", "rtl"]


def direction_of(text: str) -> Direction:
    """Return the direction of the first letter that has one (Unicode UAX 9, rules P2 and P3)."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("L", "R", "AL"):
            return "ltr" if kind == "L" else "rtl"
    return "ltr"


def direction_in(language: str) -> Direction:
    """Return the direction of a language (BCP 47)."""
    try:
        rtl = Locale.parse(language, sep="-").text_direction == "rtl"
    except (ValueError, UnknownLocaleError):
        return "ltr"
    return "rtl" if rtl else "ltr"
