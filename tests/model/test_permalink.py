"""Where entries and issues stand on the site."""

from __future__ import annotations

import pytest

from newsletter.model.permalink import home, permalink


@pytest.mark.parametrize(
    ("kind", "slug", "language", "path"),
    [
        ("update", "winter-hours", "en", "/updates/winter-hours/"),
        ("story", "forty-letters", "en", "/stories/forty-letters/"),
        ("update", "winter-hours", "de", "/de/updates/winter-hours/"),
        ("issue", "2026-11", "en", "/issues/2026-11/"),
        ("issue", "2026-11", "de", "/de/issues/2026-11/"),
        ("page", "about", "en", "/pages/about/"),
    ],
)
def test_permalink(kind: str, slug: str, language: str, path: str) -> None:
    """Folder and slug make the path; only other languages are named in it."""
    assert permalink(kind, slug, language=language, default_language="en") == path


def test_home() -> None:
    """Each language has a front page."""
    assert (home("en", "en"), home("de", "en")) == ("/", "/de/")
