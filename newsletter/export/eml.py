"""Headers and boundaries around the bodies of messages (RFC 5322, RFC 2046), and .mbox files."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from newsletter.errors import NewsletterError, Place
from newsletter.export.carried_pictures import CarriedPictures, PictureParts
from newsletter.export.headers import (
    HeaderError,
    address_field,
    date_field,
    list_id_field,
    mailable,
    text_field,
    unsubscribe_fields,
)
from newsletter.export.senders import MessageSender
from newsletter.export.simple_headers import (
    EXPECTED,
    simple_subject,
    simple_to,
    simple_unsubscribe,
)
from newsletter.merge.failures import Failure
from newsletter.merge.quoted_printable import decode
from newsletter.model.template import Envelope

_PART = """
--{boundary}
Content-Type: text/{subtype}; charset=utf-8
Content-Transfer-Encoding: quoted-printable

"""
_RELATED = """
--{boundary}
Content-Type: multipart/related; type="text/html";
 boundary="{inner}"
"""
_BOUNDARIES = ("boundary", "related")


@dataclass(frozen=True)
class MessageHeaders:
    """Writes headers and boundaries around the bodies of a mailing's messages: LF, ASCII."""

    between: tuple[bytes, bytes, bytes]
    """The bytes before the text, between text and HTML, and after it: the same for all."""
    _domain: str
    _begun: hashlib.blake2b
    _one_click: bool
    _sender: MessageSender
    _pictures: PictureParts | None = None
    """None: no message carries any."""

    def after(self, content: bytes) -> list[bytes]:
        """Return what follows the bodies of a message: the pictures that it carries."""
        return self._pictures.after(content) if self._pictures else []

    def of(
        self, recipients: pl.DataFrame, subjects: Sequence[str | Failure]
    ) -> list[bytes | Failure]:
        """
        Return each recipient's fields: To, Subject, Message-ID, List-Unsubscribe, From, Reply-To.

        Passes failures on. A value that a header cannot hold becomes a failure. So do fields that
        differ from the expected ones, so that no recipient is lost or added.
        """
        failed: dict[int, Failure] = {}
        lines = [subject if isinstance(subject, str) else None for subject in subjects]
        table = recipients.select(
            "id", "token", "email", pl.col("name", "unsubscribe_url").fill_null("")
        ).with_columns(
            pl.Series("subject", lines, dtype=pl.String),
            pl.Series("id_line", self._id_lines(recipients["token"].to_list()), dtype=pl.String),
        )
        fields = table.select(
            to=simple_to(),
            subject=simple_subject(),
            unsubscribe=simple_unsubscribe(self._one_click),
        )
        columns = [
            _filled(fields["to"], table, self._to, failed),
            _filled(fields["subject"], table, self._subject, failed),
            table["id_line"],
            _filled(fields["unsubscribe"], table, self._unsubscribe, failed),
        ]
        heads = pl.DataFrame(columns).select(pl.concat_str(pl.all()))["to"]
        wrong = (heads.is_not_null() & ~heads.str.contains(EXPECTED)).arg_true()
        for row in wrong:
            failed[row] = _failure(table, row, HeaderError("header", "it is not valid"))
        if None in lines:
            failed |= {n: s for n, s in enumerate(subjects) if isinstance(s, Failure)}
        whole = heads + self._sender.fields(recipients)
        written: list[bytes | Failure] = whole.cast(pl.Binary).to_list()
        for row, failure in failed.items():
            written[row] = failure
        return written

    def html(self, content: bytes) -> str:
        """Return the HTML of a finished message."""
        return decode(content[self._html_begins(content) : -len(self.between[2])].decode("ascii"))

    def html_size(self, content: bytes) -> int:
        """Return the bytes of that HTML without decoding it."""
        begin, end = self._html_begins(content), len(content) - len(self.between[2])
        # Quoted-printable adds two bytes with each `=`: `=C3` and the end of a line it broke.
        return end - begin - 2 * content.count(b"=", begin, end)

    def _html_begins(self, content: bytes) -> int:
        middle = self.between[1]
        return content.rindex(middle) + len(middle)

    def message_ids(self, tokens: Iterable[str]) -> list[str]:
        """Return the Message-ID of the message to each customer: the same in every build."""
        begin, end = self._begun.copy, f"@{self._domain}>"
        ids = []
        for token in tokens:
            message_id = begin()
            message_id.update(token.encode())
            ids.append(f"<{message_id.hexdigest()}{end}")
        return ids

    def _id_lines(self, tokens: Iterable[str]) -> list[str]:
        return [f"Message-ID: {message_id}\n" for message_id in self.message_ids(tokens)]

    @staticmethod
    def _to(row: dict[str, str]) -> str:
        return address_field("To", name=row["name"], email=row["email"])

    @staticmethod
    def _subject(row: dict[str, str]) -> str:
        return text_field("Subject", row["subject"])

    def _unsubscribe(self, row: dict[str, str]) -> str:
        url = row["unsubscribe_url"]
        return unsubscribe_fields(url, one_click=self._one_click) if url else ""


def message_headers(
    envelope: Envelope,
    sender: MessageSender,
    *,
    secret: bytes,
    pictures: CarriedPictures | None = None,
) -> MessageHeaders:
    """
    Return the headers of a mailing, whose messages carry *pictures*; None: they carry none.

    Fields that all messages share are serialised once, here.

    Raises:
        NewsletterError: for an envelope that cannot be written.
    """
    try:
        fields = _shared_fields(envelope)
        sender.check()
        domain = mailable("From", envelope.sender_email).rpartition("@")[2]
    except HeaderError as error:
        raise NewsletterError.at(str(error), Place(path="content/newsletter.yml")) from error
    edition = f"{envelope.issue} {envelope.language}"
    boundary, inner = ("=_" + _keyed(secret, kind, edition).hexdigest() for kind in _BOUNDARIES)
    shared = f'{fields}Content-Type: multipart/alternative;\n boundary="{boundary}"\n'
    before = shared + _PART.format(boundary=boundary, subtype="plain")
    middle, end = _PART.format(boundary=boundary, subtype="html"), f"\n--{boundary}--\n"
    parts = None
    if pictures:
        parts = PictureParts(pictures, inner, end.encode("ascii"))
        related = _RELATED.format(boundary=boundary, inner=inner)
        middle, end = related + _PART.format(boundary=inner, subtype="html"), f"\n--{inner}"
    first, second, third = (text.encode("ascii") for text in (before, middle, end))
    begun = _keyed(secret, "message-id", envelope.issue)
    return MessageHeaders((first, second, third), domain, begun, envelope.one_click, sender, parts)


def _filled(
    column: pl.Series,
    table: pl.DataFrame,
    write: Callable[[dict[str, str]], str],
    failed: dict[int, Failure],
) -> pl.Series:
    """Return the column of fields; *write* fills its nulls one by one."""
    rows = column.is_null().arg_true()
    return (
        column.scatter(rows, list(_written(table, rows, write, failed))) if len(rows) else column
    )


def _written(
    table: pl.DataFrame,
    rows: pl.Series,
    write: Callable[[dict[str, str]], str],
    failed: dict[int, Failure],
) -> Iterator[str | None]:
    for number, row in zip(rows, table[rows].iter_rows(named=True), strict=True):
        try:
            yield write(row) if row["subject"] is not None else None
        except HeaderError as error:
            failed.setdefault(number, Failure(row["id"], None, str(error), False, "header"))
            yield None


def _failure(table: pl.DataFrame, row: int, error: HeaderError) -> Failure:
    return Failure(table["id"][row], None, str(error), False, "header")


def _shared_fields(envelope: Envelope) -> str:
    """
    Return the fields that are the same in every message, except `Content-Type`.

    `Auto-Submitted` keeps vacation replies away (RFC 3834).
    """
    return "".join(
        [
            date_field(envelope.date),
            list_id_field(envelope.list_name, envelope.list_id),
            text_field("Content-Language", envelope.language),
            "Auto-Submitted: auto-generated\n",
            "MIME-Version: 1.0\n",
        ]
    )


def _keyed(secret: bytes, purpose: str, text: str) -> hashlib.blake2b:
    """
    Return a keyed hash, the same in every build, that reveals nothing about the customer.

    A boundary made of it cannot occur in a quoted-printable body, which never contains `=_`.
    """
    key = hashlib.sha256(secret).digest()
    return hashlib.blake2b(text.encode() + b"\0", key=key, person=purpose.encode(), digest_size=16)


_FROM_LINE = re.compile(rb"\n(>*From )")


def mbox_chunks(
    messages: Iterable[bytes], *, sender: str, date: dt.datetime, quoted: bool = False
) -> Iterator[bytes]:
    """
    Yield the chunks of the file: a `From ` line, a message with LF line ends, a blank line.

    CRLF becomes LF. Lines that begin with `From ` or `>From ` get another `>`, which every reader
    can undo. *quoted* says that messages have LF line ends and no such line (quoted-printable
    writes `=46rom `), which spares a search as costly as making the message. *date* has a zone;
    the line shows it in UTC.
    """
    address = mailable("From", sender)
    line = f"From {address} {date.astimezone(dt.UTC).ctime()}\n".encode("ascii")
    for message in messages:
        yield line
        yield message if quoted else _FROM_LINE.sub(rb"\n>\1", message.replace(b"\r\n", b"\n"))
        yield b"\n"
