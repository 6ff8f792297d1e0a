"""Values are written for where they stand, or refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from newsletter.merge.escape import PLACES, BadValue

WRITTEN = [
    ("in_plain", "O'Brien <x> & Co\nsecond line", "O'Brien <x> & Co\nsecond line"),
    ("in_plain", 12, "12"),
    ("in_plain", dt.date(2026, 11, 5), "2026-11-05"),
    ("in_plain", "", ""),
    ("in_header", "two\nlines  in\tone", "two lines in one"),
    ("in_text", '<b>"it\'s"</b> &amp;', "&lt;b&gt;&#34;it&#39;s&#34;&lt;/b&gt; &amp;amp;"),
    ("in_attribute", '" onerror="x', "&#34; onerror=&#34;x"),
    ("in_style", "#aa0 1.5px, 10%", "#aa0 1.5px, 10%"),
    ("in_url", "https://a.example/x y?q=1&r=é#f", "https://a.example/x%20y?q=1&amp;r=%C3%A9#f"),
    ("in_url", "https://a.example/%20%C3%A9", "https://a.example/%20%C3%A9"),
    ("in_url", "https://a.example/100%", "https://a.example/100%25"),
    ("in_url", "https://münchen.example:8080/x", "https://xn--mnchen-3ya.example:8080/x"),
    ("in_url", "https://stra\u00dfe.example/", "https://xn--strae-oqa.example/"),
    ("in_url", "https://a_b.münchen.example/", "https://a_b.xn--mnchen-3ya.example/"),
    ("in_url", "HTTPS://A.example/", "HTTPS://A.example/".replace("HTTPS", "https")),
    ("in_url", "mailto:a+b@a.example?subject=x", "mailto:a+b@a.example?subject=x"),
    ("in_url", "tel:+352 20 00", "tel:+352%2020%2000"),
    ("in_url", 'https://a.example/"><script>', "https://a.example/%22%3E%3Cscript%3E"),
    ("in_url_part", "a b/c&d=e+f?é", "a%20b%2Fc%26d%3De%2Bf%3F%C3%A9"),
    ("in_contact", "+352 20", "+352%2020"),
    ("in_contact", "a&b@a.example", "a%26b@a.example"),
]


@pytest.mark.parametrize(("place", "value", "written"), WRITTEN)
def test_a_value_is_escaped_for_its_place(place: str, value: object, written: str) -> None:
    """Once, and so that a reader gets it as it was."""
    assert PLACES[place](value, 0) == written


REFUSED = [
    ("in_plain", None, "is empty"),
    ("in_plain", ["a"], "is a list; print it with | join(', ') or a loop"),
    ("in_plain", (x for x in "ab"), "is a list; print it with | join(', ') or a loop"),
    ("in_plain", object(), "is a list; print it with | join(', ') or a loop"),
    ("in_plain", "a\x00b", "holds a control character"),
    ("in_plain", "a\x1bb", "holds a control character"),
    ("in_plain", "a\x85b", "holds a control character"),
    ("in_plain", "a\u2028b", "holds a control character"),
    ("in_plain", "a\u202eb", "holds a control character"),
    ("in_plain", "a\ue000v0\ue001b", "holds a control character"),
    ("in_header", "a\rb", "holds a control character"),
    ("in_style", "red;x", "cannot stand in a style"),
    ("in_style", "url(x)", "cannot stand in a style"),
    ("in_url", "javascript:alert(1)", "is no web address (it must begin with https://, mailto:"),
    ("in_url", " https://a.example/", "is no web address (it must begin with https://, mailto:"),
    ("in_url", "https://a.example/\nx", "is no web address (it must begin with https://, mailto:"),
    ("in_url", "java\tscript:x", "is no web address (it must begin with https://, mailto:"),
    ("in_url", "data:text/html,x", "is no web address (it must begin with https://, mailto:"),
    ("in_url", "//a.example/", "is no web address (it must begin with https://, mailto:"),
    ("in_url", "a.example", "is no web address (it must begin with https://, mailto:"),
    ("in_url", "https:a.example", "is no web address"),
    ("in_url", "https:///x", "is no web address"),
    ("in_url", "https://bank.example@evil.example/", "is no web address"),
    ("in_url", "https://😀.example/", "is no web address"),
    ("in_url", "https://münchen\u200d.example/", "is no web address"),
    ("in_url", "https://[::1/", "is no web address"),
]


@pytest.mark.parametrize(("place", "value", "reason"), REFUSED)
def test_a_value_that_cannot_stand_there_is_refused(
    place: str, value: object, reason: str
) -> None:
    """Schemes are checked, controls refused: never something else than was meant."""
    with pytest.raises(BadValue) as caught:
        PLACES[place](value, 7)

    assert caught.value.message.startswith(reason)
    assert caught.value.slot == 7
    assert caught.value.empty is (value is None)


def test_a_number_of_money_is_a_number() -> None:
    """Whatever kind of number a filter gives."""
    assert PLACES["in_plain"](Decimal("1.50"), 0) == "1.50"
