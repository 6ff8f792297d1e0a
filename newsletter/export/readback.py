"""Reads a message's own header fields back before it leaves: one recipient, and nothing added.

The second lock behind headers.py, written apart from it: what it reads must be what was meant.
"""

from __future__ import annotations

import binascii
import re

from newsletter.export.addresses import HeaderError, mailable
from newsletter.model.message import Message

_VALUE = r"((?:\n? [!-~][ -~]*)+)\n"
_FIELDS = re.compile(
    rf"To:{_VALUE}Subject:{_VALUE}Message-ID: <[0-9a-f]{{32}}@[a-z0-9.-]+>\n"
    rf"(?:List-Unsubscribe:\n? <([!-;=?-~]+)>\n"
    rf"(?:List-Unsubscribe-Post: List-Unsubscribe=One-Click\n)?)?"
)
_PHRASE = r'"(?:[^"\\]|\\.)*"|[^"\\<>@,;:()\[\]]+'
_ADDRESS = r'[^"<>\s@,;:()]+@[a-z0-9.-]+'
_MAILBOX = re.compile(
    rf" (?:(?P<phrase>{_PHRASE}) <(?P<address>{_ADDRESS})>|(?P<bare>{_ADDRESS}))"
)
_WORD = re.compile(r"=\?utf-8\?([qb])\?([!->@-~]*)\?=")


def check_fields(fields: str, message: Message) -> None:
    """Raise HeaderError unless the fields are the expected ones and hold the message's values."""
    found = _FIELDS.fullmatch(fields)
    if not found:
        raise HeaderError("header", "it does not hold exactly the expected fields")
    to, subject, unsubscribe = found.groups()
    mailbox = _MAILBOX.fullmatch(_unfolded(to))
    if not mailbox:
        raise HeaderError("To", "it does not hold exactly one recipient")
    address = mailbox["address"] or mailbox["bare"]
    if address != message.email and address != mailable("To", message.email):
        raise HeaderError("To", "the address reads back as another")
    if _phrase(mailbox["phrase"] or "") != message.name:
        raise HeaderError("To", "the name reads back as another")
    if _text(_unfolded(subject)[1:]) != message.subject:
        raise HeaderError("Subject", "it reads back as another")
    if (unsubscribe or "") != message.unsubscribe_url:
        raise HeaderError("List-Unsubscribe", "it reads back as another")


def _unfolded(value: str) -> str:
    return value.replace("\n", "") if "\n" in value else value


def _phrase(phrase: str) -> str:
    if phrase.startswith('"'):
        return re.sub(r"\\(.)", r"\1", phrase[1:-1]) if "\\" in phrase else phrase[1:-1]
    return _text(phrase)


def _text(text: str) -> str:
    """Decode a value that is made of encoded words only; any other stands for itself."""
    if "=?" not in text:
        return text
    words = [_WORD.fullmatch(word) for word in text.split(" ")]
    if not all(words):
        raise HeaderError("header", "text stands beside encoded words")
    return "".join(_decoded(word[1], word[2]) for word in words if word)


def _decoded(encoding: str, data: str) -> str:
    raw = binascii.a2b_qp(data, header=True) if encoding == "q" else binascii.a2b_base64(data)
    return raw.decode()
