"""cards.pdf: cards to write by hand, two on a page, to be cut and folded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from newsletter.export.print.paper import paper_of
from newsletter.export.print.post import PostItem, no_more_post
from newsletter.export.print.scripts import font_stack
from newsletter.export.print.typst import Document, Press, batches
from newsletter.model.artifact import Artifact
from newsletter.model.language import direction_of_text, text_direction
from newsletter.model.project import Project

_MOST = 200
"""Cards of one file."""


def cards(
    project: Project, items: Sequence[PostItem], *, press: Press, day: dt.date, folder: str
) -> Iterator[Artifact]:
    """Yield cards.pdf: the outside of the cards; the inside is left blank."""

    document = Document(
        theme=project.theme,
        templates=("print/base.typ", "print/cards.typ"),
        data=lambda items, _: cards_data(project, items),
        day=day,
    )
    return batches(press, f"{folder}/cards", document, items, most=_MOST)


def cards_data(project: Project, items: Sequence[PostItem]) -> dict[str, object]:
    """Return the data for print/cards.typ; lengths in millimetres."""
    business = project.config.business
    return {
        "paper": asdict(paper_of(business.country)),
        "business": business.name,
        "accent": project.theme.values["accent"],
        "cards": [_card(project, item) for item in items],
    }


def _card(project: Project, item: PostItem) -> dict[str, object]:
    return {
        "language": item.language,
        "direction": text_direction(item.language),
        "fonts": font_stack(project.theme.values["font_print"], item.language),
        "front": item.front,
        "ornament": item.ornament,
        "name": item.name,
        "condoles": item.condoles,
        "no_more_post": "" if item.condoles else no_more_post(project, item.language),
        "name_direction": direction_of_text(item.name),
    }
