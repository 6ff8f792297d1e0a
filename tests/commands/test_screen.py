"""What commands print, in the language of the team."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from babel import Locale
from babel.dates import get_day_names, get_month_names

from newsletter.commands.screen import Screen
from newsletter.model.channels import CHANNELS
from newsletter.model.language import TEAM_LANGUAGES
from newsletter.read.yaml import packaged_yaml

PHRASES = {tag: packaged_yaml(f"screens/{tag}.yml").data for tag in TEAM_LANGUAGES}
DAY = dt.date(2026, 12, 3)


@pytest.mark.parametrize("language", TEAM_LANGUAGES)
def test_every_phrase_is_there_with_its_gaps_and_forms(language: str) -> None:
    """Each language has the phrases of the others; only dates may leave out a gap."""
    for key, english in PHRASES["en"].items():
        text = PHRASES[language][key]
        assert isinstance(text, str), key
        assert text.count(" | ") == english.count(" | "), key
        if key != "day":
            assert _gaps(text) | {"n"} == _gaps(english) | {"n"}, key
    assert PHRASES[language].keys() == PHRASES["en"].keys()


def _gaps(text: object) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", str(text)))


@pytest.mark.parametrize(
    ("description", "german"),
    [
        ("whole number (1.234,50)", "ganze Zahl (1.234,50)"),
        ("birthday (MDY)", "Geburtstag (MDY)"),
        ("text, where the other is empty", "Text, wo die andere leer ist"),
        (
            "consent: any value but a no means yes (3 of 4)",
            "Zustimmung: alles außer nein heißt ja (3 von 4)",
        ),
        (
            "consent: 'an', 'auf' means yes (1,200 of 1,300)",
            "Zustimmung: 'an', 'auf' heißt ja (1,200 von 1,300)",
        ),
        ("something new", "something new"),
    ],
)
def test_how_a_column_was_read_is_told_in_the_language(description: str, german: str) -> None:
    """The reader describes it in English; what has no phrase stays."""
    assert Screen("de").reading(description) == german
    assert Screen("en").reading(description) == description


@pytest.mark.parametrize("language", TEAM_LANGUAGES)
def test_days_are_called_as_in_cldr(language: str) -> None:
    """The names of weekdays and months are those of the Unicode database."""
    locale, phrases = Locale(language), PHRASES[language]
    days = get_day_names("wide", locale=locale)
    months = get_month_names("abbreviated", locale=locale)
    assert str(phrases["weekdays"]).split() == [days[number] for number in range(7)]
    if language != "en":
        assert str(phrases["months"]).split() == [months[number] for number in range(1, 13)]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Thursday 2026-12-03", "1,200 tasks", "0 tasks", "1 task", "1,234.50 EUR"]),
        (
            "de-CH",
            [
                "Donnerstag, 03.12.2026",
                "1.200 Aufgaben",
                "0 Aufgaben",
                "1 Aufgabe",
                "1.234,50 EUR",
            ],
        ),
        (
            "fr",
            ["jeudi 3 déc. 2026", "1\u202f200 tâches", "0 tâche", "1 tâche", "1\u202f234,50 EUR"],
        ),
        ("it", ["Thursday 2026-12-03", "1,200 tasks", "0 tasks", "1 task", "1,234.50 EUR"]),
    ],
)
def test_days_and_numbers(language: str, words: list[str]) -> None:
    """As each language writes them; a language without phrases gets the English ones."""
    screen = Screen(language)
    counted = [screen.counted("tasks", number) for number in (1200, 0, 1)]
    assert [screen.weekday(DAY), *counted, screen.money(1234.5, "EUR")] == words


@pytest.mark.parametrize("language", TEAM_LANGUAGES)
def test_channels_have_names(language: str) -> None:
    """No name of the program stands in another language."""
    names = [Screen(language).channel(channel) for channel in CHANNELS]
    assert language == "en" or "handwritten" not in names
    assert len(set(names)) == len(names)
