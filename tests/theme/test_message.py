"""The message of the default theme, looked at with a browser and read as text."""

from __future__ import annotations

import re
from html import escape
from itertools import pairwise
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

WIDTHS = (320, 375, 700)
LETTERS = ("full", "bare", "german")
# A message is shown inside the page of a mail program, which brings the landmarks; it has none.
MESSAGE_RULES = {"rules": {"region": {"enabled": False}, "landmark-one-main": {"enabled": False}}}
# Of all rules only contrast depends on the scheme; the others are not asked twice.
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
EMPTY_WORDS = re.compile(
    r"^(click here|read more|here|more|mehr|hier|weiterlesen|hier klicken|mehr lesen"
    r"|ici|lire la suite|cliquez ici|en savoir plus)\W*$",
    re.IGNORECASE,
)


@pytest.fixture(params=LETTERS)
def letter(request: pytest.FixtureRequest, letters: Any) -> Any:
    """Each of the sample messages."""
    return letters[request.param]


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing(letter: Any, tab: Any, width: int) -> None:
    """axe-core has no complaint, light and dark, and nothing needs a sideways scroll."""
    tab.page.set_viewport_size({"width": width, "height": 800})
    tab.page.set_content(letter.html)
    for scheme, options in (("light", MESSAGE_RULES), ("dark", CONTRAST)):
        tab.page.emulate_media(color_scheme=scheme)
        found = Axe().run(tab.page, options=options)
        assert found.violations_count == 0, found.generate_report()
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= width


def test_dark_scheme_is_dark(letters: Any, tab: Any) -> None:
    """In the dark scheme the paper, the cards and the quiet boxes change, not only the text."""
    tab.page.set_content(letters["full"].html)
    where = [".page", ".card > table > tbody > tr > td", ".tint > table > tbody > tr > td"]
    colours = {}
    for scheme in ("light", "dark"):
        tab.page.emulate_media(color_scheme=scheme)
        colours[scheme] = [
            tab.page.locator(one).first.evaluate("e => getComputedStyle(e).backgroundColor")
            for one in where
        ]
    assert all(light != dark for light, dark in zip(*colours.values(), strict=True))


def test_nothing_is_loaded_but_own_pictures(letter: Any, tab: Any) -> None:
    """No font, style, script or pixel comes from elsewhere (F11, L6)."""
    tab.page.set_content(letter.html)
    assert tab.remote == []
    assert not re.search(r"<(script|link|iframe|form)\b|@import|url\(", letter.html)


def test_language_and_direction_are_stated(letter: Any, tab: Any) -> None:
    """A1, A2, A6: html and every direct child of body say their language and direction."""
    tab.page.set_content(letter.html)
    stated = tab.page.evaluate(
        "[document.documentElement, ...document.body.children].map(e => [e.lang, e.dir])"
    )
    assert len(stated) > 1
    assert all(lang in ("en", "de") and direction == "ltr" for lang, direction in stated)


def test_an_entry_in_another_language_says_so(letters: Any, tab: Any) -> None:
    """Where the German edition shows an English entry, a screen reader reads it in English."""
    tab.page.set_content(letters["german"].html)
    heading = tab.page.get_by_role("heading", name="The repair bench is back")
    assert heading.evaluate("e => e.closest('[lang]').lang") == "en"


def test_layout_tables_are_no_tables(letter: Any, tab: Any) -> None:
    """A3: a screen reader announces no layout table."""
    tab.page.set_content(letter.html)
    roles = tab.page.evaluate("[...document.querySelectorAll('table')].map(e => e.role)")
    assert set(roles) == {"presentation"}


def test_one_h1_and_no_level_skipped(letter: Any, tab: Any) -> None:
    """A4: one h1, and headings go down one step at a time."""
    tab.page.set_content(letter.html)
    levels = tab.page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4')].map(e => Number(e.tagName[1]))"
    )
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_links_say_where_they_lead(letter: Any, tab: Any) -> None:
    """A5, A10, A11: each link has words of its own and is underlined."""
    tab.page.set_content(letter.html)
    links = tab.page.evaluate(
        "[...document.querySelectorAll('a')].map(e => [e.innerText.trim(), e.href,"
        " getComputedStyle(e).textDecorationLine])"
    )
    assert links
    for text, href, line in links:
        assert text and not EMPTY_WORDS.match(text), href
        assert line == "underline", text


def test_pictures_have_words(letter: Any, tab: Any) -> None:
    """A8: every picture has an alternative text."""
    tab.page.set_content(letter.html)
    alts = tab.page.evaluate("[...document.images].map(e => e.getAttribute('alt'))")
    assert alts and all(alts)


def test_title_is_the_subject(letter: Any) -> None:
    """A9: the title of the document is the subject."""
    assert f"<title>{escape(letter.subject)}</title>" in letter.html


def test_zoom_is_allowed(letter: Any) -> None:
    """A12: nobody is kept from zooming."""
    assert "user-scalable" not in letter.html
    assert "maximum-scale" not in letter.html


def test_first_words_are_the_preheader(letters: Any, tab: Any) -> None:
    """The line that mail programs preview is the visible first one."""
    tab.page.set_content(letters["full"].html)
    text = tab.page.evaluate("document.body.innerText").strip()
    assert text.startswith("Winter hours, a bench that mends pens, and forty letters.")
    assert letters["full"].text.startswith("Winter hours, a bench")


def test_the_reader_is_greeted(letters: Any) -> None:
    """The letter begins with the reader's own greeting, once, in both parts."""
    for name, greeting in (("full", "Dear Zoë,"), ("bare", "Hello,")):
        assert letters[name].html.count(greeting) == 1
        assert f"\n\n{greeting}\n\n" in letters[name].text


def test_services_come_before_all_news(letters: Any) -> None:
    """What was done for this reader comes first of all; without any, no heading."""
    for body in (letters["full"].html, letters["full"].text):
        assert body.index("What we did for you") < body.index("Warm from half past eight")
    for body in (letters["bare"].html, letters["bare"].text):
        assert "What we did for you" not in body


def test_legal_lines_are_in_both_parts(letter: Any) -> None:
    """Postal address, reason and unsubscribe link stand in HTML and text."""
    for body in (letter.html, letter.text):
        assert "12 Lindenstrasse" in body
        assert "https://example.com/unsubscribe/" in body
        assert "Paper &amp; Bean." in body or "Paper & Bean." in body


def test_every_link_is_in_the_text(letter: Any) -> None:
    """F6: each address in the HTML part is in the text part."""
    links = set(re.findall(r'<a href="(https?:[^"]+)"', letter.html.replace("&amp;", "&")))
    missing = {link for link in links if link not in letter.text}
    assert not missing


def test_a_gap_leaves_nothing_behind(letters: Any) -> None:
    """A reader of whom nothing is known gets no empty label, no portrait, no button."""
    html, text = letters["bare"].html, letters["bare"].text
    for gone in ("Your points", "Phone: \n", "maya.png", "Tell us what you think"):
        assert gone not in html
        assert gone not in text
    assert "None" not in text
    assert "Just reply to this message." in html
    assert "Just reply to this message." in text


def test_message_is_small(letters: Any) -> None:
    """F10: with seven entries the HTML is far below the 90 KiB at which mail programs cut."""
    assert len(letters["full"].html.encode()) < 60 * 1024


def test_text_part_is_pleasant(letters: Any) -> None:
    """No HTML, no gap of two lines, headings underlined to their length."""
    text = letters["full"].text
    assert not re.search(r"</?[a-z]+[ >]", text)
    assert "\n\n\n" not in text
    lines = text.split("\n")
    rules = [i for i, line in enumerate(lines) if re.fullmatch(r"-{3,}|={3,}", line)]
    assert len(rules) > 8
    assert all(len(lines[i]) == len(lines[i - 1]) for i in rules if lines[i - 1])
