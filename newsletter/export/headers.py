"""Writes header fields of a message, because Python's writer can lose and add recipients.

Every function takes plain text and returns finished fields, folded at 76 columns, ended by LF.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from email.utils import format_datetime

from newsletter.export.addresses import (
    ATEXT,
    HeaderError,
    is_domain,
    mailable,
    refuse_unsafe,
)
from newsletter.export.encoded_words import encoded_words
from newsletter.model.domains import ascii_domain

WIDTH = 76
"""Columns of a line: RFC 2047 section 2 allows no more where there is an encoded word."""

_PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*")
_BARE_PHRASE = re.compile(rf"{ATEXT}(?: {ATEXT})*")
_QUOTED = re.compile(r"[ -~]+")
_ISOLATES = re.compile(r"[\u2066-\u2069]")
_URL = re.compile(r"(?:https://|mailto:)[!#-;=?-Z\[\]_a-z~]+")


def text_field(field: str, value: str) -> str:
    """Return an unstructured field (`Subject`); what is not plain ASCII becomes encoded words."""
    if not value:
        raise HeaderError(field, "it is empty")
    room = WIDTH - len(field) - 2
    if _PLAIN.fullmatch(value) and "=?" not in value:
        if len(value) <= room:
            return f"{field}: {value}\n"
        if _longest_word(value) <= room:
            return _folded(field, value.split(" "))
    refuse_unsafe(field, value)
    return _folded(field, encoded_words(value, room=room))


def address_field(field: str, *, name: str, email: str) -> str:
    """Return a field with exactly one mailbox: `To`, `From`, `Reply-To`."""
    address = mailable(field, email)
    if not name:
        return _folded(field, [address])
    return _phrase_field(field, name, f"<{address}>")


def list_id_field(name: str, list_id: str) -> str:
    """Return `List-Id` (RFC 2919): a name for people, and an identifier in the sender's domain."""
    domain = ascii_domain(list_id)
    if not is_domain(domain):
        raise HeaderError("List-Id", f"'{list_id}' is not like news.example.com")
    return _phrase_field("List-Id", name, f"<{domain}>")


def date_field(when: dt.datetime) -> str:
    """Return `Date` with a numeric zone (RFC 5322 section 3.3); *when* must have a zone."""
    if when.tzinfo is None:
        raise HeaderError("Date", "the time has no zone")
    return f"Date: {format_datetime(when)}\n"


def unsubscribe_fields(url: str, *, one_click: bool) -> str:
    """
    Return `List-Unsubscribe` with one address, and `List-Unsubscribe-Post` where it may stand.

    RFC 8058 section 3.1: the Post field only beside an https address that takes the POST. The
    address is never folded inside nor encoded, however long: mail programs would not undo it.
    """
    if not _URL.fullmatch(url):
        raise HeaderError("List-Unsubscribe", "it must be https: or mailto: in plain ASCII")
    field = _folded("List-Unsubscribe", [f"<{url}>"])
    if one_click and url.startswith("https://"):
        field += "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n"
    return field


def _phrase_field(field: str, name: str, bracket: str) -> str:
    """
    Return a field with the name as a phrase: bare words, a quoted string or encoded words.

    A quoted string is folded at its single spaces only, and so never loses its quotes.
    """
    if _QUOTED.fullmatch(name) and "=?" not in name:
        phrase = name if _BARE_PHRASE.fullmatch(name) else _quoted(name)
        if len(field) + 3 + len(phrase) + len(bracket) <= WIDTH:
            return f"{field}: {phrase} {bracket}\n"
        if "  " not in phrase and _longest_word(phrase) <= WIDTH - len(field) - 2:
            return _folded(field, [*phrase.split(" "), bracket])
    refuse_unsafe(field, name)
    if _ISOLATES.search(name):
        raise HeaderError(field, "the name holds an invisible mark of direction")
    return _folded(field, [*encoded_words(name, room=WIDTH - len(field) - 2), bracket])


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _longest_word(text: str) -> int:
    return max(map(len, text.split(" ")))


def _folded(field: str, words: Iterable[str]) -> str:
    """Fold the words into lines; a word that is too long gets a line to itself."""
    line = f"{field}:"
    lines = []
    for word in words:
        if len(line) + 1 + len(word) > WIDTH and line:
            lines.append(line)
            line = ""
        line += f" {word}"
    return "\n".join([*lines, line, ""])
