"""Reads the words in which reasons are told, which come with the program."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from newsletter.model.config import Config
from newsletter.model.language import team_language
from newsletter.model.project import ColumnReading
from newsletter.model.reasons import Reasons
from newsletter.read.yaml import packaged_yaml


def read_reasons(config: Config, columns: Iterable[ColumnReading] = ()) -> Reasons:
    """Return the words for reasons in the language of the project, else in English."""
    language = team_language(config.language)
    return Reasons(
        language=language,
        country=config.business.country,
        currency=config.business.currency,
        **_parsed(language),
        headings={column.field: column.header for column in columns},
    )


@cache
def _parsed(language: str) -> dict[str, Any]:
    """Return the phrases of a language by section: phrases, events, etiquette, channels, names."""
    data: dict[str, Any] = packaged_yaml(f"reasons/{language}.yml").data
    return data
