"""The firm's own mailbox by IMAP: its drafts, what it sent, what came in."""

from __future__ import annotations

import datetime as dt
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from email import policy
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from typing import NamedTuple

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from newsletter.model.account import Server
from newsletter.sending.smtp import Broken, LoginRefused

DRAFTS, SENT = "Drafts", "Sent"
_SECONDS = 60
_AT_ONCE = 500
"""Messages whose headers are asked for in one command."""
_LONGEST = 256 * 1024
"""Bytes of a message that are fetched: words come first, attachments are not looked at."""
_FLAGS = {DRAFTS: b"\\Drafts", SENT: b"\\Sent"}
"""RFC 6154."""
_NAMES = {
    DRAFTS: (
        "drafts", "draft", "entwürfe", "entwurf", "brouillons", "borradores", "bozze", "concepten",
        "rascunhos", "szkice", "wersje robocze", "utkast", "kladder", "kladde", "luonnokset",
        "koncepty", "rozepsané", "piszkozatok", "ciorne", "taslaklar", "черновики", "чернетки",
        "πρόχειρα", "下書き", "草稿", "草稿箱", "임시 보관함", "טיוטות", "مسودات",
    ),
    SENT: (
        "sent", "sent items", "sent messages", "sent mail", "gesendet", "gesendete objekte",
        "gesendete elemente", "gesendete nachrichten", "postausgang gesendet", "envoyés",
        "messages envoyés", "éléments envoyés", "enviados", "elementos enviados",
        "itens enviados", "posta inviata", "inviati", "inviata", "verzonden",
        "verzonden items", "wysłane", "elementy wysłane", "skickat", "sendt", "sendte elementer",
        "lähetetyt", "odeslané", "elküldött", "trimise", "gönderilmiş", "отправленные",
        "надіслані", "απεσταλμένα", "送信済み", "已发送", "寄件備份", "보낸편지함",
        "נשלחו", "المرسلة",
    ),
}  # fmt: skip
"""Names of these folders in small letters, where a server does not say which they are."""


class Kept(NamedTuple):
    """A message in a folder, by what its header says."""

    message_id: str
    to: frozenset[str]
    """Addresses in small letters."""
    subject: str
    arrived: dt.datetime | None


class Mailbox:
    """A connection to a mailbox, logged in. Not thread-safe."""

    def __init__(self, client: IMAPClient) -> None:
        self._client = client

    def folder(self, use: str) -> str:
        """
        Return the name of the folder for DRAFTS or SENT; empty if there is none.

        By what the server says (RFC 6154), else by its name in many languages.
        """
        folders = self._client.list_folders()
        for flags, _, name in folders:
            if _FLAGS[use] in flags:
                return str(name)
        for _, delimiter, name in folders:
            last = name.rpartition((delimiter or b"/").decode())[2]
            if last.casefold() in _NAMES[use]:
                return str(name)
        return ""

    def messages(self, folder: str, *, since: dt.date | None = None) -> Iterator[Kept]:
        """Yield the messages of a folder by their headers; nothing is marked as read."""
        self._client.select_folder(folder, readonly=True)
        numbers = self._client.search(["SINCE", since] if since else "ALL")
        fields = "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID TO SUBJECT)]"
        for begin in range(0, len(numbers), _AT_ONCE):
            part = numbers[begin : begin + _AT_ONCE]
            for data in self._client.fetch(part, [fields, "INTERNALDATE"]).values():
                header = next(value for key, value in data.items() if key.startswith(b"BODY"))
                yield _kept(header, data.get(b"INTERNALDATE"))

    def validity(self, folder: str) -> str:
        """Return the UIDVALIDITY of a folder: if it changes, its numbers mean other messages."""
        return str(self._client.select_folder(folder, readonly=True)[b"UIDVALIDITY"])

    def contents(self, folder: str, *, after: int, since: dt.date) -> Iterator[tuple[int, bytes]]:
        """
        Yield number (UID) and content of messages after a number and from a day on.

        Marks none as read. Of long messages, it is the beginning.
        """
        self._client.select_folder(folder, readonly=True)
        numbers = self._client.search(["UID", f"{after + 1}:*", "SINCE", since])
        for number in sorted(number for number in numbers if number > after):
            data = self._client.fetch([number], [f"BODY.PEEK[]<0.{_LONGEST}>"])
            if number in data:  # else it was deleted just now
                yield number, data[number][b"BODY[]<0>"]

    def add_draft(self, folder: str, content: bytes) -> None:
        """Put a message (LF line ends) into the folder for drafts."""
        whole = content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        self._client.append(folder, whole, flags=(b"\\Draft", b"\\Seen"))


def _kept(header: bytes, arrived: dt.datetime | None) -> Kept:
    parsed = BytesHeaderParser(policy=policy.compat32).parsebytes(header)
    addresses: Iterable[tuple[str, str]] = getaddresses([str(parsed.get("To", ""))])
    subject = BytesHeaderParser(policy=policy.default).parsebytes(header).get("Subject", "")
    return Kept(
        message_id=str(parsed.get("Message-ID", "")).strip(),
        to=frozenset(address.lower() for _, address in addresses if address),
        subject=" ".join(str(subject).split()),
        arrived=arrived,
    )


@contextmanager
def open_mailbox(server: Server, *, user: str, password: str) -> Iterator[Mailbox]:
    """
    Open a mailbox.

    Raises LoginRefused, and Broken if the server cannot be reached or the connection breaks.
    """
    secure = server.security == "tls"
    context = ssl.create_default_context() if server.security != "none" else None
    try:
        with IMAPClient(
            server.host, server.port, ssl=secure, ssl_context=context, timeout=_SECONDS
        ) as client:
            if server.security == "starttls":
                client.starttls(context)
            try:
                is_plain = user.isascii() and password.isascii()
                (client.login if is_plain else client.plain_login)(user, password)  # RFC 4616
            except LoginError as error:
                raise LoginRefused(str(error)) from error
            yield Mailbox(client)
    except (OSError, IMAPClientError) as error:
        raise Broken(str(error)) from error
