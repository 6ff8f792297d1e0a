"""The site of the default theme, looked at with a browser from a folder on a disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

WIDTHS = (320, 375, 700)
# Of all rules only contrast depends on the scheme; the others are not asked twice.
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
PAGES = (
    "index.html",
    "de/index.html",
    "updates/index.html",
    "updates/winter-hours/index.html",
    "offers/summer-ink/index.html",
    "events/ink-evening/index.html",
    "articles/why-we-write/index.html",
    "issues/2026-11/index.html",
    "pages/about/index.html",
    "404.html",
)


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(site: Path, tab: Any, name: str) -> None:
    """axe-core has no complaint on phone and desktop, light and dark; nothing scrolls sideways."""
    tab.page.goto((site / name).as_uri())
    for width in WIDTHS:
        tab.page.set_viewport_size({"width": width, "height": 800})
        for scheme, options in (("light", {}), ("dark", CONTRAST)):
            tab.page.emulate_media(color_scheme=scheme)
            found = Axe().run(tab.page, options=options)
            assert found.violations_count == 0, found.generate_report()
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_loaded_from_elsewhere(site: Path, tab: Any, name: str) -> None:
    """A page opened from a disk needs no network and runs no script."""
    tab.page.goto((site / name).as_uri())
    assert tab.remote == []
    assert "<script" not in (site / name).read_text(encoding="utf-8")


def test_front_page_leads_on_by_click(site: Path, tab: Any) -> None:
    """From the front page, opened by a double click, links lead to pages and back."""
    tab.page.goto((site / "index.html").as_uri())
    tab.page.get_by_role("link", name="What’s new", exact=True).click()
    tab.page.get_by_role("link", name="The repair bench is back").click()
    assert tab.page.url == (site / "updates/repair-bench/index.html").as_uri()
    tab.page.get_by_role("link", name="Paper & Bean", exact=True).click()
    assert tab.page.url == (site / "index.html").as_uri()


def test_a_whole_card_can_be_clicked(site: Path, tab: Any) -> None:
    """A tap on the text of a card follows its link."""
    tab.page.goto((site / "updates/index.html").as_uri())
    tab.page.get_by_text("Bring a pen that skips").click(force=True)
    assert tab.page.url == (site / "updates/repair-bench/index.html").as_uri()


def test_keyboard_reaches_the_content_first(site: Path, tab: Any) -> None:
    """The first tab stop skips the navigation."""
    tab.page.goto((site / "index.html").as_uri())
    tab.page.keyboard.press("Tab")
    assert tab.page.evaluate("document.activeElement.getAttribute('href')") == "#content"
