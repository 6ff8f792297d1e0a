"""No message tells anybody who opened it: what loads from elsewhere or differs is refused."""

from __future__ import annotations

import pytest
from render.pipeline import Edition, refusal

from newsletter.errors import NewsletterError

PERSONAL = "a customer's value in the address of a picture: "
LAYOUT = "<mjml><mj-head>{}</mj-head><mj-body>{}</mj-body></mjml>"
COLUMN = "<mj-section>\n<mj-column>\n{}</mj-column></mj-section>"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (
            "x\n\n![t](https://e.example/p.gif)",
            12,
            "'https://e.example/p.gif' would be loaded from",
        ),
        ("x\n\n![t](//e.example/p.gif)", 12, "'//e.example/p.gif' would be loaded from e.example"),
        ("x\n<img src='https://e.example/p.gif' alt='t'>", 11, "'https://e.example/p.gif' would"),
        ("![t][a]\n\n[a]: https://e.example/p.gif", 12, "'https://e.example/p.gif' would be"),
        (
            "{% set place = 'https://e.example/' %}\n![t]({{ place }}p.gif)",
            10,
            "'https://e.example/p.gif' would be loaded from e.example",
        ),
        ("x\n\n![t](https://a.example/{{ customer.city }}.gif)", 12, f"{PERSONAL}customer.city"),
        ("x\n\n![t]({{ customer.link }})", 12, f"{PERSONAL}customer.link"),
        (
            "{% set x = customer.city %}\n![t](https://a.example/{{ x }}.gif)",
            11,
            f"{PERSONAL}customer",
        ),
        ("x\n![t](https://a.example/{{ 1 if customer.vip else 2 }}.gif)", 11, PERSONAL),
        (
            "{% for s in customer.services %}\n![t](https://a.example/{{ s.date }})\n{% endfor %}",
            11,
            f"{PERSONAL}s.date",
        ),
    ],
)
def test_pictures_of_texts(text: str, line: int, message: str) -> None:
    """Both, with the line of the text."""
    problem = refusal(lambda: Edition().html(text))
    assert problem.message.startswith(message)
    assert problem.at
    assert (problem.at.path, problem.at.line) == ("content/x.md", line)
    assert problem.hint


def test_links_may_differ() -> None:
    """A reader follows them of their own will; pictures for some readers only are fine, too."""
    Edition().html(
        "[a]({{ customer.link }}) [b](https://e.example/{{ customer.city }})\n\n"
        "{% if customer.vip %}\n\n![t](https://a.example/vip.png)\n\n{% endif %}"
    )


@pytest.mark.parametrize(
    ("head", "column", "message"),
    [
        ("", '<mj-image src="https://e.example/a.png" />', "'https://e.example/a.png' would"),
        ("", '<mj-image src="https://a.example/{{ customer.city }}.png" />', PERSONAL),
        (
            "",
            '<mj-text><p style="background:url(//e.example/a)">x</p></mj-text>',
            "'//e.example/a'",
        ),
        ("", '<mj-raw><img src="https://e.example/a.png"></mj-raw>', "'https://e.example/a.png'"),
        (
            "<mj-style>@import 'https://e.example/f.css';</mj-style>",
            "",
            "'https://e.example/f.css'",
        ),
        (
            '<mj-style inline="inline">p { background: url(https://e.example/a) }</mj-style>',
            "",
            "'https://e.example/a' would be loaded",
        ),
        (
            "<mj-font name='Raleway' href='https://e.example/f.css' />",
            '<mj-text font-family="Raleway">x</mj-text>',
            "'https://e.example/f.css' would be loaded from e.example",
        ),
        (
            "<mj-raw><link rel='stylesheet' href='//e.example/f.css'></mj-raw>",
            "",
            "'//e.example/f",
        ),
    ],
)
def test_layouts_of_messages(head: str, column: str, message: str) -> None:
    """Pictures, backgrounds, styles and fonts, with the line of the layout."""
    layout = LAYOUT.format(head, COLUMN.format(column))
    edition = Edition()
    edition.sources = edition.wording.sources
    problem = refusal(lambda: edition.html(layout=layout))
    assert problem.message.startswith(message)
    assert problem.at
    assert (problem.at.path, problem.at.line) == ("layout.mjml", 1 if head else 3)


def test_every_address_is_reported_at_once() -> None:
    """Each at its line, not at a link with the same address before it."""
    image = "![t](https://e.example/b.png)"
    with pytest.raises(NewsletterError) as caught:
        Edition().html(f"[l](https://e.example)\n\n{image}\n\n{image}")
    assert [problem.at and problem.at.line for problem in caught.value.problems] == [12, 14]


def test_backgrounds_of_sections() -> None:
    """They are written several times, also for Outlook, and reported once."""
    section = '<mj-section background-url="https://e.example/a.png"><mj-column /></mj-section>'
    edition = Edition()
    edition.sources = edition.wording.sources
    problem = refusal(lambda: edition.html(layout=LAYOUT.format("", section)))
    assert problem.message.startswith("'https://e.example/a.png' would be loaded")


@pytest.mark.parametrize("component", ["mj-accordion", "mj-social"])
def test_components_that_load_icons_from_elsewhere(component: str) -> None:
    """Two of MJML do unless they are given others; nobody has to know which."""
    inner = {
        "mj-accordion": "<mj-accordion-element><mj-accordion-title>a</mj-accordion-title>"
        "</mj-accordion-element>",
        "mj-social": '<mj-social-element name="facebook" href="https://e.example">a'
        "</mj-social-element>",
    }[component]
    column = COLUMN.format(f"<{component}>{inner}</{component}>")
    with pytest.raises(NewsletterError, match="would be loaded from"):
        Edition().html(layout=LAYOUT.format("", column))
