"""Email addresses: which can be mailed, and in which form."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.read.people.findings import Column, Findings
from newsletter.read.people.values.texts import read_email

Make = Callable[..., Column]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Ida.Meyer+news@Example.COM", "Ida.Meyer+news@example.com"),
        ("o'brien@example.com", "o'brien@example.com"),
        ("x@sub.example.co.uk", "x@sub.example.co.uk"),
        ("zoe@MÜNCHEN.example", "zoe@xn--mnchen-3ya.example"),
        ("a@straße.example", "a@xn--strae-oqa.example"),
        ("a@例え.example", "a@xn--r8jz45g.example"),
        ("a@xn--mnchen-3ya.example", "a@xn--mnchen-3ya.example"),
        ("a" * 64 + "@example.com", "a" * 64 + "@example.com"),
    ],
)
def test_valid_addresses_are_normalised(
    text: str, address: str, column: Make, findings: Findings
) -> None:
    """The domain in lower case and A-labels, the local part as written."""
    assert read_email(column(text, None), findings).values.to_list() == [address, None]
    assert not findings.faults
    assert not findings.remarks


@pytest.mark.parametrize(
    "text",
    [
        "a@b",
        "a..b@c.de",
        ".a@c.de",
        "a.@c.de",
        "anewsletter.c.de",
        "@c.de",
        "a@",
        "a@c..de",
        "a@-c.de",
        "a@c-.de",
        "a@c.d",
        "a@c.123",
        "a b@c.de",
        "Ida <ida@example.com>",
        "<ida@example.com>",
        "none, bo@example.com",
        "ida@example.com;bo",
        "mailto:ida@example.com",
        '"ida"@example.com',
        "ida@[127.0.0.1]",
        "ida@exa_mple.com",
        "ida@example.com.",
        "=?utf-8?q?a?=@example.com",
        "a" * 65 + "@example.com",
        "a@😀.example",
        "none",
    ],
)
def test_invalid_addresses_make_bad_rows(text: str, column: Make, findings: Findings) -> None:
    """The finding has the value and the cure."""
    read_email(column("ok@example.com", text), findings)
    assert len(findings.bad_rows()) == 1
    message = str(findings.bad_rows()[0])
    assert message.startswith("f.csv:3: column 'H': '")
    assert message.endswith(
        "is not an email address\n"
        "  hint: write one address such as name@example.com, or leave the cell empty"
    )


def test_the_first_of_several_addresses_is_read_with_a_remark(
    column: Make, findings: Findings
) -> None:
    """A sign after the only one is left out in silence."""
    read = read_email(column("ida@example.com; bo@example.com", "cy@example.com;"), findings)
    assert read.values.to_list() == ["ida@example.com", "cy@example.com"]
    assert not findings.faults
    assert [str(remark) for remark in findings.remarks] == [
        "f.csv:2: column 'H': 'ida@example.com; bo@example.com' are several addresses, "
        "of which the first was read\n"
        "  hint: leave one in the cell; "
        "if any of them is suppressed, the customer gets no email"
    ]


@pytest.mark.parametrize("sign", ["\r\nBcc: v@example.com", "\u202e", "\0", "\u2028", "\x85"])
def test_control_characters_in_addresses_make_bad_rows(
    sign: str, column: Make, findings: Findings
) -> None:
    """The finding shows them spelled out."""
    read_email(column(f"a@example.com{sign}b"), findings)
    assert "\\u" in str(findings.bad_rows()[0])


def test_a_local_part_outside_ascii_is_no_address(column: Make, findings: Findings) -> None:
    """zoë@… is valid, but not every server can mail it: the row has a remark and no address."""
    assert read_email(column("zoë@example.com"), findings).values.to_list() == [None]
    assert not findings.faults
    assert [str(remark) for remark in findings.remarks] == [
        "f.csv:2: column 'H': 'zoë@example.com' cannot be mailed by every server\n"
        "  hint: the address was left out; ask for one with plain letters before the @"
    ]
