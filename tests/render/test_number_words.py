"""Numbers up to twelve in words."""

from __future__ import annotations

import pytest

from newsletter.model.config import Business
from newsletter.render.language_filters import language_filters

BUSINESS = Business(
    name="P", postal_address="x", country="LU", website="https://p.example", email="p@p.example"
)


@pytest.mark.parametrize(
    ("language", "number", "words"),
    [
        ("en", 6, "six"),
        ("en-GB", 12, "twelve"),
        ("en", 13, "13"),
        ("de", 2, "zwei"),
        ("de", 12, "zwölf"),
        ("fr", 9, "neuf"),
        ("fr", 0, "0"),
        ("fr", -1, "-1"),
        ("de", 2.5, "2,5"),
        ("it", 3, "3"),
    ],
)
def test_in_words(language: str, number: float, words: str) -> None:
    """Others, and other languages, have digits."""
    assert language_filters(language, business=BUSINESS)["in_words"](number) == words
