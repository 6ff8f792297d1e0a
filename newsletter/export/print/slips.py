"""slips.pdf: vouchers to cut out and lay beside letters and cards, eight on a page."""

from __future__ import annotations

from newsletter.export.print.leaves import Leaves
from newsletter.export.print.post import PostItem
from newsletter.model.project import Project
from newsletter.render.language_filters import language_filters
from newsletter.render.view import by_name


def _slip(project: Project, item: PostItem) -> dict[str, object]:
    config = project.config
    words = by_name(project.theme.words, item.language, config.language)
    date = language_filters(item.language, business=config.business)["date"]
    return {
        "label": words["your_voucher"],
        "gift": item.gift,
        "code": item.code,
        "until": f"{words['valid_until']} {date(item.expires)}" if item.expires else "",
    }


SLIPS = Leaves("slips", most=400, details=_slip)
"""A slip with its code for each voucher."""
