"""
Bytes of a text file → text, with the encoding found rather than guessed where that is possible.
"""

from __future__ import annotations

import codecs
import re

from newsletter.errors import NewsletterError, Place

_SAVE_AS = "save it again as 'CSV UTF-8'"

_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")
"""One may slip into a text; many make it none."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes, *, shown: str) -> tuple[str, str]:
    """
    Return the text and the name of its encoding.

    A byte order mark decides; then valid UTF-8; then UTF-16 without mark, known by its zero bytes;
    else Windows-1252, which old Excel files are written in. Raises NewsletterError where none
    fits.
    """
    encoding = _encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _unreadable(
            shown, f"is not valid {encoding.upper()} at byte {error.start}"
        ) from None
    if len(_CONTROLS.findall(text[:4096])) > len(text[:4096]) * 0.1:
        raise _unreadable(shown, "is not a text file")
    return text, encoding


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
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _unreadable(shown: str, message: str) -> NewsletterError:
    return NewsletterError.at(f"the file {message}", Place(path=shown), hint=_SAVE_AS)
