"""A server for outgoing mail on this machine that keeps what it takes and can be made to fail."""

from __future__ import annotations

import datetime as dt
import email
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from newsletter.model.account import Server
from newsletter.sending.smtp import Connection

Fault = Callable[[str, str], str]
"""Takes a step (MAIL, RCPT, DATA) and an address; returns an answer, nothing if all is well."""


@dataclass
class Clock:
    """A clock that tests set."""

    time: dt.datetime

    def __call__(self) -> dt.datetime:
        """Return the time."""
        return self.time


@dataclass
class Sink:
    """What a server took, and how to reach it."""

    server: Server
    messages: list[Envelope] = field(default_factory=list)
    logins: int = 0
    connections: int = 0
    fault: Fault = lambda step, recipient: ""

    def connect(self) -> Connection:
        """Return a connection to it."""
        return Connection(self.server, user="shop", password="secret")

    @property
    def ids(self) -> list[str]:
        """The Message-ID of each message, in order."""
        contents = (envelope.content or b"" for envelope in self.messages)
        return [email.message_from_bytes(bytes(c))["Message-ID"] for c in contents]


class _Handler:
    def __init__(self, sink: Sink) -> None:
        self.sink = sink

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        if not session.authenticated:
            return "530 log in first"
        return self.sink.fault("MAIL", address) or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.sink.fault("RCPT", address)
        if not answer:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        (recipient,) = envelope.rcpt_tos
        answer = self.sink.fault("DATA", recipient)
        if not answer or answer.startswith("lost"):  # it takes the message, and nobody hears it
            self.sink.messages.append(envelope)
        if answer.startswith(("lost", "gone")):
            assert server.transport is not None
            server.transport.abort()
            return "421 gone"
        return answer or "250 OK"


@contextmanager
def smtp_sink(*, password: str = "secret") -> Iterator[Sink]:
    """Run a server that wants a password."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    sink = Sink(Server("127.0.0.1", port, "none"))

    def authenticated(
        server: Any, session: Any, envelope: Any, mechanism: str, data: Any
    ) -> AuthResult:
        sink.logins += 1
        return AuthResult(success=data.password == password.encode(), handled=False)

    controller = Controller(
        _Handler(sink),
        hostname="127.0.0.1",
        port=port,
        authenticator=authenticated,
        auth_require_tls=False,
    )
    controller.start()
    try:
        yield sink
    finally:
        controller.stop(no_assert=True)
