"""Headings have names, and links to them are checked."""

from __future__ import annotations

import pytest
from render.pipeline import Edition, html_of, refusal, text_of

from newsletter.errors import Place
from newsletter.model.source import Source
from newsletter.render.markdown import to_html, with_links

NAMED = [
    ("# Prices", "prices"),
    ("# Über *uns* & `a_b`!", "über-uns--a_b"),
    ("What's new?\n---", "whats-new"),
    ("# A {#b-1}", "b-1"),
    ("# *A* {#b}", "b"),
    ("# [a](b.md) \\# c", "a--c"),
]


@pytest.mark.parametrize(("written", "name"), NAMED)
def test_headings_are_named_as_on_github(written: str, name: str) -> None:
    """By their words, or by the name written behind them, which is not printed."""
    assert to_html(written).startswith(f'<h2 id="{name}">')
    assert "{#" not in to_html(written)


def test_headings_of_the_same_words_are_numbered() -> None:
    """A link leads to the first."""
    assert to_html("# A\n# A\n# A-1").count("id=") == 3
    assert 'id="a-1"' in to_html("# A\n# A")


def test_names_leave_out_what_differs_by_customer() -> None:
    """An id must not contain a customer's data, nor the number of a slot."""
    html = html_of(
        "[go](#for-you) [b](#dear)\n\n# For {{ customer.city }} you {#for-you}\n\n"
        "# Dear {{ customer.city }}"
    )

    assert '<h2 id="for-you">For Berlin you</h2>' in html
    assert '<h2 id="dear">Dear Berlin</h2>' in html


def test_a_name_is_no_comment() -> None:
    """`{#` begins a comment of Jinja only if more than a name follows."""
    assert html_of("# A {#b}\n\n{# c #}d {#e}") == "<h2>A</h2>\n<p>d {#e}</p>"


def test_messages_keep_only_the_names_that_they_link_to() -> None:
    """Several texts of a message may have the same headings. Text parts have no places."""
    source = "[a](#b)\n\n# B\n\n# C"

    assert html_of(source).count(" id=") == 1
    assert with_links(to_html("# B"), str) == "<h2>B</h2>"
    assert text_of(source).startswith("a\n")


DEAD = {
    "x\n\n[a](#pricess)\n\n# Prices": ("there is no heading #pricess", "did you mean '#prices'?"),
    "x\n\n[a](#b)\n\n{% if customer.vip %}\n# B\n{% endif %}": (
        "the heading #b is inside {% … %}, but the link to it is not",
        "put both inside, or neither",
    ),
}


@pytest.mark.parametrize("written", DEAD)
def test_dead_links_to_headings_are_refused(written: str) -> None:
    """With the line of the link."""
    source = Source(written, Place(path="content/x.md", line=1))

    problem = refusal(Edition().wording.body, source, template=True)

    message, hint = DEAD[written]
    assert problem.message.startswith(message) and problem.hint == hint
    assert problem.at and problem.at.line == 3


def test_a_link_may_share_the_condition_of_its_heading() -> None:
    """Whoever gets the link gets the heading."""
    assert "<a" in html_of("{% if customer.vip %}\n[a](#b)\n\n# B\n{% endif %}")
