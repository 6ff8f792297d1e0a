"""A link with `{.button}` behind it is a button in messages and on the site, a link in texts."""

from __future__ import annotations

import pytest
from render.pipeline import Edition, html_of, refusal, text_of

from newsletter.errors import Place
from newsletter.model.source import Source
from newsletter.render.buttons import with_button_tables
from newsletter.render.markdown import to_html

BUTTON = "[Book *a* table](https://a.example/book){.button}"


def test_a_button_is_a_link_with_a_class() -> None:
    """Which the site's style sheet draws; classes that somebody writes are dropped."""
    link = '<a class="button" href="https://a.example/book">Book <em>a</em> table</a>'

    assert sorted(to_html(BUTTON)) == sorted(f"<p>{link}</p>")
    assert to_html('<a class="x" href="https://a.example">y</a>').count("x") == 1


def test_messages_put_buttons_into_tables() -> None:
    """Outlook pads cells, but no links."""
    html = with_button_tables(to_html(f"{BUTTON}\n\n[c](https://d.example)"))

    assert html.startswith('<table class="button" role="presentation"><tbody><tr><td><a ')
    assert html.endswith('<p><a href="https://d.example">c</a></p>')


def test_the_text_part_has_the_address() -> None:
    """As of each link."""
    assert text_of(BUTTON) == "Book a table <https://a.example/book>\n"


def test_buttons_may_be_open() -> None:
    """Around them or in the whole address."""
    source = "{% if customer.vip %}\n[Go]({{ customer.link }}){.button}\n{% endif %}"

    assert 'class="button"' in html_of(source) and 'href="https://a.example/x"' in html_of(source)
    assert "<a" not in html_of(source, vip=False)


@pytest.mark.parametrize("text", [f"Please {BUTTON}", f"{BUTTON} now", f"- {BUTTON}", BUTTON * 2])
def test_a_button_in_a_text_is_refused(text: str) -> None:
    """It would tear the line."""
    problem = refusal(
        Edition().wording.body, Source(f"a\n\n{text}", Place(path="x.md", line=1)), template=True
    )

    assert str(problem).startswith("x.md:3: a button stands in the middle of a text")


def test_the_mark_is_text_elsewhere() -> None:
    """Only behind a link it means a button."""
    assert "{.button}" in to_html("`[a](b.md){.button}` a {.button}")
