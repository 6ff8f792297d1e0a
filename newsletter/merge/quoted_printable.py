"""Quoted-printable in pieces that can be joined in any order (RFC 2045 section 6.7)."""

from __future__ import annotations

import re
from binascii import a2b_qp, b2a_qp

_AS_IT_IS = re.compile(r"(?!From )[!-\-/-<>-~](?:[ -<>-~]{0,70}[!-<>-~])?")
"""A short text that needs no encoding; a dot at its beginning might need it."""
_FROM = re.compile("^From ", re.M)


def encode(text: str) -> str:
    """
    Return *text* (LF line ends) in quoted-printable, LF line ends.

    A piece that does not end a line ends in a soft line break, so joined pieces decode to the
    joined texts. No line is longer than 76 characters.
    """
    if _AS_IT_IS.fullmatch(text):
        return text + "=\n"
    # b2a_qp encodes dots and blanks only if it must; the soft break hides a blank at a line's end.
    encoded = b2a_qp(text.encode(), istext=True).decode("ascii")
    if "From " in encoded:  # in .mbox files such a line begins a new message
        encoded = _FROM.sub("F=\nrom ", encoded)
    return encoded if not encoded or encoded.endswith("\n") else _softly_ended(encoded)


def _softly_ended(encoded: str) -> str:
    """Return the text with a soft break at its end, which takes a column of the last line."""
    if len(encoded) - encoded.rfind("\n") > 76:
        cut = -3 if encoded[-3] == "=" else -1  # do not cut inside =C3
        encoded = f"{encoded[:cut]}=\n{encoded[cut:]}"
    return encoded + "=\n"


def decode(encoded: str) -> str:
    """Return the text of some quoted-printable bytes."""
    return a2b_qp(encoded.encode("ascii")).decode()
