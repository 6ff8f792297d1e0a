"""Facts about finished messages: RFC 5322 and RFC 2046, read back by independent readers."""

from __future__ import annotations

import datetime as dt
import email
import json
import quopri
import re
from dataclasses import replace
from email import policy
from pathlib import Path

import pytest

from newsletter.errors import NewsletterError
from newsletter.export import eml
from newsletter.export.addresses import HeaderError
from newsletter.export.eml import eml_writer, message_writer
from newsletter.model.message import Envelope, Message

NAMES = json.loads(Path(__file__).with_name("names.json").read_text())
SECRET = b"a secret of the project"
ENVELOPE = Envelope(
    issue="2026-11",
    language="de",
    sender_name="Papier & Bohne",
    sender_email="hallo@papier.example",
    reply_to="maya@papier.example",
    date=dt.datetime(2026, 11, 5, 9, tzinfo=dt.timezone(dt.timedelta(hours=1))),
    list_name="Papier & Bohne, Neues",
    list_id="news.papier.example",
    one_click=True,
)
TEXT = "Hallo Zoë,\n\nFrom here on: = and 5 € .\n.\n" + "lang " * 40 + "\n"
HTML = "<p>Hallo Zoë,</p>\n<p>5 &euro;</p>\n" + "<p>lang</p>" * 40
MESSAGE = Message(
    token="0123456789abcdef0123456789abcdef",
    name="Zoë Müller",
    email="zoe@example.com",
    subject="Zoë, dein Schaufenster im November, mit Terminen für das ganze nächste Jahr",
    text=quopri.encodestring(TEXT.encode()).decode(),
    html=quopri.encodestring(HTML.encode()).decode(),
    unsubscribe_url="https://papier.example/u/0123456789abcdef0123456789abcdef",
)


def written(message: Message = MESSAGE, envelope: Envelope = ENVELOPE) -> bytes:
    """Return the .eml of a message."""
    return eml_writer(envelope, secret=SECRET)(message)


def test_a_message_reads_back() -> None:
    """Python's own reader gets every field and both bodies as they were meant."""
    message = email.message_from_bytes(written(), policy=policy.default)
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


def test_each_field_stands_once() -> None:
    """RFC 5322 section 3.6, and what large mail providers ask of senders."""
    message = email.message_from_bytes(written(), policy=policy.default)
    assert message.keys() == [
        "To", "Subject", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post",
        "From", "Reply-To", "Date", "List-Id", "Content-Language", "Auto-Submitted",
        "MIME-Version", "Content-Type",
    ]  # fmt: skip


def test_a_message_travels_as_it_is() -> None:
    """ASCII, CRLF only, a final CRLF, and no line over 78 columns."""
    data = written()
    assert data.isascii()
    assert data.endswith(b"\r\n")
    assert b"\0" not in data
    lines = data.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(map(len, lines)) <= 78


def test_the_form_for_mbox_differs_in_line_ends_only() -> None:
    """The same message with LF."""
    assert message_writer(ENVELOPE, secret=SECRET)(MESSAGE).replace(b"\n", b"\r\n") == written()


def test_the_boundary_cannot_stand_in_a_body() -> None:
    """It holds `=_`, which quoted-printable never writes, and is at most 70 long."""
    boundary = email.message_from_bytes(written()).get_boundary()
    assert boundary is not None
    assert "=_" in boundary
    assert len(boundary) <= 70
    assert boundary not in MESSAGE.text + MESSAGE.html


def test_two_builds_give_the_same_bytes() -> None:
    """Message-ID and boundary are keyed hashes."""
    assert written() == written()


def test_message_ids_are_unique_per_issue_and_customer() -> None:
    """They change with issue, customer and secret, and hold neither address nor token."""

    def id_of(envelope: Envelope, message: Message, secret: bytes = SECRET) -> str:
        data = eml_writer(envelope, secret=secret)(message)
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


def test_an_address_that_takes_no_post_gets_no_post_field() -> None:
    """Neither mailto: nor an https address that is not one-click."""
    for envelope, url in [
        (ENVELOPE, "mailto:bye@papier.example"),
        (replace(ENVELOPE, one_click=False), MESSAGE.unsubscribe_url),
    ]:
        data = written(MESSAGE._replace(unsubscribe_url=url), envelope)
        assert f"<{url}>".encode() in data
        assert b"List-Unsubscribe-Post" not in data


def test_what_is_not_configured_is_not_written() -> None:
    """No reply address and no unsubscribe address: no such field."""
    data = written(MESSAGE._replace(unsubscribe_url=""), replace(ENVELOPE, reply_to=""))
    assert b"Reply-To" not in data
    assert b"List-Unsubscribe" not in data


@pytest.mark.parametrize("name", NAMES["difficult"])
def test_a_difficult_customer_gets_one_message(name: str) -> None:
    """One recipient, the same fields, the same subject, whatever the name is."""
    data = written(MESSAGE._replace(name=name, subject=f"{name}, hello"))
    message = email.message_from_bytes(data, policy=policy.default)
    assert message.keys() == email.message_from_bytes(written()).keys()
    assert [box.addr_spec for box in message["To"].addresses] == ["zoe@example.com"]


@pytest.mark.parametrize("value", NAMES["refused"])
@pytest.mark.parametrize("field", ["name", "subject", "email", "unsubscribe_url"])
def test_a_dangerous_customer_gets_none(field: str, value: str) -> None:
    """No field of a customer can bring a header of its own."""
    with pytest.raises(HeaderError):
        written(MESSAGE._replace(**{field: value}))


@pytest.mark.parametrize(
    ("field", "value"),
    [("sender_name", "a\r\nBcc: x@evil.example"), ("sender_email", "zoë@example.com"),
     ("reply_to", "a@b@c.example"), ("list_name", "=?x"), ("list_id", "x"), ("language", "d\ne")],
)  # fmt: skip
def test_a_wrong_envelope_is_the_projects_error(field: str, value: str) -> None:
    """It is found once, before any message, and points at the configuration."""
    with pytest.raises(NewsletterError, match=r"content/newsletter.yml"):
        eml_writer(replace(ENVELOPE, **{field: value}), secret=SECRET)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (("Zoe <zoe@example.com>", "Zoe <zoe@example.com>, <eve@evil.example>"), "one recipient"),
        (("Zoe <zoe@example.com>", "<eve@evil.example>, Zoe <zoe@example.com>"), "one recipient"),
        (("zoe@example.com", "eve@evil.example"), "the address reads back as another"),
        (("To: Zoe ", "To: Eve "), "the name reads back as another"),
        (("To: Zoe ", "To: =?utf-8?q?a?= Zoe "), "beside encoded words"),
        (("Subject: Hi", "Subject: Ho"), "Subject: it reads back as another"),
        (("Subject: Hi", "Subject: Hi\nBcc: eve@evil.example"), "expected fields"),
        (("Subject: Hi\n", ""), "expected fields"),
        (("Subject: Hi\n", "Subject: Hi\nSubject: Hi\n"), "expected fields"),
        (("Subject: Hi\n", "Subject: Hi\n\n"), "expected fields"),
        (("<https", "<http"), "List-Unsubscribe"),
    ],
)
def test_a_fault_of_the_writer_is_caught_before_the_message_leaves(
    monkeypatch: pytest.MonkeyPatch, fault: tuple[str, str], expected: str
) -> None:
    """The fields are read back by other code: an added, lost or changed one stops the message."""
    right = eml._own_fields
    monkeypatch.setattr(eml, "_own_fields", lambda *given: right(*given).replace(*fault))
    with pytest.raises(HeaderError, match=expected):
        written(MESSAGE._replace(name="Zoe", subject="Hi"))
