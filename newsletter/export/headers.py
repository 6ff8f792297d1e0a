"""Writes header fields of a message, because Python's writer can lose and add recipients.

Every function takes plain text and returns finished fields, folded at 76 columns, ended by LF.
"""

from __future__ import annotations

import binascii
import datetime as dt
import re
from collections.abc import Iterable, Iterator
from email.utils import format_datetime
from functools import lru_cache

from newsletter.model.domains import ascii_domain

WIDTH = 76
"""Columns of a line: RFC 2047 section 2 allows no more if it has an encoded word."""

ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ud800-\udfff]|=\?")
_LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
_DOMAIN = re.compile(rf"(?=[a-z0-9.-]{{1,253}}$)(?:{_LABEL}\.)+{_LABEL}")
_ADDRESS = re.compile(rf"({ATEXT}(?:\.{ATEXT})*)@{_DOMAIN.pattern}")
_PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*")
_BARE_PHRASE = re.compile(rf"{ATEXT}(?: {ATEXT})*")
_IN_QUOTES = re.compile(r"[ !#-\[\]-~]+")
_ISOLATES = re.compile(r"[\u2066-\u2069]")
_URL = re.compile(r"(?:https://|mailto:)[!#-;=?-Z\[\]_a-z~]+")


def text_field(field: str, value: str) -> str:
    """Return an unstructured field (`Subject`); text beyond plain ASCII becomes encoded words."""
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
        raise HeaderError("List-Id", f"'{list_id}' is not a name such as news.example.com")
    return _phrase_field("List-Id", name, f"<{domain}>")


def date_field(when: dt.datetime) -> str:
    """Return `Date` with a numeric zone (RFC 5322 section 3.3); *when* must have a zone."""
    if when.tzinfo is None:
        raise HeaderError("Date", "the time has no time zone")
    return f"Date: {format_datetime(when)}\n"


def unsubscribe_fields(url: str, *, one_click: bool) -> str:
    """
    Return `List-Unsubscribe` with one address, and `List-Unsubscribe-Post` if allowed.

    RFC 8058 section 3.1: only an https address that accepts the POST has the Post field. The
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

    Only bare words are folded, and a quoted string holds neither quotes nor backslashes: some
    readers lose the address after either.
    """
    if _BARE_PHRASE.fullmatch(name) and "=?" not in name:
        if _longest_word(name) <= WIDTH - len(field) - 2:
            return _folded(field, [*name.split(" "), bracket])
    elif _IN_QUOTES.fullmatch(name) and "=?" not in name:
        line = f'{field}: "{name}" {bracket}'
        if len(line) <= WIDTH:
            return f"{line}\n"
    refuse_unsafe(field, name)
    if _ISOLATES.search(name):
        raise HeaderError(field, "the name holds an invisible mark of direction")
    return _folded(field, [*encoded_words(name, room=WIDTH - len(field) - 2), bracket])


def _longest_word(text: str) -> int:
    return max(map(len, text.split(" ")))


def _folded(field: str, words: Iterable[str]) -> str:
    """Fold the words into lines; a word that is too long gets its own line."""
    line = f"{field}:"
    lines = []
    for word in words:
        if len(line) + 1 + len(word) > WIDTH and line:
            lines.append(line)
            line = ""
        line += f" {word}"
    return "\n".join([*lines, line, ""])


class HeaderError(ValueError):
    """A value that must not go into a header: *field* says which, *reason* why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


def refuse_unsafe(field: str, value: str) -> None:
    """Raise HeaderError for control characters, lone surrogates and the mark of encoded words."""
    if not (unsafe := _UNSAFE.search(value)):
        return
    if unsafe[0] == "=?":
        raise HeaderError(field, "'=?' would be read as an encoded word")
    raise HeaderError(field, f"it contains the control character U+{ord(unsafe[0]):04X}")


def mailable(field: str, email: str) -> str:
    """Return the address with its domain in A-labels; refuse what plain SMTP cannot carry."""
    address = _ADDRESS.fullmatch(email)
    if not address:
        refuse_unsafe(field, email)
        local, _, domain = email.rpartition("@")
        if not local.isascii():
            raise HeaderError(field, "letters that are not ASCII stand before the @ (RFC 6531)")
        email = f"{local}@{ascii_domain(domain)}"
        address = _ADDRESS.fullmatch(email)
    if not address or "=?" in email:
        raise HeaderError(field, "this is not an email address")
    if len(address[1]) > 64:  # RFC 5321 section 4.5.3.1.1
        raise HeaderError(field, "there are more than 64 characters before the @")
    return email


def is_domain(domain: str) -> bool:
    """Return whether it is a host name of at least two labels, in lower case and A-labels."""
    return _DOMAIN.fullmatch(domain) is not None


LONGEST = 75
"""Characters of an encoded word, its marks included (RFC 2047 section 2)."""

# Section 5 (3): characters that stay as they are in an encoded word of a display name.
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
