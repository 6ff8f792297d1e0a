"""The message of the default theme, opened in a browser."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

# A message has no landmarks: it is shown inside the page of a mail program, which has them.
MESSAGE_RULES = {"rules": {"region": {"enabled": False}, "landmark-one-main": {"enabled": False}}}
LETTERS = ("full", "nameless", "hebrew", "german", "bare")


@pytest.mark.parametrize("name", LETTERS)
def test_axe_finds_nothing(name: str, letters: Any, tab: Any) -> None:
    """No accessibility fault, light or dark, and nothing scrolls sideways."""
    tab.page.set_content(letters[name].html)
    assert tab.complaints(MESSAGE_RULES) == []
    if name != "bare":  # its firm has another website
        assert tab.remote == []


def test_the_fullest_message_is_full(letters: Any) -> None:
    """It has every part: services, an offer, an answer, points."""
    for heading in ("What we did for you", "Offer", "You said, we did", "Your points", "Event"):
        assert f">{heading}<" in letters["full"].html


def test_dark_scheme_is_dark(letters: Any, tab: Any) -> None:
    """Paper, cards and quiet boxes turn dark, not only the text light."""
    tab.page.set_content(letters["full"].html)
    where = [".page", ".card > table > tbody > tr > td", ".tint > table > tbody > tr > td"]
    colours = {}
    for scheme in ("light", "dark"):
        tab.page.emulate_media(color_scheme=scheme)
        colours[scheme] = [
            tab.page.locator(element).first.evaluate("e => getComputedStyle(e).backgroundColor")
            for element in where
        ]
    assert all(light != dark for light, dark in zip(*colours.values(), strict=True))
    assert len(set(colours["dark"])) == 3


def test_the_text_of_a_picture_that_is_not_loaded_can_be_read(letters: Any, tab: Any) -> None:
    """A mail program that blocks pictures shows their texts, in the colour of the others."""
    tab.page.set_content(letters["full"].html)
    for scheme in ("light", "dark"):
        tab.page.emulate_media(color_scheme=scheme)
        colours = tab.page.evaluate(
            """() => [...document.querySelectorAll('.card img')].map(
                 picture => getComputedStyle(picture).color)"""
        )
        text = tab.page.locator(".body > div").first.evaluate("e => getComputedStyle(e).color")
        assert colours
        assert set(colours) == {text}


def test_the_message_needs_no_style_sheet(letters: Any, tab: Any) -> None:
    """F12: a mail program that drops all <style> shows a message as legible."""
    html = letters["full"].html
    start, end = html.index("<style"), html.rindex("</style>") + len("</style>")
    tab.page.set_content(html[:start] + html[end:])
    tab.page.set_viewport_size({"width": 375, "height": 800})
    assert Axe().run(tab.page, options=MESSAGE_RULES).violations_count == 0
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= 375


def test_a_name_from_right_to_left_does_not_move_the_comma(letters: Any, tab: Any) -> None:
    """N2: the greeting is one piece, with its comma at the right end."""
    tab.page.set_content(letters["hebrew"].html)
    comma, name = tab.page.evaluate(
        """() => {
            const greeting = document.querySelector('.greeting'), range = document.createRange();
            range.selectNodeContents(greeting.lastChild);
            const name = greeting.querySelector('bdi').getBoundingClientRect();
            return [range.getBoundingClientRect().left, name.right];
        }"""
    )
    assert comma >= name - 1


def test_missing_values_leave_no_empty_label(letters: Any) -> None:
    """A firm without points, photos, telephone and hours has no empty line either."""
    html, text = letters["bare"].html, letters["bare"].text
    for label in ("Your points", "Your next reward", "public review", "Opening hours", "Phone"):
        assert label not in html
        assert label not in text
    assert "<img" not in html[html.index("How are we doing?") :]
    assert re.search(r"\n\nKind regards,\n\nAnn Archer\nCorner Shop\n\n-{60,}\n", text)
    for body in (html, text):
        assert "mailto:news@example.com" in body
        assert "mailto:leave@example.com" in body
