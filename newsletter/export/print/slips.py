"""slips.pdf: vouchers to cut out and lay beside letters and cards, eight on a page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from newsletter.export.print.paper import paper_of
from newsletter.export.print.post import PostItem
from newsletter.export.print.scripts import font_stack
from newsletter.export.print.typst import Document, Press, batches
from newsletter.model.artifact import Artifact
from newsletter.model.language import direction_of_text, text_direction
from newsletter.model.project import Project
from newsletter.render.language_filters import language_filters
from newsletter.render.view import by_name

_MOST = 400
"""Slips of one file."""


def slips(
    project: Project, items: Sequence[PostItem], *, press: Press, day: dt.date, folder: str
) -> Iterator[Artifact]:
    """Yield slips.pdf: a slip with its code for each item with a voucher."""
    document = Document(
        theme=project.theme,
        templates=("print/base.typ", "print/slips.typ"),
        data=lambda items, _: slips_data(project, items),
        day=day,
    )
    return batches(
        press, f"{folder}/slips", document, [item for item in items if item.code], most=_MOST
    )


def slips_data(project: Project, items: Sequence[PostItem]) -> dict[str, object]:
    """Return the data for print/slips.typ; lengths in millimetres."""
    business = project.config.business
    return {
        "paper": asdict(paper_of(business.country)),
        "business": business.name,
        "accent": project.theme.values["accent"],
        "slips": [_slip(project, item) for item in items],
    }


def _slip(project: Project, item: PostItem) -> dict[str, object]:
    config = project.config
    words = by_name(project.theme.words, item.language, config.language)
    date = language_filters(item.language, business=config.business)["date"]
    return {
        "language": item.language,
        "direction": text_direction(item.language),
        "fonts": font_stack(project.theme.values["font_print"], item.language),
        "label": words["your_voucher"],
        "gift": item.gift,
        "code": item.code,
        "until": f"{words['valid_until']} {date(item.expires)}" if item.expires else "",
        "name": item.name,
        "name_direction": direction_of_text(item.name),
    }
