"""Escapes a value for its position: text, attribute, address, style, header, plain text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from numbers import Number
from urllib.parse import SplitResult, quote, urlsplit

from jinja2 import Undefined
from markupsafe import escape

from newsletter.model.domains import ascii_domain
from newsletter.model.template import Position, Slot
from newsletter.rules.missing import Missing

PRINT_IT = "print it with | join(', ') or a loop"
_PRINTABLE = (str, Number, dt.date, dt.time)
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029"
    "\u202a-\u202e\u2066-\u2069"  # these change the direction of all following text
    "\ud800-\udfff\ufffe\uffff"  # not characters
    "\ue000-\ue002]"  # and these are our tokens
)
_HARMLESS = re.compile(r"[\w !#$%()*+,./:;=?@\[\]^`{|}~-]*", re.ASCII)
"""Text that no place in HTML or plain text changes: most values."""
_PLAIN_URL = re.compile(r"https?://[a-z0-9.-]+(?:/[\w./~-]*)?(?:\?[\w.=~-]*)?", re.ASCII)
_STYLE = re.compile(r"[#A-Za-z0-9.,% -]*")
_SCHEMES = {"http", "https", "mailto", "tel", "cid"}
"""`cid:` is a picture inside the message (RFC 2392)."""
_SAFE_URL = "%/:?#[]@!$&'()*+,;=-._~"
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


class BadValue(Exception):  # noqa: N818  # says what it is; it becomes a Failure
    """A customer's value that its place in the template cannot hold."""

    def __init__(self, message: str, *, kind: str = "", empty: bool = False) -> None:
        self.message, self.empty = message, empty
        self.kind = kind
        """How it is told to the team: the end of a phrase of reasons."""
        self.slot: Slot | None = None
        """The slot that it is a value of; the writer of the slot sets it."""
        super().__init__(message)


def in_plain(value: object) -> str:
    """
    Return a value for the plain-text part.

    Raises:
        BadValue: if it is missing, no text, number or date, or holds control characters.
    """
    if type(value) is str and _HARMLESS.fullmatch(value):
        return value
    if value is None or isinstance(value, Missing):
        raise BadValue("is empty", empty=True)
    if isinstance(value, Undefined):
        return ""  # from `a if condition` without an else
    if not isinstance(value, _PRINTABLE):
        raise BadValue(f"is a list; {PRINT_IT}", kind="list")
    text = str(value)
    if _CONTROL.search(text):
        raise BadValue("contains a control character", kind="character")
    return text


def in_header(value: object) -> str:
    """Return a value for the subject: one line."""
    return " ".join(in_plain(value).split())


def in_text(value: object) -> str:
    """Return a value for HTML text or an attribute."""
    if type(value) is str and _HARMLESS.fullmatch(value):
        return value
    return str(escape(in_plain(value)))


def in_style(value: object) -> str:
    """Return a value for a style: colours, lengths and names only (standards I3)."""
    text = in_plain(value)
    if not _STYLE.fullmatch(text):
        raise BadValue("cannot stand in a style", kind="style")
    return text


def in_url(value: object) -> str:
    """Return a whole web address: scheme checked, host in A-labels, encoded once."""
    if type(value) is str and _PLAIN_URL.fullmatch(value):
        return value
    text = in_plain(value)
    try:
        parts = urlsplit(text)
        host = _host(parts)
    except ValueError as error:
        raise BadValue("is not a web address", kind="address") from error
    if re.search(r"^\s|\s$|[\t\n]", text) or parts.scheme.lower() not in _SCHEMES:
        message = "is not a web address (those begin with https://, mailto: or tel:)"
        raise BadValue(message, kind="address")
    address = parts._replace(netloc=host).geturl()
    return str(escape(quote(_LONE_PERCENT.sub("%25", address), safe=_SAFE_URL)))


def _host(parts: SplitResult) -> str:
    """
    Return host and port of an address.

    Raises:
        ValueError: for none, one behind a name (`https://bank.example@…`), or one of no registry.
    """
    if not parts.netloc and parts.scheme.lower() not in ("http", "https"):
        return ""
    if not parts.hostname or "@" in parts.netloc:
        raise ValueError(parts.netloc)
    if parts.netloc.isascii():
        return parts.netloc
    host = ascii_domain(parts.hostname)
    if not host.isascii():
        raise ValueError(host)
    return host if parts.port is None else f"{host}:{parts.port}"


def in_url_part(value: object) -> str:
    """Return a part of a web address, percent-encoded."""
    return quote(in_plain(value), safe="")


def in_contact(value: object) -> str:
    """Return the part after `mailto:` or `tel:` (RFC 6068, RFC 3966: `@` and `+` stay)."""
    return quote(in_plain(value), safe="@+")


WRITERS: Mapping[Position, Callable[[object], str]] = {
    "plain": in_plain,
    "header": in_header,
    "text": in_text,
    "attribute": in_text,
    "style": in_style,
    "url": in_url,
    "url_part": in_url_part,
    "contact": in_contact,
}
"""Position → the function that writes a value there."""
