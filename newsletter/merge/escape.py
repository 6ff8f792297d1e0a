"""How a value is written where it stands: text, attribute, address, style, header, plain text."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote, urlsplit

from jinja2 import Undefined
from markupsafe import Markup, escape

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ue000-\ue002]")
_STYLE = re.compile(r"[#A-Za-z0-9.,% -]*")
_SCHEMES = {"http", "https", "mailto", "tel"}
_SAFE_URL = "%/:?#[]@!$&'()*+,;=-._~"


class BadValue(Exception):
    """A customer's value that cannot stand where the template puts it."""

    def __init__(self, slot: int, message: str, *, empty: bool = False) -> None:
        self.slot, self.message, self.empty = slot, message, empty
        super().__init__(message)


def plain(value: object, slot: int) -> str:
    """
    Return a value as text.

    Raises:
        BadValue: if it is missing, a list, or holds control characters.
    """
    if value is None or value == "" or isinstance(value, Undefined):
        raise BadValue(slot, "is empty", empty=True)
    if isinstance(value, (list, tuple, dict)):
        raise BadValue(slot, "is a list; print it with | join(', ') or a loop")
    text = str(value)
    if _CONTROL.search(text):
        raise BadValue(slot, "holds a control character")
    return text


def in_plain(value: object, slot: int) -> str:
    """Return a value for the plain-text part."""
    return plain(value, slot)


def in_header(value: object, slot: int) -> str:
    """Return a value for the subject: one line."""
    return " ".join(plain(value, slot).split())


def in_text(value: object, slot: int) -> str:
    """Return a value for HTML text or an attribute."""
    text = plain(value, slot)
    return str(value) if isinstance(value, Markup) else str(escape(text))


def in_style(value: object, slot: int) -> str:
    """Return a value for a style: colours, lengths and names only (standards I3)."""
    text = plain(value, slot)
    if not _STYLE.fullmatch(text):
        raise BadValue(slot, "cannot stand in a style")
    return text


def in_url(value: object, slot: int) -> str:
    """Return a whole web address for an attribute: its scheme checked, its host in A-labels, encoded once."""
    text = plain(value, slot)
    try:
        parts = urlsplit(text)
        host = parts.netloc.encode("idna").decode() if not parts.netloc.isascii() else parts.netloc
    except ValueError as error:
        raise BadValue(slot, "is no web address") from error
    if text != text.strip() or parts.scheme.lower() not in _SCHEMES:
        raise BadValue(slot, "is no web address (it must begin with https://, mailto: or tel:)")
    return str(escape(quote(parts._replace(netloc=host).geturl(), safe=_SAFE_URL)))


def in_url_part(value: object, slot: int) -> str:
    """Return a part of a web address, percent-encoded."""
    return quote(plain(value, slot), safe="")


PLACES: dict[str, Callable[[object, int], str]] = {
    "in_plain": in_plain,
    "in_header": in_header,
    "in_text": in_text,
    "in_attribute": in_text,
    "in_style": in_style,
    "in_url": in_url,
    "in_url_part": in_url_part,
}
"""The filters that end every output of a message template."""
