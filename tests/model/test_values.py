"""Texts of newsletter.yml that are the same in all languages, or one for each."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from newsletter.model.config import Reward, TeamMember
from newsletter.model.values import Localised


def test_a_plain_text_is_the_same_in_all_languages() -> None:
    """Nobody has to write a text twice."""
    assert [Localised("Tea").in_language(tag, "en") for tag in ("en", "de")] == ["Tea", "Tea"]


@pytest.mark.parametrize(
    ("language", "default", "text"),
    [
        ("de", "en", "Tee"),
        ("de-AT", "en", "Tee"),
        ("pt-BR", "en", "Chá"),
        ("fr", "en", "Tea"),
        ("fr", "es", "Tee"),
    ],
)
def test_the_nearest_language_is_taken(language: str, default: str, text: str) -> None:
    """The language itself, else without its region, else the project's, else the first one."""
    tea = Localised({"de": "Tee", "en": "Tea", "pt": "Chá de saco", "pt-BR": "Chá"})
    assert tea.in_language(language, default) == text


@pytest.mark.parametrize("value", [{"dk": "Te"}, {"en": ["Tea"]}, {}, ["Tea"]])
def test_what_is_no_text_in_a_language_is_refused(value: object) -> None:
    """Neither a tag that is no language, nor a list, nor nothing at all."""
    with pytest.raises(ValidationError):
        Reward.model_validate({"points": 5, "reward": value})


def test_templates_get_plain_texts() -> None:
    """A section in a language prints, compares and tests like any text; the rest stays."""
    member = TeamMember.model_validate({"id": "a", "name": "Ann", "role": {"en": "Tea"}})
    spoken: Any = member.in_language("de", "en")
    assert (spoken.id, spoken.role, type(spoken.role)) == ("a", "Tea", str)
