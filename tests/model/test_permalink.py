"""Addresses of entries and issues on the site."""

from __future__ import annotations

import pytest

from newsletter.model.permalink import home, local_target, permalink


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
def test_a_permalink_is_folder_and_slug(kind: str, slug: str, language: str, path: str) -> None:
    """Only languages other than the project's are part of it."""
    assert permalink(kind, slug, language=language, default_language="en") == path


def test_each_language_has_a_front_page() -> None:
    """Below its tag, unless it is the project's language."""
    assert (home("en", "en"), home("de", "en")) == ("/", "/de/")


@pytest.mark.parametrize(
    ("href", "target"),
    [
        ("../images/tea.png", "images/tea.png"),
        ("/images/tea.png?x=1", "images/tea.png"),
        ("../images/My%20Caf%C3%A9.png", "images/My Café.png"),
        ("../images/My Café.png", "images/My Café.png"),
        ("../images/100%.png", "images/100%.png"),
        ("..%2F..%2Fsecret.png", "../secret.png"),
        ("https://a.example/x%20y", None),
        ("#hours", None),
    ],
)
def test_the_file_that_a_link_means(href: str, target: str | None) -> None:
    """Editors write blanks as %20; nothing becomes a path outside in silence."""
    assert local_target(href, "updates/winter.md") == target
