"""Names of message files: who gets which message, valid on every system."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from newsletter.mailing import Mailing

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\s]+')
_MOST_BYTES = 60
"""Of a title and of a name: systems take 255 bytes a name, Windows often 260 letters a path."""
_PLAIN_ID = re.compile(r"[0-9A-Z-]{1,15}")
"""Ids without small letters: no two of them differ only in case."""
_CODE_DIGITS = 16
"""Longer than a plain id, so that no code equals one."""


def message_names(mailing: Mailing) -> Iterator[str]:
    """
    Yield the name of each message's files, without ending: `2026-11 Zoë Miller (101)`.

    A practice's names begin with the day and its title: `2026-11-03 Thank you - Zoë Miller (101)`.
    The id in brackets makes each name unique,
    and it depends on nobody else: a customer's files keep their names when others come or go. In
    place of an id with small letters or signs stands the beginning of the customer's token.
    """
    day, is_practice, _ = mailing.name.partition("/")
    subject = f"{day} {_fitting(mailing.practice.title)} -" if is_practice else mailing.name
    for key, token, name, email in mailing.people.select(
        "id", "token", "name", "email"
    ).iter_rows():
        mark = key if _PLAIN_ID.fullmatch(key) else token[:_CODE_DIGITS]
        who = _fitting(name or "") or _fitting(email)
        yield f"{subject} {who} ({mark})"


def _fitting(text: str) -> str:
    """Return *text* without what file names cannot hold or nobody sees, and not too long."""
    visible = "".join(
        character
        for character in _FORBIDDEN.sub(" ", unicodedata.normalize("NFC", text))
        if unicodedata.category(character)[0] != "C"
    )
    data = " ".join(unicodedata.normalize("NFC", visible).split()).encode()
    return data[:_MOST_BYTES].decode(errors="ignore").strip()
