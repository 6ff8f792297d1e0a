"""Small numbers in words, as people write them by hand."""

from __future__ import annotations

from collections.abc import Mapping

from newsletter.model.language import first_match

_WORDS: Mapping[str, tuple[str, ...]] = {
    "en": (
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ),
    "de": (
        "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf",
        "zwölf",
    ),
    "fr": (
        "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze",
        "douze",
    ),
}  # fmt: skip
"""Language → one to twelve, as before a noun: the usual limit for words in running text."""


def number_in_words(value: float, language: str) -> str | None:
    """Return a whole number from one to twelve in words; None for others and other languages."""
    words = first_match(_WORDS, language) or ()
    return words[int(value) - 1] if value in range(1, len(words) + 1) else None
