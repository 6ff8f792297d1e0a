"""labels-<sheet>.pdf: address labels on sheets that are sold by name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from newsletter.export.print.paper import SHEETS, sheet_name
from newsletter.export.print.post import PostItem
from newsletter.export.print.scripts import font_stack
from newsletter.export.print.typst import Document, Press, batches
from newsletter.model.artifact import Artifact
from newsletter.model.language import direction_of_text
from newsletter.model.project import Project

_MOST = 40
"""Sheets of one file."""


def labels(
    project: Project, items: Sequence[PostItem], *, press: Press, day: dt.date, folder: str
) -> Iterator[Artifact]:
    """Yield labels-<sheet>.pdf; items without an address get no label."""
    output, business = project.config.output, project.config.business
    name = sheet_name(output.labels, business.country)
    sheet = SHEETS[name]

    def data(part: Sequence[PostItem], taken: int) -> dict[str, object]:
        texts = [_label(project, item) for item in part]
        return {"sheet": asdict(sheet), "skip": taken, "labels": texts}

    templates = ("print/base.typ", "print/labels.typ")
    return batches(
        press,
        f"{folder}/labels-{name}",
        Document(theme=project.theme, templates=templates, data=data, day=day),
        [item for item in items if item.address],
        most=_MOST * sheet.count,
        taken=output.labels_skip % sheet.count,
    )


def _label(project: Project, item: PostItem) -> dict[str, object]:
    theme_fonts = project.theme.values["font_print"]
    return {
        "language": item.language,
        "fonts": font_stack(theme_fonts, item.language),
        "lines": [{"text": line, "direction": direction_of_text(line)} for line in item.address],
    }
