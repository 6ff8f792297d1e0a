"""What the daily commands print, in the language of the team: phrases, days, numbers, channels."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from newsletter.model.language import team_language
from newsletter.read.list_words import channels_in, outcomes_in
from newsletter.read.yaml import packaged_yaml


class Screen:
    """
    The phrases of screens/<language>.yml; a language that has none gets the English ones.

    Errors, remarks and --help are in English.
    """

    def __init__(self, language: str = "en") -> None:
        self.language = team_language(language)
        self._phrases = _phrases(self.language)

    def __call__(self, phrase: str, **gaps: object) -> str:
        """Return a phrase with its gaps filled."""
        return self._filled(self._phrases[phrase], gaps)

    def counted(self, phrase: str, number: int, **gaps: object) -> str:
        """Return the form of a phrase for that number: 1 task, 1,200 tasks."""
        single, several = self._phrases[phrase].split(" | ")
        is_one = number == 1 or (self.language == "fr" and number == 0)
        return self._filled(single if is_one else several, {"n": number, **gaps})

    def joined(self, texts: Iterable[str]) -> str:
        """Return texts in one line: overdue; unanswered."""
        return self._phrases["separator"].join(texts)

    def number(self, number: int) -> str:
        """Return a number with its thousands apart."""
        return f"{number:,}".replace(",", self._phrases["thousands"])

    def money(self, amount: float, currency: str) -> str:
        """Return an amount with its currency: 62.50 EUR."""
        whole, _, cents = f"{amount:,.2f}".rpartition(".")
        whole = whole.replace(",", self._phrases["thousands"])
        return f"{whole}{self._phrases['decimal']}{cents} {currency}"

    def day(self, day: dt.date) -> str:
        """Return a day: 2026-11-03, 03.11.2026."""
        months = self._phrases["months"].split()
        parts = {
            "d": self._phrases["first"] if day.day == 1 else str(day.day),
            "dd": f"{day:%d}", "mm": f"{day:%m}",
            "month": months[day.month - 1], "yyyy": str(day.year),
        }  # fmt: skip
        return self._filled(self._phrases["day"], parts)

    def weekday(self, day: dt.date) -> str:
        """Return a day with its weekday, whatever the language of the computer."""
        return self("weekday", weekday=self._phrases["weekdays"].split()[day.weekday()], day=day)

    def channel(self, channel: str) -> str:
        """Return the name of a channel: letter, Brief."""
        return channels_in(self.language).get(channel, channel)

    def outcome(self, outcome: str) -> str:
        """Return what came of a task in words: done, erledigt."""
        return outcomes_in(self.language).get(outcome, outcome)

    def reading(self, description: str) -> str:
        """Return how a column was read, which reading describes in English."""
        for phrase, form in _readings().items():
            if match := form.fullmatch(description):
                gaps = match.groupdict()
                if whole := gaps.get("reading"):
                    gaps["reading"] = self.reading(whole)
                return self(phrase, **gaps)
        return description

    def reason_not(self, row: Mapping[str, Any]) -> str:
        """Return why a task is left out of a plan, and the day on which it becomes possible."""
        why = row["skipped_because"]
        return self("possible_on", why=why, day=row["possible_on"]) if row["possible_on"] else why

    def _filled(self, text: str, gaps: Mapping[str, object]) -> str:
        for gap, value in gaps.items():
            text = text.replace(f"{{{gap}}}", self._shown(value))
        return text

    def _shown(self, value: object) -> str:
        if isinstance(value, dt.date):
            return self.day(value)
        return self.number(value) if isinstance(value, int) else str(value)


@cache
def _readings() -> Mapping[str, re.Pattern[str]]:
    """Return the phrases for how a column was read → the forms of their English text."""
    return {
        phrase: re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(text)))
        for phrase, text in _phrases("en").items()
        if phrase.startswith("read_")
    }


@cache
def _phrases(language: str) -> Mapping[str, str]:
    phrases: Any = packaged_yaml(f"screens/{language}.yml").data
    return dict(phrases)
