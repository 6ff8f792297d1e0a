"""The words of work lists and sheets: headers, outcomes, channels in the team's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from newsletter.model.channels import CHANNELS
from newsletter.model.language import first_match
from newsletter.read.yaml import packaged_yaml

_WORDS: Any = packaged_yaml("lists.yml").data
_DEFAULT = "en"


def headers_in(language: str) -> dict[str, str]:
    """Return field → its header in lists of *language*; in English if the language has none."""
    return _in_language(_WORDS["headers"], language)


def outcomes_in(language: str) -> dict[str, str]:
    """Return outcome → its word in lists and on sheets of *language*, likewise."""
    return _in_language(_WORDS["outcomes"], language)


def channels_in(language: str) -> dict[str, str]:
    """Return channel → its name in lists and on screens of *language*, else its noun."""
    nouns = {name: channel.noun for name, channel in CHANNELS.items()}
    return nouns | _in_language(_WORDS["channels"], language)


def columns_in(language: str) -> dict[str, str]:
    """Return column → its header in tables that nobody gives back, likewise."""
    return _in_language(_WORDS["columns"], language)


def language_of(header: str) -> str:
    """Return the language of the outcomes in a list with that header; English if it is unknown."""
    headers = _WORDS["headers"]["outcome"]
    return next((tag for tag, text in headers.items() if text == header), _DEFAULT)


def day_messages_in(language: str) -> dict[str, str]:
    """Return `title` and `message` of what a workbook says of a cell that wants a day."""
    return _in_language(_WORDS["day"], language)


def every_outcome() -> dict[str, str]:
    """Return the words of all languages in lower case, each with its outcome."""
    return {
        word.casefold(): outcome
        for outcome, words in _WORDS["outcomes"].items()
        for word in words.values()
    }


def every_header() -> dict[str, str]:
    """Return field → its headers in all languages, as words joined by `_`, between spaces."""
    return {
        field: " ".join(header.replace(" ", "_") for header in headers.values())
        for field, headers in _WORDS["headers"].items()
    }


def _in_language(words: Mapping[str, Mapping[str, str]], language: str) -> dict[str, str]:
    return {
        name: first_match(texts, language, _DEFAULT) or texts[_DEFAULT]
        for name, texts in words.items()
    }
