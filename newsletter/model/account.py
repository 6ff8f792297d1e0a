"""The firm's mailbox: its servers, and whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from newsletter.model.strict import Strict

Security = Literal["tls", "starttls", "none"]
_PORTS = {"smtps": 465, "smtp": 587, "imaps": 993, "imap": 143}
"""Scheme of a server's address → its usual port (RFC 6409, RFC 8314, RFC 9051)."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Server:
    """A server for outgoing or incoming mail."""

    host: str
    port: int
    security: Security
    """`none` only on this machine: a password never crosses a network in the clear."""

    @classmethod
    def at(cls, address: str) -> Server:
        """
        Return the server of an address such as `smtps://mail.example.com:465`.

        `smtps` and `imaps` speak TLS from the first byte (RFC 8314), `smtp` and `imap` begin it
        with STARTTLS, except on this machine. Raises ValueError for any other address.
        """
        parts = urlsplit(address)
        port = _PORTS.get(parts.scheme)
        rest = (parts.path.strip("/"), parts.query, parts.fragment, parts.username)
        if port is None or not parts.hostname or any(rest):
            raise ValueError(f"'{address}' is not the address of a mail server")
        secure = parts.scheme in ("smtps", "imaps")
        security: Security = "tls" if secure else "starttls"
        if not secure and parts.hostname in LOOPBACK:
            security = "none"
        return cls(parts.hostname, parts.port or port, security)


def _outgoing(address: str) -> str:
    return _checked(address, "smtps://mail.example.com:465", "smtp")


def _incoming(address: str) -> str:
    return _checked(address, "imaps://mail.example.com:993", "imap") if address else ""


def _checked(address: str, like: str, scheme: str) -> str:
    try:
        Server.at(address)
    except ValueError as error:
        raise ValueError(str(error), f"write it as {like}") from None
    if not address.startswith(scheme):
        raise ValueError(f"'{address}' begins with no '{scheme}'", f"write it as {like}")
    return address


class MailAccount(Strict):
    """The firm's own mailbox, over which messages are sent. Its password is never in a file."""

    user: str
    """The name to log in with, mostly the email address."""
    smtp: Annotated[str, AfterValidator(_outgoing)]
    """The server for outgoing mail: smtps://mail.example.com:465, or smtp://… with STARTTLS."""
    imap: Annotated[str, AfterValidator(_incoming)] = ""
    """The server for incoming mail: imaps://mail.example.com:993; empty: none is used."""
    per_minute: Annotated[int, Field(ge=0)] = 0
    """Messages that the provider takes in a minute; without any limit, those it publishes hold."""
    per_hour: Annotated[int, Field(ge=0)] = 0
    """The same in an hour."""
    per_day: Annotated[int, Field(ge=0)] = 0
    """The same in 24 hours."""
