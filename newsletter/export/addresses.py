"""Email addresses as plain SMTP carries them, and the values that no header may hold."""

from __future__ import annotations

import re

from newsletter.model.domains import ascii_domain

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ud800-\udfff]|=\?")
ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
_DOMAIN = re.compile(rf"(?=[a-z0-9.-]{{1,253}}$)(?:{_LABEL}\.)+{_LABEL}")
_ADDRESS = re.compile(rf"({ATEXT}(?:\.{ATEXT})*)@{_DOMAIN.pattern}")


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
    raise HeaderError(field, f"it holds the control character U+{ord(unsafe[0]):04X}")


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
    """Return whether it is a host name of two labels or more, in lower case and A-labels."""
    return _DOMAIN.fullmatch(domain) is not None
