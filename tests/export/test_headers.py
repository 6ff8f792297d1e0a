"""Header fields: readers get any value back exactly, and nothing else."""

from __future__ import annotations

import datetime as dt
import email
import json
import re
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.export.headers import (
    HeaderError,
    address_field,
    date_field,
    list_id_field,
    mailable,
    text_field,
    unsubscribe_fields,
)

NAMES = json.loads(Path(__file__).with_name("names.json").read_text())


def parsed(fields: str) -> EmailMessage:
    """Return the fields as Python's modern reader parses them."""
    return email.message_from_bytes(
        fields.replace("\n", "\r\n").encode("ascii"), policy=policy.SMTP
    )


def old_parsed(fields: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Return mailboxes (names decoded after parsing) and field names, by Python's old reader."""
    message = email.message_from_string(fields)
    boxes = getaddresses([re.sub(r"\n(?=[ \t])", "", message["To"])])
    folded = getaddresses([message["To"]])  # as a program reads it that does not unfold
    assert [address for _, address in folded] == [address for _, address in boxes]
    return [(str(make_header(decode_header(n))), a) for n, a in boxes], message.keys()


def assert_well_formed(fields: str) -> None:
    """Assert the limits of RFC 5322 and RFC 2047 on lines and encoded words."""
    assert fields.endswith("\n")
    assert "\r" not in fields
    assert fields.isascii()
    for line in fields[:-1].split("\n"):
        assert len(line) <= 76
        assert line.strip()
        assert line == line.rstrip() or '"' in fields
    for word in re.findall(r"=\?[^ \n]*\?=", fields):
        assert len(word) <= 75
        make_header(decode_header(word))  # raises if a character was split


@pytest.mark.parametrize("name", NAMES["difficult"])
def test_a_difficult_name_keeps_its_recipient(name: str) -> None:
    """Two readers find exactly one mailbox, with the given address; the old one reads the name."""
    fields = address_field("To", name=name, email="ada@example.com")
    assert_well_formed(fields)
    boxes, names = old_parsed(fields)
    assert names == ["To"]
    assert [address for _, address in boxes] == ["ada@example.com"]
    assert boxes[0][0] == name
    new = parsed(fields)
    assert new.keys() == ["To"]
    assert [address.addr_spec for address in new["To"].addresses] == ["ada@example.com"]


@pytest.mark.parametrize("name", NAMES["refused"])
def test_a_dangerous_name_is_refused(name: str) -> None:
    """Control characters, direction overrides and encoded words stop that message."""
    with pytest.raises(HeaderError, match=r"^To: "):
        address_field("To", name=name, email="ada@example.com")
    with pytest.raises(HeaderError, match=r"^Subject: "):
        text_field("Subject", name)


@pytest.mark.parametrize("subject", NAMES["difficult"])
def test_a_difficult_subject_reads_back(subject: str) -> None:
    """Two readers get the subject as it was written."""
    fields = text_field("Subject", subject)
    assert_well_formed(fields)
    raw = email.message_from_string(fields)["Subject"]
    assert str(make_header(decode_header(re.sub(r"\n(?=[ \t])", "", raw)))) == subject
    assert parsed(fields).keys() == ["Subject"]


TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=200)


@given(TEXT)
def test_any_text_reads_back_or_is_refused(text: str) -> None:
    """Names and subjects of any characters read back exactly, or raise HeaderError."""
    try:
        to = address_field("To", name=text, email="ada@example.com")
        subject = text_field("Subject", text)
    except HeaderError:
        return
    assert_well_formed(to + subject)
    boxes, names = old_parsed(to + subject)
    assert names == ["To", "Subject"]
    assert boxes == [(text, "ada@example.com")]


@given(st.text("aé€😀 =_\"'\\,<>@.(x", min_size=1, max_size=150))
def test_awkward_mixtures_read_back(text: str) -> None:
    """Characters of every encoded length mixed with those that have a meaning in headers."""
    test_any_text_reads_back_or_is_refused.hypothesis.inner_test(text)


def test_the_shorter_encoding_is_taken() -> None:
    """Q for few non-ASCII characters, B for many."""
    assert text_field("Subject", "Schöne Tage") == "Subject: =?utf-8?q?Sch=C3=B6ne_Tage?=\n"
    assert text_field("Subject", "李小明") == "Subject: =?utf-8?b?5p2O5bCP5piO?=\n"


def test_a_long_plain_subject_is_folded_and_not_encoded() -> None:
    """ASCII stays readable in the source."""
    subject = "word " * 30 + "end"
    fields = text_field("Subject", subject)
    assert "=?" not in fields
    assert fields.count("\n ") == 2
    assert fields.replace("\n ", " ") == f"Subject: {subject}\n"


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("", "To: ada@example.com\n"),
        ("Ada Lovelace", "To: Ada Lovelace <ada@example.com>\n"),
        ("Ada, Countess", 'To: "Ada, Countess" <ada@example.com>\n'),
        ('Ada "A" \\', "To: =?utf-8?b?QWRhICJBIiBc?= <ada@example.com>\n"),
        ("Zoë", "To: =?utf-8?q?Zo=C3=AB?= <ada@example.com>\n"),
        (
            "A company, with a name so long that it has to be set on two lines",
            "To: =?utf-8?q?A_company=2C_with_a_name_so_long_that_it_has_to_be_set_on_tw?=\n"
            " =?utf-8?q?o_lines?= <ada@example.com>\n",
        ),
        (
            "A company with a name so long that it has to be set on two whole lines",
            "To: A company with a name so long that it has to be set on two whole lines\n"
            " <ada@example.com>\n",
        ),
    ],
)
def test_the_forms_of_a_recipient(name: str, field: str) -> None:
    """Bare words, a quoted string in one line, and else encoded words."""
    assert address_field("To", name=name, email="ada@example.com") == field


def test_an_international_domain_becomes_an_a_label() -> None:
    """IDNA 2008: ß, too, has a label of its own."""
    assert mailable("To", "Zoe@MÜNCHEN.example") == "Zoe@xn--mnchen-3ya.example"
    assert mailable("To", "a@straße.example") == "a@xn--strae-oqa.example"
    assert mailable("To", "a@mu\u0308nchen.example") == "a@xn--mnchen-3ya.example"
    assert mailable("To", "x@Example.COM") == "x@example.com"


@pytest.mark.parametrize(
    "address",
    ["", "ada", "@example.com", "ada@", "ada@localhost", "zoë@example.com", "a b@example.com",
     "a..b@example.com", ".a@example.com", "a@b@example.com", "a@example.com,b@example.com",
     "a@-x.example", "a@x-.example", "a@" + "x" * 64 + ".example", "x" * 65 + "@example.com",
     "a@example.com\n", "a@exa\nmple.com", "<a@example.com>", '"a b"@example.com',
     "a@" + ".".join(["x" * 60] * 5), "=?utf-8?q?a?=@example.com", "a@[127.0.0.1]"],
)  # fmt: skip
def test_an_address_that_plain_smtp_cannot_carry_is_refused(address: str) -> None:
    """Only dot-atom @ host name passes, within the lengths of RFC 5321."""
    with pytest.raises(HeaderError, match=r"^To: "):
        mailable("To", address)


def test_an_error_names_field_and_reason() -> None:
    """The caller adds whose value it was."""
    with pytest.raises(HeaderError) as caught:
        address_field("To", name="a\nb", email="a@example.com")
    assert (caught.value.field, caught.value.reason) == (
        "To", "it contains the control character U+000A"
    )  # fmt: skip


def test_the_date_has_weekday_and_numeric_zone() -> None:
    """RFC 5322 section 3.3, read back by Python."""
    when = dt.datetime(2026, 11, 5, 9, tzinfo=dt.timezone(dt.timedelta(hours=-3, minutes=-30)))
    assert date_field(when) == "Date: Thu, 05 Nov 2026 09:00:00 -0330\n"
    assert parsedate_to_datetime(date_field(when)[6:].strip()) == when
    assert date_field(when.astimezone(dt.UTC)).endswith("12:30:00 +0000\n")
    with pytest.raises(HeaderError, match="Date: the time has no time zone"):
        date_field(when.replace(tzinfo=None))


def test_the_list_has_name_and_identifier() -> None:
    """RFC 2919: the identifier in angle brackets, in lower case."""
    assert list_id_field("Paper, Bean", "News.Example.com") == (
        'List-Id: "Paper, Bean" <news.example.com>\n'
    )
    with pytest.raises(HeaderError, match="List-Id: 'news' is not a name such as"):
        list_id_field("x", "news")


def test_one_click_needs_https() -> None:
    """RFC 8058 section 3.1: only an https address with `one_click` gets the Post field."""
    post = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n"
    https = "https://example.com/u?t=0123"
    assert unsubscribe_fields(https, one_click=True) == f"List-Unsubscribe: <{https}>\n{post}"
    assert unsubscribe_fields(https, one_click=False) == f"List-Unsubscribe: <{https}>\n"
    mailto = "mailto:bye@example.com?subject=unsubscribe"
    assert unsubscribe_fields(mailto, one_click=True) == f"List-Unsubscribe: <{mailto}>\n"


def test_a_long_unsubscribe_address_is_not_encoded() -> None:
    """Python's own writer would make encoded words of it, and one click would fail."""
    url = "https://example.com/unsubscribe?token=" + "0123456789abcdef" * 20
    assert unsubscribe_fields(url, one_click=False) == f"List-Unsubscribe:\n <{url}>\n"


@pytest.mark.parametrize(
    "url",
    ["http://example.com/u", "javascript:alert(1)", "https://example.com/a b", "https://ex/\n",
     "https://example.com/<x>", "https://example.com/ü", 'https://example.com/"', ""],
)  # fmt: skip
def test_other_unsubscribe_addresses_are_refused(url: str) -> None:
    """Only https: and mailto:, in ASCII, without characters that would end the brackets."""
    with pytest.raises(HeaderError, match="List-Unsubscribe"):
        unsubscribe_fields(url, one_click=True)
