"""Items that go by post, in the form that letters, cards and labels need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from newsletter.mailing.phrases import phrases_in
from newsletter.model.care import CarePlan, Touch
from newsletter.model.channels import PENNED, POSTED
from newsletter.model.events import LATE
from newsletter.model.project import Project

_ORNAMENTS = {"holiday": "star", "birthday": "ring", "anniversary": "ring"}
"""Event of the practice → the ornament on the card; a sprig on all others."""


@dataclass(frozen=True, kw_only=True)
class PostItem(Touch):
    """A letter, or a card to be written by hand: its channel is one of POSTED."""

    front: str = ""
    """The few words on the front of a card."""
    ornament: str = "sprig"
    """On the front of a card: sprig, star, ring or line."""
    condoles: bool = False
    """Whether it is a card of condolence: without colours, and with no word for the business."""

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of the address; the name alone if the address is unknown."""
        return self.address or (self.name,)

    @property
    def whose(self) -> str:
        """The name, which says which envelope it belongs to; without one, the street."""
        return self.lines[0] if self.name == self.customer else self.name


def post_items(project: Project, plan: CarePlan, touches: Sequence[Touch]) -> list[PostItem]:
    """Return the touchpoints that go by post as they are; drafts are finished first."""
    alone = [touch for touch in touches if not touch.draft and not touch.goes_with]
    return [_item(project, plan, touch) for touch in alone if touch.channel in POSTED]


def _item(project: Project, plan: CarePlan, touch: Touch) -> PostItem:
    condoles = "condole" in _detail(plan, touch, "occasion_family")
    ornament = "line" if condoles else _ornament(project, touch)
    return PostItem(**vars(touch), front=_front(plan, touch), ornament=ornament, condoles=condoles)


def no_more_post(project: Project, language: str) -> str:
    """Return how to object to further post, which letters must say (GDPR, article 21(4))."""
    business = project.config.business
    ways = ", ".join(way for way in (business.phone, business.email) if way)
    return phrases_in(project, language).say("no_more_post", ways=ways)


def _front(plan: CarePlan, touch: Touch) -> str:
    """Return the usual wish by a holiday, else the subject, else the title of the practice."""
    in_time = touch.channel in PENNED and _detail(plan, touch, LATE) == [0]
    wishes = _detail(plan, touch, "holiday_greeting") if in_time else []
    return wishes[0] if wishes else touch.subject or touch.title


def _detail(plan: CarePlan, touch: Touch, name: str) -> list[Any]:
    """Return the detail of the touchpoint's event; an empty list if it has none."""
    events = plan.events.get(touch.practice)
    if events is None or name not in events.columns:
        return []
    of_touch = (pl.col("customer") == touch.customer) & (pl.col("key") == touch.key)
    return events.filter(of_touch)[name].drop_nulls().to_list()


def _ornament(project: Project, touch: Touch) -> str:
    event = next((p.event for p in project.practices if p.name == touch.practice), "")
    return _ORNAMENTS.get(event, "sprig")
