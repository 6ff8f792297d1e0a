"""Writes to consoles that know few letters, such as those of Windows (cp1252, cp850)."""

from __future__ import annotations

import codecs
import io
import json
import sys
import unicodedata

_SIMILAR = str.maketrans(
    {
        "…": "...", "–": "-", "—": "-", "→": "->", "‘": "'", "’": "'", "“": '"', "”": '"',
        "„": '"', "•": "*", "·": "-", "✓": "x", "×": "x", "€": "EUR", "ı": "i", "ł": "l", "Ł": "L",
        "đ": "d", "Đ": "D", "ø": "o", "Ø": "O", "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe",
        "Œ": "OE", "\u202f": " ", "\u200e": "", "\u200f": "", "\u2068": "", "\u2069": "",
    }
)  # fmt: skip
"""Letters without an ASCII letter inside → what a reader takes for them."""
_HANDLER = "newsletter.similar"


def open_streams() -> None:
    """Give a program begun with closed streams (`>&-`) empty ones."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, io.StringIO())


def print_any_letter() -> None:
    """Let both streams print a similar letter instead of one that they do not know."""
    codecs.register_error(_HANDLER, similar_letters)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_HANDLER)


def similar_letters(error: UnicodeError) -> tuple[str, int]:
    """Return the letters that cannot be encoded as similar ones, else as question marks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letters = error.object[error.start : error.end]
    return "".join(map(_similar, letters)), error.end


def _similar(letter: str) -> str:
    replaced = letter.translate(_SIMILAR)
    plain = unicodedata.normalize("NFKD", replaced).encode("ascii", "ignore").decode()
    return plain if plain or not replaced else "?"


def as_json(value: object) -> str:
    """Return *value* as JSON; letters that the output may not know are escaped."""
    is_unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    return json.dumps(value, ensure_ascii=not is_unicode, indent=1)
