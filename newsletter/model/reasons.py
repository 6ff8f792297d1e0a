"""The words in which reasons are told to the team: phrases, dates, numbers and money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from babel import Locale
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal

from newsletter.model.language import locale_in
from newsletter.model.written_days import written_day

_MONEY = frozenset({"total_spent", "order_amount"})


@dataclass(frozen=True, kw_only=True, eq=False)
class Reasons:
    """How reasons are told in one language. Unknown names are columns of the user's own."""

    language: str
    """One that has a file in newsletter/reasons/."""
    country: str = ""
    currency: str = "EUR"
    phrases: Mapping[str, str]
    events: Mapping[str, str]
    """What happened; the details in brackets are added by plan/events/."""
    etiquette: Mapping[str, str]
    """Why a task waits or is left out."""
    channels: Mapping[str, str]
    """What channels are called in English, and why they are not possible → the same in words."""
    names: Mapping[str, Mapping[str, str]]
    """Column, fact or detail → its phrases."""
    headings: Mapping[str, str] = field(default_factory=dict)
    """Column → its heading in the customer file."""

    @cached_property
    def _locale(self) -> Locale:
        return locale_in(self.language, self.country)

    def phrase(self, key: str, name: str = "", **gaps: str) -> str:
        """Return a phrase with its gaps filled, the one of *name* if it has its own."""
        text = self.names.get(name, {}).get(key) or self.phrases[key]
        filled = {"what": self.heading(name)} | gaps if name else gaps
        for gap, value in filled.items():
            text = text.replace(f"{{{gap}}}", value)
        return text

    def has(self, key: str, name: str) -> bool:
        """Return whether *name* has a phrase of its own."""
        return key in self.names.get(name, {})

    def is_segment(self, name: str) -> bool:
        """Return whether a yes/no name is no column or fact, and so a segment."""
        return name not in self.names and name not in self.headings

    def heading(self, name: str) -> str:
        """Return what a name is called; segments and columns as the user calls them."""
        own = self.names.get(name, {}).get("what") or self.headings.get(name)
        return own or name.replace("_", " ")

    def day(self, day: dt.date) -> str:
        """Return a date: 3 Nov 2026."""
        return written_day(day, "medium", self._locale)

    def number(self, number: float, name: str = "") -> str:
        """Return a number with the unit of *name*: 1,200, twice, €20.00, 3 days."""
        if name in _MONEY:
            return format_currency(number, self.currency, locale=self._locale)
        shown = format_decimal(number, locale=self._locale, decimal_quantization=False)
        return (
            self._form(self.names[name]["unit"], number, shown)
            if self.has("unit", name)
            else shown
        )

    def event(self, event: str, **gaps: str | dt.date) -> str:
        """Return a phrase of `events` with its gaps filled."""
        text = self.events[event]
        for gap, value in gaps.items():
            shown = self.day(value) if isinstance(value, dt.date) else value
            text = text.replace(f"{{{gap}}}", shown)
        return text

    def times(self, event: str, number: int) -> str:
        """Return a phrase of `events` for a number: every 6 weeks, 4 years."""
        return self._form(self.events[event], number, str(number))

    def etiquette_times(self, phrase: str, number: int) -> str:
        """Return a phrase of `etiquette` for a number: 3 days between two contacts."""
        return self._form(self.etiquette[phrase], number, str(number))

    def of_channel(self, text: str) -> str:
        """Return what model/channels.py calls a channel, or says of it; else *text* itself."""
        return self.channels.get(text, text)

    def weekday(self, day: dt.date) -> str:
        """Return the name of the day: Sunday."""
        return written_day(day, "EEEE", self._locale)

    def _form(self, forms: str, number: float, shown: str) -> str:
        *few, others = forms.split(" | ")
        if number in range(1, len(few) + 1):
            return few[int(number) - 1].replace("{n}", shown)
        # French counts everything below two as one: 1,5 an.
        is_one = self.language == "fr" and abs(number) < 2 and "{n}" in few[0]
        return (few[0] if is_one else others).replace("{n}", shown)

    def text(self, value: str, name: str = "") -> str:
        """Return a text: in the words of *name*, by the name of a language, or in quotes."""
        if own := self.names.get(name, {}).get(f"is_{value}"):
            return own
        names = {"language": self._locale.languages, "country": self._locale.territories}
        if value in names.get(name, {}):
            return str(names[name][value])
        single = value.replace("-", "").replace("_", "").isalnum()
        return value if single else self.phrase("quoted", value=value)

    def all_of(self, texts: Sequence[str]) -> str:
        """Return `one, two and three`."""
        return format_list(texts, style="standard", locale=self._locale)

    def any_of(self, texts: Sequence[str]) -> str:
        """Return `one, two or three`."""
        return format_list(texts, style="or", locale=self._locale)
