"""Texts of newsletter.yml: one for all languages, or one for each."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from newsletter.model.reward_schemes import Reward
from newsletter.model.team import TeamMember
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
    """The language itself, then without its region, then the project's, then the first."""
    tea = Localised({"de": "Tee", "en": "Tea", "pt": "Chá de saco", "pt-BR": "Chá"})
    assert tea.in_language(language, default) == text


@pytest.mark.parametrize("value", [{"dk": "Te"}, {"en": ["Tea"]}, {}, ["Tea"]])
def test_other_values_are_refused(value: object) -> None:
    """An unknown tag, a list, or nothing at all."""
    with pytest.raises(ValidationError):
        Reward.model_validate({"points": 5, "reward": value})


def test_templates_get_plain_texts() -> None:
    """A section in one language prints, compares and tests like any text."""
    member = TeamMember.model_validate({"id": "a", "name": "Ann", "role": {"en": "Tea"}})
    spoken: Any = member.in_language("de", "en")
    assert (spoken.id, spoken.role, type(spoken.role)) == ("a", "Tea", str)
