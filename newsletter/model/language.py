"""Language tags (BCP 47): which exist, their fallbacks, and the direction of their text.

Languages, scripts and countries come from CLDR, the Unicode database that Babel packages.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Literal, TypeVar

from babel import Locale, UnknownLocaleError
from babel.core import get_global

Direction = Literal["ltr", "rtl"]
T = TypeVar("T")

TEAM_LANGUAGES = ("de", "en", "fr")
"""Languages in which the program speaks with the team: its pages, lists, reasons and screens."""


def is_language(tag: str) -> bool:
    """
    Return whether *tag* is a language of two letters, with or without a region: de, pt-BR.

    Languages of three letters are refused, or `photo.ink.md` would be in the language `ink`.
    """
    primary = re.fullmatch(r"([a-z]{2})(-[A-Za-z0-9]+)*", tag)
    return primary is not None and primary[1] in _languages()


def language_hint(tag: str) -> str:
    """Return a hint for a wrong *tag*, which is often the code of a country."""
    likely = get_global("likely_subtags").get(f"und_{tag.upper()}", "").partition("_")[0]
    return f"did you mean '{likely}'?" if likely else "write the short form of ISO 639: en, de, fr"


@cache
def fallbacks(language: str, default: str = "") -> tuple[str, ...]:
    """
    Return the tags in which a text for readers of *language* is looked up, best first.

    Tags lose their last part step by step (RFC 4647, 3.4), first those of *language*, then those
    of *default*: `zh-Hant-TW`, `zh-Hant`, `zh`, `en`.
    """
    return tuple(dict.fromkeys([*_shortened(language), *_shortened(default)]))


def first_match(texts: Mapping[str, T], language: str, default: str = "") -> T | None:
    """Return the best value of *texts* (by tag) for readers of *language*; None if none fits."""
    return next((texts[tag] for tag in fallbacks(language, default) if tag in texts), None)


def team_language(language: str) -> str:
    """Return that of TEAM_LANGUAGES for a project in *language*; English if it is not there."""
    return next((tag for tag in fallbacks(language) if tag in TEAM_LANGUAGES), "en")


@cache
def text_direction(language: str) -> Direction:
    """Return the direction of text in a language; left to right if CLDR does not know it."""
    return "rtl" if locale_of(language).text_direction == "rtl" else "ltr"


def locale_of(language: str) -> Locale:
    """Return the CLDR locale of a language, else of a shorter form, else English."""
    for tag in fallbacks(language):
        try:
            return Locale.parse(tag, sep="-")
        except (ValueError, UnknownLocaleError):
            continue
    return Locale("en")


@cache
def locale_in(language: str, country: str) -> Locale:
    """Return the language as the business's country writes it; English falls back to en-001."""
    tag = language.replace("-", "_")
    for name in (f"{tag}_{country}", "en_001" if tag == "en" else tag, tag.partition("_")[0]):
        try:
            return Locale.parse(name)
        except (ValueError, UnknownLocaleError):
            continue
    return Locale("en")


def direction_of_text(text: str) -> Direction:
    """
    Return the direction of the first letter that has one (Unicode UAX 9, rules P2 and P3).

    Names and addresses keep this direction in text of any language.
    """
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("L", "R", "AL"):
            return "ltr" if kind == "L" else "rtl"
    return "ltr"


@cache
def _languages() -> frozenset[str]:
    return frozenset(code for code in map(str, Locale("en").languages) if len(code) == 2)


def _shortened(tag: str) -> list[str]:
    """Return *tag* and its shorter forms; none ends in a single letter (`de-x` of `de-x-wien`)."""
    parts = tag.split("-") if tag else []
    tags = ["-".join(parts[:end]) for end in range(len(parts), 0, -1)]
    return [tag for tag in tags if not re.search(r"-.$", tag)]
