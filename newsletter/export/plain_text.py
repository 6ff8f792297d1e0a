"""Plain text for people, as Notepad and Word read it on every Windows."""

from __future__ import annotations


def text_for_people(text: str) -> bytes:
    """Return the text as UTF-8 with a byte order mark, its lines ending in CRLF."""
    return text.replace("\n", "\r\n").encode("utf-8-sig")
