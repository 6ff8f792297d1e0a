"""Built messages and pages, and a browser tab to look at them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route
from support import EXAMPLE_DAY, ROOT, Built, Letter, built_once

WEBSITE = "https://paperandbean.example/"
WIDTHS = (320, 375, 700)
# Only contrast depends on the scheme; the other rules need not run twice.
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
QUICK = {"resultTypes": ["violations"]}  # rules that pass need not be listed


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A firm that tells as little as possible about itself, and knows little of its customers."""
    root = ROOT / "tests/projects/valid/minimal"
    return built_once(tmp_path_factory, "bare", root, today=EXAMPLE_DAY)


@pytest.fixture(scope="session")
def later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's site in January, when its offers and events are over."""
    day = dt.date(2027, 1, 15)
    return built_once(tmp_path_factory, "later", ROOT, today=day).output / "site"


@pytest.fixture(scope="session")
def letters(example: Built, bare: Built) -> Mapping[str, Letter]:
    """The fullest message, one to a customer without facts, Hebrew, German, a bare firm's."""
    by_address = {
        letter.message["To"].addresses[0].addr_spec: letter for letter in example.letters()
    }
    return {
        "full": by_address["aoife.obrien@example.com"],
        "nameless": by_address["papierfreund@example.net"],
        "hebrew": by_address["sarah.cohen@example.com"],
        "german": by_address["mia.kayser@example.net"],
        "bare": bare.letters()[0],
    }


@pytest.fixture(scope="session")
def site(example: Built) -> Path:
    """The example's site as a folder on disk."""
    return example.output / "site"


@dataclass(frozen=True)
class Tab:
    """A browser tab without network, and the addresses that pages requested from it."""

    page: Page
    remote: list[str]

    def complaints(
        self, options: Mapping[str, Any], *, widths: Sequence[int] = WIDTHS
    ) -> list[str]:
        """Return axe-core's findings at each width, light and dark, and what scrolls sideways."""
        findings = []
        for width in widths:
            self.page.set_viewport_size({"width": width, "height": 800})
            for scheme, rules in (("light", options), ("dark", CONTRAST)):
                self.page.emulate_media(color_scheme=scheme)
                result = Axe().run(self.page, options={**rules, **QUICK})
                if result.violations_count:
                    findings.append(f"{width} {scheme}: {result.generate_report()}")
            reach = self.page.evaluate("document.documentElement.scrollWidth")
            if reach > width:
                findings.append(f"{width}: it is {reach} wide")
        return findings


@pytest.fixture
def tab(browser: Browser, site: Path) -> Iterator[Tab]:
    """An empty tab. Pictures of the example's site load as if it were online."""
    page = browser.new_page()
    remote: list[str] = []

    def answer(route: Route) -> None:
        url = route.request.url
        picture = site / url.removeprefix(WEBSITE)
        if url.startswith(WEBSITE) and picture.is_file():
            route.fulfill(path=picture)
        elif url.startswith("file:"):
            route.continue_()
        else:
            remote.append(url)
            route.abort()

    page.route("**/*", answer)
    yield Tab(page, remote)
    page.close()
