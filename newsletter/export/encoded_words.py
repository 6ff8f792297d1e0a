"""Encoded words (RFC 2047): how text that is not ASCII stands in a header."""

from __future__ import annotations

import binascii
from collections.abc import Iterator
from functools import lru_cache

LONGEST = 75
"""Characters of an encoded word, its marks included (RFC 2047 section 2)."""

# Section 5 (3): what may stand for itself in an encoded word of a display name.
_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
_Q = [chr(byte) if byte in _SAFE else "_" if byte == 32 else f"={byte:02X}" for byte in range(256)]
_MARKS = len("=?utf-8?q??=")


@lru_cache(maxsize=4096)  # the subject of an edition is often the same for many
def encoded_words(text: str, *, room: int) -> tuple[str, ...]:
    """
    Return the encoded words of *text*: UTF-8, in Q or B, whichever is shorter.

    No word splits a character (section 5) or is longer than 75, the first no longer than *room*.
    """
    data = text.encode()
    in_q = "".join(map(_Q.__getitem__, data))
    first, later = min(room, LONGEST) - _MARKS, LONGEST - _MARKS
    if len(in_q) <= (len(data) + 2) // 3 * 4:
        return tuple(f"=?utf-8?q?{piece}?=" for piece in _cut_q(in_q, first, later))
    pieces = _cut_bytes(data, first // 4 * 3, later // 4 * 3)
    return tuple(f"=?utf-8?b?{binascii.b2a_base64(p, newline=False).decode()}?=" for p in pieces)


def _cut_q(text: str, first: int, later: int) -> Iterator[str]:
    """Cut where a character begins: not inside `=C3`, nor before a continuation byte."""
    start, end = 0, first
    while end < len(text):
        while "=" in text[end - 2 : end] or (text[end] == "=" and text[end + 1] in "89AB"):
            end -= 1
        yield text[start:end]
        start, end = end, end + later
    yield text[start:]


def _cut_bytes(data: bytes, first: int, later: int) -> Iterator[bytes]:
    start, end = 0, first
    while end < len(data):
        while data[end] & 0xC0 == 0x80:
            end -= 1
        yield data[start:end]
        start, end = end, end + later
    yield data[start:]
