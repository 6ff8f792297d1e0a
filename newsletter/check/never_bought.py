"""Remarks on categories and products that stamp cards and gifts name, but no order has."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.errors import Place, Problem, did_you_mean
from newsletter.model.project import Project
from newsletter.read.content.settings_files import SETTINGS


def never_bought(project: Project) -> Iterator[Problem]:
    """Yield a remark for each name that no order has: it may be mistyped. Without orders, none."""
    orders = project.people.tables["orders"]
    if orders.is_empty():
        return
    for column, name, whose, place in _named(project):
        bought = orders[column].drop_nulls().unique().cast(str)
        if name not in bought:
            message = f"no order has the {column} '{name}' of {whose}"
            hint = did_you_mean(name, bought) or f"write the {column} as the orders do"
            yield Problem(message, place, hint=hint)


def _named(project: Project) -> Iterator[tuple[str, str, str, Place]]:
    """Yield column of orders, name in it, what names it, and where."""
    config = project.config
    for card in config.stamps:
        whose = f"the stamp card '{card.name.in_language(config.language, config.language)}'"
        for column, name in (("category", card.category), ("product", card.product)):
            if name:
                yield column, name, whose, Place(path=SETTINGS)
    for practice in project.practices:
        for gift in practice.gifts:
            if gift.category:
                yield "category", gift.category, "a gift", practice.at
