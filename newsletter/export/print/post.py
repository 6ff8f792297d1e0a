"""Items that go by post, in the form that letters, cards and labels need."""

from __future__ import annotations

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
class PostItem(Touch):
    """A letter, or a card to be written by hand: its channel is one of POSTED."""

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
        PostItem(**vars(touch), front=_front(plan, touch), ornament=_ornament(project, touch))
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
