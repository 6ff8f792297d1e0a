"""Sheets to be cut up: a card or a slip for each item, laid out by the template of that name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass

from newsletter.export.print.paper import paper_of
from newsletter.export.print.post import PostItem
from newsletter.export.print.scripts import font_stack
from newsletter.export.print.typst import Document, Press, batches
from newsletter.model.artifact import Artifact
from newsletter.model.language import direction_of_text, text_direction
from newsletter.model.project import Project


@dataclass(frozen=True)
class Leaves:
    """A kind of leaf: cards, slips."""

    name: str
    """Of the file, of its template and of the list in the template's data."""
    most: int
    """Leaves of one file."""
    details: Callable[[Project, PostItem], dict[str, object]]
    """Returns what this kind shows beside the name of the customer."""


def leaves(  # noqa: PLR0913  # each is a value of its own
    project: Project,
    items: Sequence[PostItem],
    kind: Leaves,
    *,
    press: Press,
    day: dt.date,
    folder: str,
) -> Iterator[Artifact]:
    """Yield cards.pdf, slips.pdf …: a leaf for each item."""
    document = Document(
        theme=project.theme,
        templates=("print/base.typ", f"print/{kind.name}.typ"),
        data=lambda items, _: leaves_data(project, items, kind),
        day=day,
    )
    return batches(press, f"{folder}/{kind.name}", document, items, most=kind.most)


def leaves_data(project: Project, items: Sequence[PostItem], kind: Leaves) -> dict[str, object]:
    """Return the data for the template; lengths in millimetres."""
    business = project.config.business
    return {
        "paper": asdict(paper_of(business.country)),
        "business": business.name,
        "accent": project.theme.values["accent"],
        kind.name: [_leaf(project, item) | kind.details(project, item) for item in items],
    }


def _leaf(project: Project, item: PostItem) -> dict[str, object]:
    return {
        "language": item.language,
        "direction": text_direction(item.language),
        "fonts": font_stack(project.theme.values["font_print"], item.language),
        "name": item.whose,
        "name_direction": direction_of_text(item.whose),
    }
