"""One login to a server by SMTP, over which messages go one by one."""

from __future__ import annotations

import base64
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from newsletter.model.account import Server

_SECONDS = 120
"""How long a server may be silent. RFC 5321 (4.5.3.2) wants minutes."""
_HERE = "[127.0.0.1]"
"""How we greet servers: the name of a laptop is nobody's business (RFC 5321, 4.1.3)."""


@dataclass(frozen=True)
class Answer:
    """What a server said, and to what: MAIL, RCPT, DATA, or the end of the message."""

    code: int
    text: str
    to: str

    @property
    def good(self) -> bool:
        """Whether it took the message."""
        return self.to == "end" and 200 <= self.code < 300

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class Broken(Exception):  # noqa: N818  # says what happened
    """The server cannot be reached, or the connection broke before a message had ended."""


class Unknown(Exception):  # noqa: N818  # says what is known
    """The connection broke after the message had ended: it may have gone out, or not."""


class LoginRefused(Exception):  # noqa: N818  # says what happened
    """The server did not accept the password."""


class Connection:
    """A connection to a server, logged in. Not thread-safe."""

    def __init__(self, server: Server, *, user: str, password: str) -> None:
        """Log in; raises Broken or LoginRefused."""
        with _breaking():
            self._smtp = _connected(server)
            try:
                # The end of a message is a packet of its own; without this it waits 40 ms for the
                # receipt of the one before (RFC 896, RFC 1122 4.2.3.2).
                if channel := self._smtp.sock:
                    channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                _log_in(self._smtp, user, password)
            except smtplib.SMTPAuthenticationError as error:
                self.close()
                raise LoginRefused(_text(error.smtp_error)) from error
            except BaseException:
                self.close()
                raise

    def send(
        self,
        content: bytes,
        *,
        sender: str,
        recipient: str,
        commit: Callable[[], object] = lambda: None,
    ) -> Answer:
        """
        Send a message (LF line ends) to one recipient.

        Calls *commit* when all but the final dot is on its way: only after the dot does the
        server take the message. Raises Broken if the connection breaks before, and Unknown if it
        breaks after the commit.
        """
        with _breaking():
            if refusal := self._refusal(sender, recipient):
                self._asked("RSET")
                return refusal
            self._smtp.send(_dotted(content))
        commit()
        try:
            self._smtp.send(b".\r\n")
            code, text = self._smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise Unknown(str(error)) from error
        return Answer(code, _text(text), "end")

    def _refusal(self, sender: str, recipient: str) -> Answer | None:
        """Return the first answer that does not let us go on to the message."""
        commands = {"MAIL": f"FROM:<{sender}>", "RCPT": f"TO:<{recipient}>", "DATA": ""}
        for command, arguments in commands.items():
            answer = self._asked(command, arguments)
            if answer.code >= 400:
                return answer
        return None

    def close(self) -> None:
        """Say goodbye, if anybody is there."""
        try:
            self._smtp.quit()
        except (OSError, smtplib.SMTPException):
            self._smtp.close()

    def _asked(self, to: str, arguments: str = "") -> Answer:
        code, text = self._smtp.docmd(to, arguments)
        if code == -1:  # smtplib's for an answer that it cannot read
            raise smtplib.SMTPServerDisconnected(f"no answer to {to}")
        return Answer(code, _text(text), to)


@contextmanager
def _breaking() -> Iterator[None]:
    try:
        yield
    except (OSError, smtplib.SMTPException) as error:
        raise Broken(str(error)) from error


def _connected(server: Server) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.security == "tls":
        return smtplib.SMTP_SSL(server.host, server.port, _HERE, timeout=_SECONDS, context=context)
    smtp = smtplib.SMTP(server.host, server.port, _HERE, timeout=_SECONDS)
    try:
        smtp.ehlo()
        if server.security == "starttls":
            smtp.starttls(context=context)
            smtp.ehlo()
    except BaseException:
        smtp.close()
        raise
    return smtp


def _log_in(smtp: smtplib.SMTP, user: str, password: str) -> None:
    """Log in; a password with other letters than ASCII, which smtplib refuses, by RFC 4616."""
    if user.isascii() and password.isascii():
        smtp.login(user, password)
        return
    smtp.ehlo_or_helo_if_needed()
    secret = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
    code, answer = smtp.docmd("AUTH", f"PLAIN {secret}")
    if code != 235:  # RFC 4954, 4
        raise smtplib.SMTPAuthenticationError(code, answer)


def _dotted(content: bytes) -> bytes:
    """Return a message as DATA has it: CRLF, and another dot before one that begins a line."""
    lines = content.replace(b"\r\n", b"\n").removesuffix(b"\n").replace(b"\n", b"\r\n")
    dotted = lines.replace(b"\r\n.", b"\r\n..") + b"\r\n"
    return b"." + dotted if dotted.startswith(b".") else dotted


def _text(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())
