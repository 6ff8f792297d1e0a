"""The text part has every link of the body, and is tidy whichever branches are taken."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from render.pipeline import Edition, read, text_of

from newsletter.render.blank_lines import tidy
from newsletter.render.markdown import to_html
from newsletter.render.text import to_text

SHOWN = [
    ("# Title\n\nOne *two* **three**\nfour", "Title\n-----\n\nOne two three four"),
    ("[site](https://a.example/) [a@b.c](mailto:a@b.c)", "site <https://a.example/> a@b.c"),
    ("[mail](mailto:a@b.c), [call](tel:+352)", "mail (a@b.c), call (+352)"),
    ("<https://a.example/>", "https://a.example/"),
    ("- a\n- b\n    - c\n\nd", "- a\n- b\n  - c\n\nd"),
    ("3. a\n4. b", "3. a\n4. b"),
    ("> a\n>\n> b\n\nc", "> a\n>\n> b\n\nc"),
    ("> - a\n> - b", "> - a\n> - b"),
    ("| a | b |\n|---|---|\n| 1 | 2 |", "a | b\n1 | 2"),
    ("```\nx = 1\n  y\n```", "    x = 1\n      y"),
    ("a  \nb", "a\nb"),
    ("***\n\na", "* * *\n\na"),
    ("![A cat](x.png) ![](y.png)", "[A cat]"),
    ("Term\n: What it is", "Term\n    What it is"),
    ("a &amp; b &lt; c — “d”", "a & b < c — “d”"),
    ("### Small\n\nx", "Small\n\nx"),
    ("<details><summary>Small print</summary>\n\nx\n\n</details>\n\ny", "Small print\n\nx\n\ny"),
]


@pytest.mark.parametrize(("markdown", "text"), SHOWN)
def test_markdown_reads_well_as_text(markdown: str, text: str) -> None:
    """No markup is left, and no address is lost."""
    assert to_text(to_html(markdown)) == text


def test_values_in_addresses_are_encoded_in_text_too() -> None:
    """The address must work when clicked."""
    source = "[x](https://a.example/?q={{ customer.city }}&r={{ customer.city | urlencode }})"

    assert text_of(source, city="a b&c") == "x <https://a.example/?q=a%20b%26c&r=a%20b%26c>\n"


def test_braces_in_code_stay_in_the_text() -> None:
    """They are not Jinja there either."""
    assert text_of("Write `{{ x }}`.") == "Write {{ x }}.\n"


BLOCKS = [
    "Fixed",
    "{% if customer.vip %}VIP{% endif %}",
    "{% if customer.vip %}\nVIP\n{% else %}\nnot\n{% endif %}",
    "{% if customer.points %}\n- one\n\n{% if customer.vip %}\n- two\n{% endif %}\n{% endif %}",
    "> quote",
    "{% if customer.city %}# {{ customer.city }}{% endif %}",
]


@pytest.mark.parametrize("blocks", list(itertools.permutations(BLOCKS, 3)))
def test_no_two_empty_lines_in_a_row(blocks: tuple[str, ...]) -> None:
    """A skipped branch takes its empty lines with it; words never run together."""
    template = Edition().text("\n\n".join(("Begin", *blocks, "End")))

    for vip, points, city in itertools.product((True, False), (0, 1), ("Lux", None)):
        text = read(template, vip=vip, points=points, city=city)
        assert "\n\n\n" not in text
        assert text.endswith("\nEnd\n") and text.startswith("Begin\n\n")


def _conditional(parts: tuple[str, str, str, str]) -> str:
    before, then, otherwise, after = parts
    return f"{before}[{then}|{otherwise}]{after}"


pieces = st.recursive(
    st.lists(st.sampled_from(["a", "\n", "\n\n", "\n\n\n", " b", "c\n"]), max_size=4).map("".join),
    lambda inner: st.tuples(inner, inner, inner, inner).map(_conditional),
    max_leaves=12,
)


def _with_tokens(text: str) -> str:
    """Return *text* with tokens for `[then|otherwise]`."""
    stack: list[int] = []
    number = itertools.count()
    out = ""
    for letter in text:
        if letter == "[":
            stack.append(next(number))
        out += (
            f"\ue000{dict(zip('[|]', 'ief', strict=True))[letter]}{stack[-1]}\ue001"
            if letter in "[|]"
            else letter
        )
        if letter == "]":
            stack.pop()
    return out


def _read(text: str, choice: int) -> str:
    """Return a text with tokens as a customer reads it; *choice* says which conditions hold."""
    while "\ue000" in text:
        text = re.sub(
            "\ue000i(\\d+)\ue001([^\ue000]*)\ue000e\\1\ue001([^\ue000]*)\ue000f\\1\ue001",
            lambda m: m[2] if choice >> int(m[1]) & 1 else m[3],
            text,
        )
    return text


@given(pieces, st.integers(0, 4095))
def test_tidying_changes_empty_lines_only(text: str, choice: int) -> None:
    """Whichever branches are taken, words and lines are the same as before."""
    bound = _with_tokens(text)
    before, after = _read(bound, choice), _read(tidy(bound), choice)

    assert [line for line in after.split("\n") if line] == [
        line for line in before.replace(" \n", "\n").split("\n") if line
    ]
