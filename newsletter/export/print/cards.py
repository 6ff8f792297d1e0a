"""cards.pdf: cards to write by hand, two on a page, to be cut and folded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

import polars as pl

from newsletter.export.print.paper import paper_of
from newsletter.export.print.scripts import font_stack
from newsletter.export.print.typst import Press, batches
from newsletter.model.artifact import Artifact
from newsletter.model.care import CarePlan, Touch
from newsletter.model.language import direction_of_text, text_direction
from newsletter.model.project import Project

_MOST = 200
"""Cards of one file."""
_TEMPLATES = ("print/base.typ", "print/cards.typ")
_ORNAMENTS = {"holiday": "star", "birthday": "ring", "anniversary": "ring"}
"""Event of the practice → the ornament on the card; a sprig on all others."""


def cards(
    project: Project, plan: CarePlan, touches: Sequence[Touch], *, press: Press
) -> Iterator[Artifact]:
    """Yield private/care/print/cards.pdf: the outside of the cards; the inside is left blank."""

    def make(part: Sequence[Touch], _: int) -> bytes:
        data = cards_data(project, plan, part, press)
        return press.pdf(project.theme, _TEMPLATES, data, day=plan.day)

    return batches("cards", touches, most=_MOST, make=make)


def cards_data(
    project: Project, plan: CarePlan, touches: Sequence[Touch], press: Press
) -> dict[str, object]:
    """Return what print/cards.typ is given; lengths in millimetres."""
    business = project.config.business
    return {
        "paper": asdict(paper_of(business.country)),
        "business": business.name,
        "accent": project.theme.values["accent"],
        "cards": [_card(project, plan, touch, press) for touch in touches],
    }


def _card(project: Project, plan: CarePlan, touch: Touch, press: Press) -> dict[str, object]:
    event = next((p.event for p in project.practices if p.name == touch.practice), "")
    return {
        "language": touch.language,
        "direction": text_direction(touch.language),
        "fonts": font_stack(project.theme.values["font_print"], touch.language, press.families),
        "front": _front(plan, touch),
        "ornament": _ORNAMENTS.get(event, "sprig"),
        "name": touch.name,
        "name_direction": direction_of_text(touch.name),
    }


def _front(plan: CarePlan, touch: Touch) -> str:
    """Return the few words on the front: of a holiday what one says, else the subject."""
    events = plan.events.get(touch.practice)
    if events is not None and "holiday_greeting" in events.columns:
        own = (pl.col("customer") == touch.customer) & (pl.col("key") == touch.key)
        greeting = events.filter(own)["holiday_greeting"].drop_nulls()
        if len(greeting):
            return str(greeting[0])
    return touch.subject or touch.title
