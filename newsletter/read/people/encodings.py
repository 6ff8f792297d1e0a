"""Decodes text files: the byte order mark decides, then UTF-8, then zeros of UTF-16."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from newsletter.errors import NewsletterError, Place

_SAVE_AS = "save it again as 'CSV UTF-8'"

_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")
"""A text may contain one by accident; a file with many is no text."""
_STRAY = re.compile("[\udc80-\udcff]")
"""Bytes that are not UTF-8, as Python decodes them (`surrogateescape`)."""
_BEYOND_ASCII = re.compile("[^\x00-\x7f\udc80-\udcff]")

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, kw_only=True)
class Decoded:
    """A text file as text."""

    text: str
    encoding: str
    guessed: Sequence[tuple[int, str]] = ()
    """Lines that are not all UTF-8 although the file is, with the letters that were guessed."""


def decode(data: bytes, *, shown: str) -> Decoded:
    """
    Return the text, its encoding, and lines that are in another one.

    A byte order mark decides; then UTF-8, even with a few bytes that are not; then UTF-16 without
    mark, known by its zero bytes; else Windows-1252, the encoding of old Excel files. Raises
    NewsletterError if none fits.
    """
    encoding = _encoding(data)
    is_utf8 = encoding.startswith("utf-8")
    try:
        text = data.decode(encoding, "surrogateescape" if is_utf8 else "strict")
    except UnicodeDecodeError as error:
        raise _unreadable(
            shown, f"is not valid {encoding.upper()} at byte {error.start}"
        ) from None
    if len(_CONTROLS.findall(text[:4096])) > len(text[:4096]) * 0.1:
        raise _unreadable(shown, "is not a text file")
    if is_utf8 and (guessed := _guessed(text)):
        return Decoded(text=_STRAY.sub(_letter, text), encoding=encoding, guessed=guessed)
    return Decoded(text=text, encoding=encoding)


def _encoding(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    start = data[:4096]
    # Latin letters in UTF-16 leave every second byte zero; no other text has so many zeros.
    if start[1::2].count(0) > len(start) * 0.2:
        return "utf-16-le"
    if start[0::2].count(0) > len(start) * 0.2:
        return "utf-16-be"
    text = data.decode("utf-8", "surrogateescape")
    stray = len(_STRAY.findall(text))
    # Letters of Windows-1252 make a valid sequence of UTF-8 by rare accident only.
    mostly_utf8 = not stray or len(_BEYOND_ASCII.findall(text)) > stray
    return "utf-8" if mostly_utf8 else "cp1252"


def _guessed(text: str) -> list[tuple[int, str]]:
    """Return lines with bytes that are not UTF-8, and these letters in Windows-1252."""
    line, start, places = 1, 0, []
    for stray in _STRAY.finditer(text):
        line += text.count("\n", start, stray.start())
        start = stray.start()
        places.append((line, _letter(stray)))
    by_line = groupby(places, key=lambda place: place[0])
    return [(line, "".join(letter for _, letter in letters)) for line, letters in by_line]


def _letter(stray: re.Match[str]) -> str:
    return bytes([ord(stray[0]) - 0xDC00]).decode("cp1252", "replace")


def _unreadable(shown: str, message: str) -> NewsletterError:
    return NewsletterError.at(f"the file {message}", Place(path=shown), hint=_SAVE_AS)
