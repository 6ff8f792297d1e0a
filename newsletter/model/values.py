"""Types of the values in YAML files, with messages for wrong values.

A validator raises ValueError(message, hint). The user sees both unchanged.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    RootModel,
    Tag,
    field_validator,
)

from newsletter.model.days import BEYOND, in_use
from newsletter.model.domains import ascii_domain
from newsletter.model.language import first_match, is_language, language_hint


def _day(value: object) -> object:
    if isinstance(value, str):
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            raise ValueError(f"'{value}' is not a date", "write year, month and day: 2026-11-05")
        try:
            day = dt.date.fromisoformat(value)
        except ValueError as error:
            raise ValueError(f"there is no day {value}", "check the day and the month") from error
        if not in_use(day):
            raise ValueError(f"{value} {BEYOND}", "check the year")
        return day
    return value


def shaped(text: str, *, pattern: str, what: str, hint: str) -> str:
    """Return the text if it fits the pattern; raises ValueError(message, hint)."""
    if not re.fullmatch(pattern, text):
        raise ValueError(f"'{text}' is not {what}", hint)
    return text


def _web_address(url: str) -> str:
    return shaped(url, pattern=r"https?://\S+", what="a web address", hint="begin with https://")


def _unsubscribe_address(url: str) -> str:
    pattern = r"(https://|mailto:)\S+"
    hint = "begin with https:// or mailto:"
    return shaped(url, pattern=pattern, what="an address to unsubscribe at", hint=hint)


def _host(name: str) -> str:
    hint = "write the name alone, without https:// and path: cdn.example.com"
    plain = ascii_domain(name)
    return shaped(
        plain, pattern=r"[a-z0-9-]+(?:\.[a-z0-9-]+)+", what="the name of a host", hint=hint
    )


def _language(tag: str) -> str:
    if not is_language(tag):
        raise ValueError(f"'{tag}' is not a language", language_hint(tag))
    return tag


def _email(text: str) -> str:
    pattern = r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+"
    return shaped(text, pattern=pattern, what="an email address", hint="write name@example.com")


def _country(code: str) -> str:
    hint = "write the two capitals of ISO 3166: US, DE, NO"
    return shaped(code, pattern="[A-Z]{2}", what="a country", hint=hint)


def _a_day(value: object) -> object:
    if isinstance(value, str):
        match = re.fullmatch(r"(\d+)(?: (?:a|per) day)?", value.strip())
        if not match:
            raise ValueError(f"'{value}' is not a number per day", "write 5, or 5 a day")
        return int(match[1])
    return value


def _currency(code: str) -> str:
    hint = "write the three capitals of ISO 4217: EUR, USD"
    return shaped(code, pattern="[A-Z]{3}", what="a currency", hint=hint)


def _time(text: str) -> str:
    pattern = r"([01]\d|2[0-3]):[0-5]\d"
    return shaped(text, pattern=pattern, what="a time of day", hint="write it as 09:00")


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (OSError, LookupError, ValueError) as error:
        raise ValueError(f"'{name}' is not a time zone", "write it as Europe/Berlin") from error
    return name


def _directory_address(url: str) -> str:
    return _web_address(url).rstrip("/") if url else ""


@dataclass(frozen=True)
class Absence:
    """Days on which somebody is away, both included."""

    first: dt.date = dt.date.min
    last: dt.date = dt.date.max
    """Nobody knows: dt.date.max."""

    def holds(self, day: dt.date) -> bool:
        """Return whether *day* is one of them."""
        return self.first <= day <= self.last


_ABSENCE = re.compile(
    r"(?:(from|until) )?(\d{4}-\d\d-\d\d)(?: (?:to|until|[–-]) (\d{4}-\d\d-\d\d))?"
)


def _absence(text: object) -> object:
    if not isinstance(text, str):
        return text
    match = _ABSENCE.fullmatch(" ".join(text.split()))
    if match is None or (match[3] and match[1] == "until"):
        hint = "write 2026-12-21 to 2027-01-06, from 2026-12-21, until 2027-01-06, or one day"
        raise ValueError(f"'{text}' says not when somebody is away", hint)
    day = _day(match[2])
    end = _day(match[3]) if match[3] else day
    assert isinstance(day, dt.date)
    assert isinstance(end, dt.date)
    if end < day:
        raise ValueError(f"'{text}' ends before it begins", "exchange the two days")
    if match[1] == "from" and not match[3]:
        return Absence(first=day)
    return Absence(last=day) if match[1] == "until" else Absence(first=day, last=end)


def _absences(value: object) -> object:
    return [_absence(item) for item in (value if isinstance(value, list) else [value])]


Absences = Annotated[tuple[Absence, ...], BeforeValidator(_absences)]
"""Days as people write them: `2026-12-21 to 2027-01-06`, `from 2026-12-21`; one, or a list."""
WebAddress = Annotated[str, AfterValidator(_web_address)]
SiteAddress = Annotated[str, AfterValidator(_directory_address)]
"""A web address to which paths are added: it ends without a slash. Empty: there is none."""
Host = Annotated[str, AfterValidator(_host)]
UnsubscribeAddress = Annotated[str, AfterValidator(_unsubscribe_address)]
Language = Annotated[str, AfterValidator(_language)]
Email = Annotated[str, AfterValidator(_email)]
Country = Annotated[str, AfterValidator(_country)]
Currency = Annotated[str, AfterValidator(_currency)]
TimeOfDay = Annotated[str, AfterValidator(_time)]
TimeZone = Annotated[str, AfterValidator(_timezone)]
Day = Annotated[dt.date, BeforeValidator(_day)]
"""A date in ISO form only, because 03/04/2026 is ambiguous."""
ADay = Annotated[int, BeforeValidator(_a_day)]
"""A number per day: 5, or `5 a day`."""


def _kind(value: object) -> str:
    return "one for each" if isinstance(value, dict) else "one"


_Texts = Annotated[
    Annotated[str, Tag("one")] | Annotated[dict[Language, str], Tag("one for each")],
    # Without it pydantic tries both types and reports two errors for one mistake.
    Discriminator(_kind),
]


class Localised(RootModel[_Texts]):
    """
    A text that customers read: the same in all languages, or one for each.

    Written as `Stationery and coffee` or as `{en: Stationery and coffee, de: …}`.
    """

    model_config = ConfigDict(frozen=True)

    @field_validator("root")
    @classmethod
    def _not_empty(cls, texts: str | dict[str, str]) -> str | dict[str, str]:
        if texts == {}:
            raise ValueError("there is no text here", "write one for each language: en: …, de: …")
        return texts

    def in_language(self, language: str, default: str) -> str:
        """
        Return the text in *language*, else in *default*, else the first text.

        A German text (`de`) also serves Austria (`de-AT`), as files of content/ do.
        """
        if isinstance(self.root, str):
            return self.root
        first = next(iter(self.root))
        return first_match(self.root, language, default) or self.root[first]
