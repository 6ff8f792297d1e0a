"""The keys of a practice's front matter, and days as people write them: `2 days after order`."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Annotated, Literal, cast

from pydantic import Discriminator, Field, Tag

from newsletter.errors import did_you_mean
from newsletter.model.channels import Preference
from newsletter.model.events import EVENTS
from newsletter.model.practice import ISSUE, Exemption, OwnRhythms, Purpose, Span, Unit
from newsletter.model.strict import Strict
from newsletter.read.content.front_matter import Line, items
from newsletter.read.content.gift_keys import GiftChoiceKeys, GiftKeys, GiftWords
from newsletter.read.forms import of_text

_UNITS = "day|working day|week|month|year"
_SPAN = rf"(\d+) ({_UNITS})s?"
_NAMED = {"quarter": Span(3, "month"), "half year": Span(6, "month")}
_SPAN_HINT = "write 3 days, 1 working day, 6 weeks, 2 months, quarter or 1 year"
_MOST = {"day": 3660, "working day": 2600, "week": 520, "month": 120, "year": 10}
"""Ten years: longer spans are typing mistakes."""


@dataclass(frozen=True)
class Occurrence:
    """The value of `on:`."""

    event: str
    """A name of EVENTS."""
    date: str
    """Of the event `date`: 12-24 or 2026-12-24."""
    offset: Span


def parse_occurrence(text: str) -> Occurrence:
    """Return the occurrence in `14 days before event`; raises ValueError(message, hint)."""
    text = " ".join(text.split())
    match = re.fullmatch(rf"{_SPAN} (before|after) (.+)", text)
    name = match[4] if match else text
    is_day = re.fullmatch(r"\d[\d./-]*", name)
    event, date = ("date", _date(name)) if is_day else (name, "")
    if event not in EVENTS or (event == "date" and not date):
        raise ValueError(f"unknown event '{name}'", did_you_mean(name, EVENTS) or _EVENT_HINT)
    if match is None:
        return Occurrence(event, date, Span(0, "day"))
    before = match[3] == "before"
    if event == ISSUE:
        raise ValueError("an issue is planned for its own day", "write 'on: issue'")
    if before and not EVENTS[event].foreseen:
        hint = f"write 'after', as in 2 days after {event}"
        raise ValueError(f"nobody knows of the event '{event}' before its day", hint)
    distance = parse_span(text.partition(f" {match[3]} ")[0])
    return Occurrence(event, date, Span(-distance.count, distance.unit) if before else distance)


def parse_span(text: str) -> Span:
    """Return the span in `6 weeks`, `quarter` or `month`; raises ValueError(message, hint)."""
    text = " ".join(text.split())
    if text in _NAMED:
        return _NAMED[text]
    match = re.fullmatch(_SPAN, text if text[:1].isdigit() else f"1 {text}")
    if not match:
        raise ValueError(f"'{text}' is not a span of time", _SPAN_HINT)
    count, unit = int(match[1]), cast(Unit, match[2])
    if count > _MOST[unit]:
        raise ValueError(f"'{text}' is longer than ten years", _SPAN_HINT)
    return Span(count, unit)


def parse_rhythm(text: str) -> Span:
    """Return a span of at least a day; raises ValueError(message, hint)."""
    span = parse_span(text)
    if not span.count:
        raise ValueError(f"'{text}' is not a rhythm", _SPAN_HINT)
    return span


def parse_once(text: str) -> str | Span:
    """Return the span in `365 days`, else the text as it is; raises ValueError(message, hint)."""
    return parse_rhythm(text) if text[:1].isdigit() else text


def parse_together(text: str) -> int:
    """Return the days in `7 days` or `1 week`; raises ValueError(message, hint)."""
    span = parse_span(text)
    if span.unit not in ("day", "week"):
        raise ValueError(f"'{text}' is not a number of days", "write 7 days or 1 week")
    return span.count * (7 if span.unit == "week" else 1)


def parse_until(text: str) -> Span:
    """Return the span in `3 days after` or `3 days`; raises ValueError(message, hint)."""
    return parse_span(text.strip().removesuffix(" after"))


_EVENT_HINT = "the events are " + ", ".join(
    f"{name} (12-24 or 2026-12-24)" if name == "date" else name for name in EVENTS
)


def _date(text: str) -> str:
    """Return the text as a date if it is one: 02-29 is a date of every fourth year."""
    hint = "write month and day, 12-24, or year, month and day, 2026-12-24"
    if not re.fullmatch(r"(\d{4}-)?\d\d-\d\d", text):
        raise ValueError(f"'{text}' is not a day", hint)
    try:
        dt.date.fromisoformat(text if len(text) == len("2026-12-24") else f"2024-{text}")
    except ValueError as error:
        raise ValueError(f"there is no day {text}", "check the day and the month") from error
    return text


def _kind(value: object) -> str:
    return "by segment" if isinstance(value, dict) else "for everybody"


_Rhythm = Annotated[Span, of_text(parse_rhythm)]
_Every = Annotated[
    Annotated[_Rhythm, Tag("for everybody")] | Annotated[dict[str, _Rhythm], Tag("by segment")],
    Discriminator(_kind),
]
_Channels = Annotated[tuple[Preference, ...], of_text(items), Field(min_length=1)]


class PracticeKeys(Strict):
    """A practice."""

    title: Line
    on: Annotated[Occurrence, of_text(parse_occurrence)] | None = None
    every: _Every | None = None
    counted_from: Literal["contact", "practice", "order"] | None = None
    own_rhythm: OwnRhythms | None = None
    until: Annotated[Span, of_text(parse_until)] | None = None
    belated: Annotated[Span, of_text(parse_until)] | None = None
    once_per: Annotated[str | Span, of_text(parse_once)] = ""
    most: Annotated[int, Field(ge=1, le=100)] | None = None
    household: bool | None = None
    together: Annotated[int, of_text(parse_together)] = 0
    when: str | None = None
    channel: _Channels = ("preferred",)
    after: str = ""
    priority: Annotated[int, Field(ge=0, le=100)] = 50
    first: bool | None = None
    exempt: Annotated[tuple[Exemption, ...], of_text(items)] | None = None
    does: Purpose = "care"
    peace_after: Annotated[Span, of_text(parse_rhythm)] | None = None
    draft: bool = False
    owed: bool = False
    sells: bool = False
    gift: GiftKeys | None = None
    gifts: tuple[GiftChoiceKeys, ...] = ()
    advice: str = ""
    subject: Line | None = None
    template: bool = True

    @property
    def event(self) -> str:
        """The event that the practice is due for; empty if none."""
        return self.on.event if self.on else ""

    @property
    def is_shared(self) -> bool:
        """Whether customers who share an address get one letter or card."""
        if self.household is None:
            return self.on is not None and EVENTS[self.on.event].shared
        return self.household

    @property
    def is_issue(self) -> bool:
        """Whether this is the practice of issues."""
        return self.event == ISSUE


class TranslationKeys(Strict):
    """Keys of a translation; all other keys are those of the original."""

    title: Line
    subject: Line | None = None
    gift: GiftWords = GiftWords()
    gifts: tuple[GiftWords, ...] = ()


FORMER = {"sells_nothing": "delete it: a practice sells nothing unless it says 'sells: yes'"}
"""Hints for keys that earlier versions knew."""

ORIGINAL_ONLY = FORMER | {
    key: f"'{key}' belongs only in the file in the project's language"
    for key in PracticeKeys.model_fields
    if key not in TranslationKeys.model_fields
}
"""Hints for keys that a translation may not have."""
