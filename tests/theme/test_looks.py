"""The themes that `newsletter init` offers, opened in a browser."""

from __future__ import annotations

import shutil
from typing import Any

import pytest
from support import EXAMPLE_DAY, LOOKS, ROOT, Built, built_once

MESSAGE_RULES = {"rules": {"region": {"enabled": False}, "landmark-one-main": {"enabled": False}}}
PAGES = ("index.html", "updates/index.html", "events/evening-of-letters/index.html")


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The example in each of the themes."""
    root = tmp_path_factory.mktemp(request.param)
    shutil.copytree(ROOT / "content", root / "content")
    config = root / "content/newsletter.yml"
    config.write_text(f"{config.read_text()}\ntheme: {request.param}\n")
    return built_once(tmp_path_factory, f"look-{request.param}", root, today=EXAMPLE_DAY)


def _messages(built: Built) -> dict[str, str]:
    """Return the fullest message, one in Hebrew and that of a practice."""
    letters = {x.message["To"].addresses[0].addr_spec: x.html for x in built.letters()}
    practice = next((built.output / "private/care/messages").rglob("thank-you/**/*.html"))
    return {
        "full": letters["aoife.obrien@example.com"],
        "hebrew": letters["sarah.cohen@example.com"],
        "practice": practice.read_text(encoding="utf-8"),
    }


def test_axe_finds_nothing(look: Built, tab: Any) -> None:
    """No accessibility fault in messages and pages, light or dark; nothing scrolls sideways."""
    complaints = {}
    for name, html in _messages(look).items():
        tab.page.set_content(html)
        complaints[name] = tab.complaints(MESSAGE_RULES, widths=[320])
    for page in PAGES:
        tab.page.goto((look.output / "site" / page).as_uri())
        complaints[page] = tab.complaints({}, widths=[320, 1200])
    assert {name: found for name, found in complaints.items() if found} == {}


@pytest.mark.slow
def test_a_message_has_one_title_and_shows_its_picture_once(look: Built) -> None:
    """A single h1, whatever frame the theme puts around its parts."""
    for html in _messages(look).values():
        assert html.count("<h1") == 1
    full = _messages(look)["full"]
    assert full.count("letter-evening.png") == 1
    for heading in ("What we did for you", "An evening of letters", "You said, we did", "562"):
        assert heading in full
