"""The site of the default theme, opened in a browser from disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

PAGES = (
    "index.html",
    "fr/index.html",
    "updates/winter-hours/index.html",
    "stories/a-wedding-in-three-languages/index.html",
    "events/evening-of-letters/index.html",
    "issues/2026-11/index.html",
    "404.html",
)


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(site: Path, tab: Any, name: str) -> None:
    """No accessibility fault, light or dark; nothing scrolls sideways, loads or runs."""
    tab.page.goto((site / name).as_uri())
    assert tab.complaints({}) == []
    assert tab.remote == []
    assert "<script" not in (site / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["index.html", "offers/refill-an-empty-bottle/index.html"])
def test_axe_finds_nothing_when_offers_are_over(later: Path, tab: Any, name: str) -> None:
    """Past offers and events, and a front page without any, are as accessible."""
    tab.page.goto((later / name).as_uri())
    assert tab.complaints({}) == []


def test_links_work_from_disk(site: Path, tab: Any) -> None:
    """From the front page, opened by a double click, to pages and back."""
    tab.page.goto((site / "index.html").as_uri())
    tab.page.get_by_role("link", name="What’s new", exact=True).click()
    tab.page.get_by_role("link", name="Thursdays until eight, all winter").click()
    assert tab.page.url == (site / "updates/winter-hours/index.html").as_uri()
    tab.page.get_by_role("link", name="Paper & Bean", exact=True).click()
    assert tab.page.url == (site / "index.html").as_uri()


def test_a_whole_card_can_be_clicked(site: Path, tab: Any) -> None:
    """A tap on the text of a card, or on the front page's picture, follows its link."""
    tab.page.goto((site / "updates/index.html").as_uri())
    tab.page.get_by_text("Nora now repairs pens where you can watch").click(force=True)
    assert tab.page.url == (site / "updates/pen-bench-by-the-window/index.html").as_uri()
    tab.page.goto((site / "index.html").as_uri())
    tab.page.locator(".lead img").click(force=True)
    assert tab.page.url == (site / "updates/winter-hours/index.html").as_uri()


def test_the_front_page_shows_each_entry_once(site: Path, tab: Any) -> None:
    """The entry beside the firm's name is not repeated below."""
    tab.page.goto((site / "index.html").as_uri())
    links = tab.page.evaluate(
        "[...document.querySelectorAll('main article a')].map(e => e.getAttribute('href'))"
    )
    assert len(links) > 10
    assert len(set(links)) == len(links)


def test_keyboard_reaches_the_content_first(site: Path, tab: Any) -> None:
    """The first tab stop skips the navigation."""
    tab.page.goto((site / "index.html").as_uri())
    tab.page.keyboard.press("Tab")
    assert tab.page.evaluate("document.activeElement.getAttribute('href')") == "#content"
