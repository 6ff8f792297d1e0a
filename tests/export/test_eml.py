"""Finished messages (RFC 5322, RFC 2046), read back by independent readers."""

from __future__ import annotations

import datetime as dt
import email
import json
import quopri
import re
from dataclasses import replace
from email import policy
from email.header import decode_header, make_header
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import NewsletterError
from newsletter.export import eml
from newsletter.export.eml import message_headers
from newsletter.export.headers import HeaderError, address_field, text_field, unsubscribe_fields
from newsletter.export.senders import MessageSender
from newsletter.merge.failures import Failure
from newsletter.model.template import Envelope

NAMES = json.loads(Path(__file__).with_name("names.json").read_text())
SECRET = b"a secret of the project"
ENVELOPE = Envelope(
    issue="2026-11",
    language="de",
    sender_email="hallo@papier.example",
    date=dt.datetime(2026, 11, 5, 9, tzinfo=dt.timezone(dt.timedelta(hours=1))),
    list_name="Papier & Bohne, Neues",
    list_id="news.papier.example",
    one_click=True,
)
SENDER = MessageSender(
    name="Papier & Bohne",
    email="hallo@papier.example",
    reply_to="maya@papier.example",
    personal=True,
)
TEXT = "Hallo Zoë,\n\nFrom here on: = and 5 € .\n.\n" + "lang " * 40 + "\n"
HTML = "<p>Hallo Zoë,</p>\n<p>5 &euro;</p>\n" + "<p>lang</p>" * 40


class Message(NamedTuple):
    """A message before it is written; its bodies are quoted-printable."""

    token: str
    name: str
    email: str
    subject: str
    text: str
    html: str
    unsubscribe_url: str
    manager_name: str | None = None
    manager_email: str | None = None


MESSAGE = Message(
    token="0123456789abcdef0123456789abcdef",
    name="Zoë Müller",
    email="zoe@example.com",
    subject="Zoë, dein Schaufenster im November, mit Terminen für das ganze nächste Jahr",
    text=quopri.encodestring(TEXT.encode()).decode(),
    html=quopri.encodestring(HTML.encode()).decode(),
    unsubscribe_url="https://papier.example/u/0123456789abcdef0123456789abcdef",
)


def heads(
    *messages: Message, envelope: Envelope = ENVELOPE, sender: MessageSender = SENDER
) -> list[bytes | Failure]:
    """Return the headers of messages."""
    people = pl.DataFrame(
        messages, schema=dict.fromkeys(Message._fields, pl.String()), orient="row"
    )
    return message_headers(envelope, sender, secret=SECRET).of(
        people.with_columns(id="token"), [message.subject for message in messages]
    )


def eml_of(
    message: Message = MESSAGE, envelope: Envelope = ENVELOPE, secret: bytes = SECRET
) -> bytes:
    """Return the .eml of a message."""
    headers = message_headers(envelope, SENDER, secret=secret)
    fields = dict.fromkeys(Message._fields, pl.String())
    people = pl.DataFrame([message], schema=fields, orient="row")
    (head,) = headers.of(people.with_columns(id="token"), [message.subject])
    assert isinstance(head, bytes), head
    before, middle, end = headers.between
    content = head + before + message.text.encode() + middle + message.html.encode() + end
    assert headers.html(content) == quopri.decodestring(message.html).decode()
    assert headers.html_size(content) == len(quopri.decodestring(message.html))
    return content.replace(b"\n", b"\r\n")


def test_a_message_reads_back() -> None:
    """Python's own reader gets every field and both bodies as they were written."""
    message = email.message_from_bytes(eml_of(), policy=policy.default)
    assert message["To"].addresses[0].display_name == "Zoë Müller"
    assert message["To"].addresses[0].addr_spec == "zoe@example.com"
    assert message["From"].addresses[0].display_name == "Papier & Bohne"
    assert message["From"].addresses[0].addr_spec == "hallo@papier.example"
    assert message["Reply-To"] == "maya@papier.example"
    assert message["Subject"] == MESSAGE.subject
    assert message["Date"].datetime == ENVELOPE.date
    assert message["List-Id"] == '"Papier & Bohne, Neues" <news.papier.example>'
    assert message["List-Unsubscribe"].strip() == f"<{MESSAGE.unsubscribe_url}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Content-Language"] == "de"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"
    plain, html = message.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert plain.get_content().replace("\r\n", "\n") == TEXT
    assert html.get_content().replace("\r\n", "\n") == HTML
    assert message.defects == plain.defects == html.defects == []


def test_each_field_occurs_once() -> None:
    """RFC 5322 section 3.6, and what large mail providers ask of senders."""
    message = email.message_from_bytes(eml_of(), policy=policy.default)
    assert message.keys() == [
        "To", "Subject", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post",
        "From", "Reply-To", "Date", "List-Id", "Content-Language", "Auto-Submitted",
        "MIME-Version", "Content-Type",
    ]  # fmt: skip


def test_a_message_needs_no_conversion_on_its_way() -> None:
    """ASCII, CRLF only, a final CRLF, and no line over 78 columns."""
    data = eml_of()
    assert data.isascii()
    assert data.endswith(b"\r\n")
    assert b"\0" not in data
    lines = data.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(map(len, lines)) <= 78


def test_the_boundary_cannot_occur_in_a_body() -> None:
    """It contains `=_`, which quoted-printable never writes, and is at most 70 long."""
    boundary = email.message_from_bytes(eml_of()).get_boundary()
    assert boundary is not None
    assert "=_" in boundary
    assert len(boundary) <= 70
    assert boundary not in MESSAGE.text + MESSAGE.html


def test_two_builds_give_the_same_bytes() -> None:
    """Message-ID and boundary are keyed hashes."""
    assert eml_of() == eml_of()


def test_message_ids_are_unique_per_issue_and_customer() -> None:
    """They change with issue, customer and secret, and contain neither address nor token."""

    def id_of(envelope: Envelope, message: Message, secret: bytes = SECRET) -> str:
        data = eml_of(message, envelope, secret)
        return str(email.message_from_bytes(data)["Message-ID"])

    ids = {
        id_of(ENVELOPE, MESSAGE),
        id_of(replace(ENVELOPE, issue="2026-12"), MESSAGE),
        id_of(ENVELOPE, MESSAGE._replace(token="f" * 32)),
        id_of(ENVELOPE, MESSAGE, b"another"),
    }
    assert len(ids) == 4
    for message_id in ids:
        assert re.fullmatch(r"<[0-9a-f]{32}@papier\.example>", message_id)
        assert MESSAGE.token not in message_id


def test_an_address_without_one_click_gets_no_post_field() -> None:
    """Neither mailto: nor an https address without `one_click`."""
    for envelope, url in [
        (ENVELOPE, "mailto:bye@papier.example"),
        (replace(ENVELOPE, one_click=False), MESSAGE.unsubscribe_url),
    ]:
        data = eml_of(MESSAGE._replace(unsubscribe_url=url), envelope)
        assert f"<{url}>".encode() in data
        assert b"List-Unsubscribe-Post" not in data


def test_unset_addresses_have_no_field() -> None:
    """No reply address, no unsubscribe address: no field for it."""
    silent = MESSAGE._replace(unsubscribe_url="")
    (data,) = heads(silent, sender=replace(SENDER, reply_to=""))
    assert isinstance(data, bytes)
    assert b"Reply-To" not in data
    assert b"List-Unsubscribe" not in data


@pytest.mark.parametrize("name", NAMES["difficult"])
def test_a_difficult_customer_gets_one_message(name: str) -> None:
    """One recipient, the same fields, the same subject, whatever the name is."""
    data = eml_of(MESSAGE._replace(name=name, subject=f"{name}, hello"))
    message = email.message_from_bytes(data, policy=policy.default)
    assert message.keys() == email.message_from_bytes(eml_of()).keys()
    assert [box.addr_spec for box in message["To"].addresses] == ["zoe@example.com"]


@pytest.mark.parametrize("value", [v for v in NAMES["refused"] if "\ud800" not in v])
@pytest.mark.parametrize("field", ["name", "subject", "email", "unsubscribe_url"])
def test_a_dangerous_name_gets_no_message(field: str, value: str) -> None:
    """No value of a customer can add a header."""
    (failure,) = heads(MESSAGE._replace(**{field: value}))
    assert isinstance(failure, Failure)
    assert failure.customer == MESSAGE.token


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sender_email", "zoë@example.com"),
        ("list_name", "=?x"),
        ("list_id", "x"),
        ("language", "d\ne"),
    ],
)
def test_a_wrong_envelope_is_an_error_of_the_configuration(field: str, value: str) -> None:
    """It is found once, before any message."""
    with pytest.raises(NewsletterError, match=r"content/newsletter.yml"):
        message_headers(replace(ENVELOPE, **{field: value}), SENDER, secret=SECRET)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "a\r\nBcc: x@evil.example"),
        ("email", "zoë@example.com"),
        ("reply_to", "a@b@c.example"),
    ],
)
def test_a_wrong_sender_is_an_error_of_the_configuration(field: str, value: str) -> None:
    """It is found once, before any message."""
    with pytest.raises(NewsletterError, match=r"content/newsletter.yml"):
        message_headers(ENVELOPE, replace(SENDER, **{field: value}), secret=SECRET)


@pytest.mark.parametrize(
    "fault",
    [
        ("Zoe <zoe@example.com>", "Zoe <zoe@example.com>, <eve@evil.example>"),
        ("Zoe <zoe@example.com>", "<eve@evil.example>, Zoe <zoe@example.com>"),
        ("Zoe <zoe@example.com>", "Zoe <zoe@example.com> <eve@evil.example>"),
        ("To: Zoe", "To: Zoe\nBcc: eve@evil.example\nTo: Zoe"),
        ("Subject: Hi", "Subject: Hi\nBcc: eve@evil.example"),
        ("Subject: Hi\n", ""),
        ("Subject: Hi\n", "Subject: Hi\nSubject: Hi\n"),
        ("Subject: Hi\n", "Subject: Hi\n\n"),
        ("One-Click\n", "One-Click\nX: y\n"),
    ],
)
def test_a_faulty_header_stops_the_message(
    monkeypatch: pytest.MonkeyPatch, fault: tuple[str, str]
) -> None:
    """All fields are checked once more: an added, missing or changed one stops the message."""
    (correct,) = heads(MESSAGE._replace(name="Zoe", subject="Hi"))
    assert isinstance(correct, bytes)
    assert fault[0] in correct.decode()
    monkeypatch.setattr(
        eml, "simple_to", lambda: pl.lit(correct.decode().replace(*fault)).alias("to")
    )
    for field in ("simple_subject", "simple_unsubscribe"):
        monkeypatch.setattr(eml, field, lambda *_: pl.lit(""))
    monkeypatch.setattr(eml.MessageHeaders, "_id_lines", lambda *_: [""])

    (failure,) = heads(MESSAGE._replace(name="Zoe", subject="Hi"))

    assert isinstance(failure, Failure)
    assert "it is not valid" in failure.message


_TEXTS = st.text(st.characters(codec="utf-8"), max_size=90)
_WORDS = st.from_regex(r"[A-Za-z0-9 .,'\"!#=?_-]{0,80}", fullmatch=True)
_LOCAL = st.from_regex(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,70}", fullmatch=True)
_DOMAIN = st.from_regex(r"[a-z0-9-]{1,70}(\.[a-z0-9ü-]{1,8}){0,2}", fullmatch=True)
_MESSAGES = st.builds(
    MESSAGE._replace,
    name=_TEXTS | _WORDS,
    subject=_TEXTS | _WORDS,
    email=st.builds("{}@{}".format, _LOCAL, _DOMAIN) | st.just("zoe@example.com"),
    unsubscribe_url=st.sampled_from(["", "mailto:a@b.example", "https://a.example/<", "http://x"])
    | st.from_regex(r"https://a\.example/[a-z0-9?=&/]{0,80}", fullmatch=True),
)


@given(st.lists(_MESSAGES, min_size=1, max_size=5))
def test_headers_written_by_column_equal_those_written_one_by_one(messages: list[Message]) -> None:
    """For any values; both ways refuse the same ones."""
    for message, head in zip(messages, heads(*messages), strict=True):
        try:
            to = address_field("To", name=message.name, email=message.email)
            subject = text_field("Subject", message.subject)
            url = message.unsubscribe_url
            unsubscribe = unsubscribe_fields(url, one_click=True) if url else ""
        except HeaderError as error:
            assert isinstance(head, Failure)
            assert head.message == str(error)
        else:
            assert isinstance(head, bytes), head
            message_id = re.search(rb"^Message-ID: .*\n", head, re.M)
            assert message_id
            sender = "From: Papier & Bohne <hallo@papier.example>\nReply-To: maya@papier.example\n"
            assert head == f"{to}{subject}{message_id[0].decode()}{unsubscribe}{sender}".encode()


@given(st.lists(_MESSAGES, min_size=1, max_size=5))
def test_any_header_reads_back(messages: list[Message]) -> None:
    """Python's reader finds one recipient, the name, and the subject."""
    for message, head in zip(messages, heads(*messages), strict=True):
        if isinstance(head, Failure):
            continue
        read = email.message_from_bytes(head + b"\n", policy=policy.default)
        (box,) = read["To"].addresses
        assert box.addr_spec.rpartition("@")[0] == message.email.rpartition("@")[0]
        assert read["List-Unsubscribe"] in (None, f"<{message.unsubscribe_url}>")
        assert str(make_header(decode_header(head_value(head, "Subject")))) == message.subject


def head_value(head: bytes, field: str) -> str:
    """Return the value of a field, unfolded."""
    field_lines = re.search(rf"^{field}: ?((?:.|\n )*)\n", head.decode(), re.M)
    assert field_lines
    return field_lines[1].replace("\n", "").strip()
