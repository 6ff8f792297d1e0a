"""International domain names."""

from __future__ import annotations

import pytest

from newsletter.model.domains import ascii_domain, ascii_url


@pytest.mark.parametrize(
    ("domain", "ascii_form"),
    [
        ("Example.COM", "example.com"),
        ("MÜNCHEN.example", "xn--mnchen-3ya.example"),
        ("mu\u0308nchen.example", "xn--mnchen-3ya.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("ς.example", "xn--3xa.example"),
        ("例え。example", "xn--r8jz45g.example"),
        ("ﬁn.example", "fin.example"),
        ("ＳＨＯＰ.example", "shop.example"),
        ("xn--mnchen-3ya.é.example", "xn--mnchen-3ya.xn--9ca.example"),
    ],
)
def test_letters_are_mapped_as_browsers_map_them(domain: str, ascii_form: str) -> None:
    """UTS 46, without the mappings of IDNA 2003 that lead to another owner's domain."""
    assert ascii_domain(domain) == ascii_form


@pytest.mark.parametrize("domain", ["a_b.example", "ab--cd.example", "-a.example", "a..b", ""])
def test_ascii_labels_stay(domain: str) -> None:
    """The caller decides whether they make a host name."""
    assert ascii_domain(domain) == domain


@pytest.mark.parametrize("label", ["😀", "ab--cé", "-é", "a\u200db", "é" * 70, "\u0301a"])
def test_invalid_labels_stay(label: str) -> None:
    """They are not ASCII, so later checks refuse them; the labels around them are converted."""
    assert ascii_domain(f"{label}.münchen.example") == f"{label}.xn--mnchen-3ya.example"


@pytest.mark.parametrize(
    ("url", "ascii_form"),
    [
        ("mailto:info@exämple.de?subject=grün", "mailto:info@xn--exmple-cua.de?subject=gr%C3%BCn"),
        ("https://müll.example:8080/löschen?t={token}",
         "https://xn--mll-hoa.example:8080/l%C3%B6schen?t={token}"),
        ("https://L.example/u?t={token}", "https://l.example/u?t={token}"),
        ("tel:+49 30", "tel:+49 30"),
    ],
)  # fmt: skip
def test_addresses_become_ascii(url: str, ascii_form: str) -> None:
    """Only what is not ASCII changes, and the domain's capitals."""
    assert ascii_url(url) == ascii_form
