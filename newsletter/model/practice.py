"""A practice: one way of caring, a Markdown file with its occasion, channels and texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import polars as pl

from newsletter.errors import NewsletterError, Place, did_you_mean
from newsletter.model.channels import AT_LENGTH, Channel
from newsletter.model.gift import Gift
from newsletter.model.language import first_match
from newsletter.model.source import Source

ISSUE = "issue"
"""Name and event of the practice of issues: its event is the day of an issue."""
PERSONAL = pl.col("practice").ne_missing(ISSUE)
"""Whether a row of the plan or the history is for a single customer, not an issue."""
Exemption = Literal["consent", "peace", "cap", "gap", "quiet", "do_not_write", "capacity"]
"""A rule of etiquette that a practice may be exempt from."""
Purpose = Literal["care", "ask", "celebrate"]
"""What a practice does: it cares for customers, asks them for something, or celebrates."""
FOR_ISSUES: tuple[Exemption, ...] = ("cap", "gap", "quiet", "do_not_write", "capacity")
"""The exemptions of the practice of issues, unless its file has others."""

OwnRhythms = Literal["follow", "limit", "ignore"]
"""follow: it replaces them; limit: it makes them slower where it is slower; ignore: nothing."""
Unit = Literal["day", "working day", "week", "month", "year"]


@dataclass(frozen=True)
class Span:
    """A distance between two days: 3 days, 1 working day, -2 weeks (before)."""

    count: int
    unit: Unit


@dataclass(frozen=True)
class Rhythm:
    """How often a practice is due, for customers of a segment."""

    segment: str
    """A yes/no fact; empty: everybody."""
    span: Span


@dataclass(frozen=True, kw_only=True)
class Words:
    """The texts of a practice, in one language."""

    language: str
    title: str
    subject: Source | None
    """Of the email; by default the title."""
    bodies: Mapping[str, Source]
    """Channel → Markdown. Channels without a section share the text above the first heading."""
    template: bool = True
    """Whether Jinja in the texts is evaluated."""
    gift_name: str = ""
    """Of a translation: the name of the gift; empty: as in the original."""
    gift_conditions: str = ""
    gifts: tuple[tuple[str, str], ...] = ()
    """Of a translation: name and conditions of each of the practice's `gifts`."""

    @property
    def texts(self) -> tuple[Source, ...]:
        """The texts of all channels, each once, though channels without a section share one."""
        return tuple(dict.fromkeys(self.bodies.values()))


@dataclass(frozen=True, kw_only=True)
class Practice:
    """content/practices/NAME.md, with its translations NAME.de.md …"""

    name: str
    at: Place
    title: str
    event: str
    """A name of EVENTS (`order`, `birthday` …), `date`, or empty: as long as `when` holds."""
    date: str = ""
    """Of the event `date`: 12-24 (each year) or 2026-12-24."""
    offset: Span = Span(0, "day")
    """From the event to the day of arrival; negative: before it."""
    every: tuple[Rhythm, ...] = ()
    """Rhythms instead of an event. A customer gets the first whose segment holds."""
    counted_from: Literal["contact", "practice", "order"] = "contact"
    """Start of each interval: the last contact, the last time of this practice, or an order."""
    own_rhythm: OwnRhythms = "limit"
    """What the rhythm that a customer chose does to those of this practice."""
    until: Span | None = None
    """How long after the day of arrival it may still be done; None: as long as it is due."""
    belated: Span | None = None
    """The same after a time away, for words that say that it is late; None: not at all."""
    once_per: str = "event"
    """event, customer, year, quarter, month, or a column: once for each of its values."""
    household: bool = False
    """Whether customers who share an address get one letter or card, if its words are the same."""
    together: int = 0
    """Orders of a customer within so many days are one task, unless done before; 0: each alone."""
    once_in: Span | None = None
    """At most once in this span, counted from the last time it was done."""
    most: int | None = None
    """How often it is done without an answer of the customer; None: as often as it is due."""
    when: Source | None = None
    """Rule over the facts and the details of the event."""
    channels: tuple[Channel, ...]
    """In the order of preference; the customer's own choice comes first."""
    after: str = ""
    """Name of a practice that must have been done before."""
    priority: int = 50
    """0-100: of two touchpoints on a day, the one with the higher priority is planned."""
    first: bool = False
    """Placed before everything else on its day, even what is owed or has gone out."""
    exempt: tuple[Exemption, ...] = ()
    """Rules of etiquette that do not apply to it."""
    does: Purpose = "care"
    peace_after: Span | None = None
    """For so long after it nothing else asks or sells."""
    draft: bool = False
    """Whether a person finishes its emails and letters: they are tasks, never ready to be sent."""
    owed: bool = False
    """An answer or a promise: held back by neither caps nor capacity, and heads the lists."""
    sells: bool = False
    """Whether its texts may name prices and offers; a check reports them in all others."""
    gift: Gift | None = None
    """For customers whom none of *gifts* fits."""
    gifts: tuple[Gift, ...] = ()
    """For customers of a segment or buyers of a category; the first that fits counts."""
    advice: str = ""
    """Why people do this, in one sentence."""
    words: Mapping[str, Words]
    """Language → words; the project's language is always among them."""
    places: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)
    """The place of each key's value in the front matter."""

    @property
    def rule_text(self) -> str:
        """The rule as its file has it, in one line; empty: it is for everybody."""
        return " ".join(self.when.text.split()) if self.when else ""

    @property
    def is_issue(self) -> bool:
        """Whether this is the practice of issues, which have their own texts."""
        return self.event == ISSUE

    def in_language(self, language: str | None, default: str) -> Words:
        """Return the words for readers of *language*, else those in *default*."""
        return first_match(self.words, language or default, default) or self.words[default]

    @property
    def all_gifts(self) -> tuple[Gift, ...]:
        """Return *gifts*, and at last the gift of all others."""
        return (*self.gifts, *([self.gift] if self.gift else []))

    def gift_in(self, language: str, number: int = 0) -> Gift:
        """Return a gift by its place in `all_gifts`, with its name in *language*."""
        gift, words = self.all_gifts[number], self.words.get(language)
        if words is None:
            return gift
        texts = dict(enumerate(words.gifts)) | {
            len(self.gifts): (words.gift_name, words.gift_conditions)
        }
        name, conditions = texts.get(number, ("", ""))
        return replace(gift, name=name or gift.name, conditions=conditions or gift.conditions)


def practice_called(practices: Sequence[Practice], name: str) -> Practice:
    """Return the practice of that name or title; raises NewsletterError if there is none."""
    called = {practice.title.casefold(): practice for practice in practices}
    called |= {practice.name: practice for practice in practices}
    if practice := called.get(name) or called.get(name.casefold()):
        return practice
    names = ", ".join(practice.name for practice in practices)
    hint = did_you_mean(name, called) or f"the practices are {names}"
    raise NewsletterError.at(f"there is no practice '{name}'", hint=hint)


NEWSLETTER = Practice(
    name=ISSUE,
    at=Place(path="content/practices/issue.md"),
    title="The newsletter",
    event=ISSUE,
    channels=AT_LENGTH,
    priority=100,
    first=True,
    exempt=FOR_ISSUES,
    household=True,
    words={},
)
"""The practice of issues in a project that has no file for it."""
