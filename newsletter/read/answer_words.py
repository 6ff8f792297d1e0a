"""The words for yes and no in many languages, from cells.yml."""

from __future__ import annotations

from functools import cache
from itertools import chain
from typing import Any

from newsletter.read.yaml import packaged_yaml


@cache
def yes_words() -> frozenset[str]:
    """Return the words for yes, in lower case."""
    return _words("yes", 0)


@cache
def no_words() -> frozenset[str]:
    """Return the words for no, in lower case."""
    return _words("no", 1)


def _words(general: str, place: int) -> frozenset[str]:
    words: Any = packaged_yaml("cells.yml").data
    of_languages = (answers[place].split(", ") for answers in words["yes_and_no"].values())
    return frozenset(chain(words[general].split(), *of_languages))
