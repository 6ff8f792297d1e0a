"""Items that go by post, in the form that letters, cards and labels need."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from newsletter.mailing.phrases import phrases_in
from newsletter.model.care import CarePlan, Touch
from newsletter.model.channels import PENNED, POSTED
from newsletter.model.project import Project

_ORNAMENTS = {"holiday": "star", "birthday": "ring", "anniversary": "ring"}
"""Event of the practice → the ornament on the card; a sprig on all others."""


@dataclass(frozen=True, kw_only=True)
class PostItem:
    """A letter, or a card to be written by hand."""

    channel: str
    """One of POSTED."""
    customer: str
    """Id, for remarks."""
    name: str
    language: str
    address: tuple[str, ...]
    """Lines, the name first; empty: none is known."""
    member: str
    """Id of the team member who signs."""
    day: dt.date
    """The date on the letter."""
    subject: str = ""
    greeting: str = ""
    """Without a comma; empty: the text begins at once."""
    html: str = ""
    """The text: sanitised, personal, with whole addresses; not printed on cards."""
    gift: str = ""
    """In words, with its conditions; empty: none."""
    code: str = ""
    """Of a voucher."""
    expires: dt.date | None = None
    """Of a voucher."""
    front: str = ""
    """The few words on the front of a card."""
    ornament: str = "sprig"
    """On the front of a card: sprig, star or ring."""

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of the address; the name alone if the address is unknown."""
        return self.address or (self.name,)


def post_items(project: Project, plan: CarePlan, touches: Sequence[Touch]) -> list[PostItem]:
    """Return the touchpoints that go by post."""
    return [
        PostItem(
            channel=touch.channel,
            customer=touch.customer,
            name=touch.name,
            language=touch.language,
            address=touch.address,
            member=touch.member,
            day=touch.date,
            subject=touch.subject,
            greeting=touch.greeting,
            html=touch.html,
            gift=touch.gift,
            code=touch.code,
            expires=touch.expires,
            front=_front(plan, touch),
            ornament=_ornament(project, touch),
        )
        for touch in touches
        if touch.channel in POSTED
    ]


def no_more_post(project: Project, language: str) -> str:
    """Return how to object to further post, which letters must say (GDPR, article 21(4))."""
    business = project.config.business
    ways = ", ".join(way for way in (business.phone, business.email) if way)
    return phrases_in(project, language).say("no_more_post", ways=ways)


def _front(plan: CarePlan, touch: Touch) -> str:
    """Return the usual wish on a holiday, else the subject, else the title of the practice."""
    wishes = [*_wishes(plan, touch)] if touch.channel in PENNED else []
    return wishes[0] if wishes else touch.subject or touch.title


def _wishes(plan: CarePlan, touch: Touch) -> Iterator[str]:
    events = plan.events.get(touch.practice)
    if events is not None and "holiday_greeting" in events.columns:
        of_touch = (pl.col("customer") == touch.customer) & (pl.col("key") == touch.key)
        yield from events.filter(of_touch)["holiday_greeting"].drop_nulls()


def _ornament(project: Project, touch: Touch) -> str:
    event = next((p.event for p in project.practices if p.name == touch.practice), "")
    return _ORNAMENTS.get(event, "sprig")
