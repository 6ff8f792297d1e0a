"""Values are written for the place they are in, or refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from newsletter.merge.escape import WRITERS, BadValue

WRITTEN = [
    ("plain", "O'Brien <x> & Co\nsecond line", "O'Brien <x> & Co\nsecond line"),
    ("plain", 12, "12"),
    ("plain", dt.date(2026, 11, 5), "2026-11-05"),
    ("plain", "", ""),
    ("header", "two\nlines  in\tone", "two lines in one"),
    ("text", '<b>"it\'s"</b> &amp;', "&lt;b&gt;&#34;it&#39;s&#34;&lt;/b&gt; &amp;amp;"),
    ("attribute", '" onerror="x', "&#34; onerror=&#34;x"),
    ("style", "#aa0 1.5px, 10%", "#aa0 1.5px, 10%"),
    ("url", "https://a.example/x y?q=1&r=é#f", "https://a.example/x%20y?q=1&amp;r=%C3%A9#f"),
    ("url", "https://a.example/%20%C3%A9", "https://a.example/%20%C3%A9"),
    ("url", "https://a.example/100%", "https://a.example/100%25"),
    ("url", "https://münchen.example:8080/x", "https://xn--mnchen-3ya.example:8080/x"),
    ("url", "https://stra\u00dfe.example/", "https://xn--strae-oqa.example/"),
    ("url", "https://a_b.münchen.example/", "https://a_b.xn--mnchen-3ya.example/"),
    ("url", "HTTPS://A.example/", "HTTPS://A.example/".replace("HTTPS", "https")),
    ("url", "mailto:a+b@a.example?subject=x", "mailto:a+b@a.example?subject=x"),
    ("url", "tel:+352 20 00", "tel:+352%2020%2000"),
    ("url", 'https://a.example/"><script>', "https://a.example/%22%3E%3Cscript%3E"),
    ("url_part", "a b/c&d=e+f?é", "a%20b%2Fc%26d%3De%2Bf%3F%C3%A9"),
    ("contact", "+352 20", "+352%2020"),
    ("contact", "a&b@a.example", "a%26b@a.example"),
]


@pytest.mark.parametrize(("place", "value", "written"), WRITTEN)
def test_a_value_is_escaped_for_its_place(place: str, value: object, written: str) -> None:
    """Exactly once, so that the reader gets the value back."""
    assert WRITERS[place](value) == written


REFUSED = [
    ("plain", None, "is empty"),
    ("plain", ["a"], "is a list; print it with | join(', ') or a loop"),
    ("plain", (x for x in "ab"), "is a list; print it with | join(', ') or a loop"),
    ("plain", object(), "is a list; print it with | join(', ') or a loop"),
    ("plain", "a\x00b", "contains a control character"),
    ("plain", "a\x1bb", "contains a control character"),
    ("plain", "a\x85b", "contains a control character"),
    ("plain", "a\u2028b", "contains a control character"),
    ("plain", "a\u202eb", "contains a control character"),
    ("plain", "a\ue000v0\ue001b", "contains a control character"),
    ("header", "a\rb", "contains a control character"),
    ("style", "red;x", "cannot stand in a style"),
    ("style", "url(x)", "cannot stand in a style"),
    ("url", "javascript:alert(1)", "is not a web address (those begin with https://, mailto:"),
    ("url", " https://a.example/", "is not a web address (those begin with https://, mailto:"),
    ("url", "https://a.example/\nx", "is not a web address (those begin with https://, mailto:"),
    ("url", "java\tscript:x", "is not a web address (those begin with https://, mailto:"),
    ("url", "data:text/html,x", "is not a web address (those begin with https://, mailto:"),
    ("url", "//a.example/", "is not a web address (those begin with https://, mailto:"),
    ("url", "a.example", "is not a web address (those begin with https://, mailto:"),
    ("url", "https:a.example", "is not a web address"),
    ("url", "https:///x", "is not a web address"),
    ("url", "https://bank.example@evil.example/", "is not a web address"),
    ("url", "https://😀.example/", "is not a web address"),
    ("url", "https://münchen\u200d.example/", "is not a web address"),
    ("url", "https://[::1/", "is not a web address"),
]


@pytest.mark.parametrize(("place", "value", "reason"), REFUSED)
def test_a_value_unfit_for_its_place_is_refused(place: str, value: object, reason: str) -> None:
    """URL schemes are checked and control characters refused; no value is silently changed."""
    with pytest.raises(BadValue) as caught:
        WRITERS[place](value)

    assert caught.value.message.startswith(reason)
    assert caught.value.empty is (value is None)


def test_any_number_is_escaped_as_a_number() -> None:
    """Filters may return any numeric type."""
    assert WRITERS["plain"](Decimal("1.50")) == "1.50"
