"""cards.pdf: cards to write by hand, two on a page, to be cut and folded."""

from __future__ import annotations

from newsletter.export.print.leaves import Leaves
from newsletter.export.print.post import PostItem, no_more_post
from newsletter.model.project import Project


def _card(project: Project, item: PostItem) -> dict[str, object]:
    return {
        "front": item.front,
        "ornament": item.ornament,
        "condoles": item.condoles,
        "no_more_post": "" if item.condoles else no_more_post(project, item.language),
    }


CARDS = Leaves("cards", most=200, details=_card)
"""The outside of the cards; the inside is left blank."""
