"""One finished message as the bytes of an .eml file (RFC 5322, RFC 2046)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from newsletter.errors import NewsletterError, Place
from newsletter.export.addresses import HeaderError, mailable
from newsletter.export.headers import (
    address_field,
    date_field,
    list_id_field,
    text_field,
    unsubscribe_fields,
)
from newsletter.export.readback import check_fields
from newsletter.model.message import Envelope, Message

_PART = """
--{boundary}
Content-Type: text/{subtype}; charset=utf-8
Content-Transfer-Encoding: quoted-printable

"""


def eml_writer(envelope: Envelope, *, secret: bytes) -> Callable[[Message], bytes]:
    """Return the function that writes a message as it travels: ASCII, every line ended by CRLF."""
    write = message_writer(envelope, secret=secret)

    def write_eml(message: Message) -> bytes:
        return write(message).replace(b"\n", b"\r\n")

    return write_eml


def message_writer(envelope: Envelope, *, secret: bytes) -> Callable[[Message], bytes]:
    """
    Return the function that writes a message of the edition with LF line ends, for .mbox.

    What all messages share is serialised here, once; an envelope that cannot be is a
    NewsletterError. The function raises HeaderError for a message whose own values must not
    stand in a header, or do not read back as they went in: no recipient is lost or added.
    """
    try:
        fields = _shared_fields(envelope)
        domain = mailable("From", envelope.sender_email).rpartition("@")[2]
    except HeaderError as error:
        raise NewsletterError.at(str(error), Place(path="content/newsletter.yml")) from error
    ids = _keyed(secret, "message-id", envelope.issue)
    boundary = (
        "=_" + _keyed(secret, "boundary", f"{envelope.issue} {envelope.language}").hexdigest()
    )
    shared = f'{fields}Content-Type: multipart/alternative;\n boundary="{boundary}"\n'
    before_text = shared + _PART.format(boundary=boundary, subtype="plain")
    before_html = _PART.format(boundary=boundary, subtype="html")
    end = f"\n--{boundary}--\n"

    def write(message: Message) -> bytes:
        message_id = ids.copy()
        message_id.update(message.token.encode())
        own = _own_fields(message, f"{message_id.hexdigest()}@{domain}", envelope.one_click)
        check_fields(own, message)
        whole = f"{own}{before_text}{message.text}{before_html}{message.html}{end}"
        return whole.encode("ascii")

    return write


def _shared_fields(envelope: Envelope) -> str:
    """
    Return the fields that do not change from message to message, but for `Content-Type`.

    `Auto-Submitted` keeps vacation replies away (RFC 3834).
    """
    reply_to = envelope.reply_to
    return "".join(
        [
            address_field("From", name=envelope.sender_name, email=envelope.sender_email),
            address_field("Reply-To", name="", email=reply_to) if reply_to else "",
            date_field(envelope.date),
            list_id_field(envelope.list_name, envelope.list_id),
            text_field("Content-Language", envelope.language),
            "Auto-Submitted: auto-generated\n",
            "MIME-Version: 1.0\n",
        ]
    )


def _own_fields(message: Message, message_id: str, one_click: bool) -> str:
    to = address_field("To", name=message.name, email=message.email)
    subject = text_field("Subject", message.subject)
    url = message.unsubscribe_url
    unsubscribe = unsubscribe_fields(url, one_click=one_click) if url else ""
    return f"{to}{subject}Message-ID: <{message_id}>\n{unsubscribe}"


def _keyed(secret: bytes, purpose: str, text: str) -> hashlib.blake2b:
    """
    Return a keyed hash that is the same in every build and says nothing about the customer.

    A boundary made of it cannot occur in a quoted-printable body, where `=_` never stands.
    """
    key = hashlib.sha256(secret).digest()
    return hashlib.blake2b(text.encode() + b"\0", key=key, person=purpose.encode(), digest_size=16)
