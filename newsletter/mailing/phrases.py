"""A theme's phrases in one language, with gaps to fill; dates, and gifts in words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from newsletter.model.channels import CHANNELS
from newsletter.model.gift import Gift
from newsletter.model.project import Project
from newsletter.render.language_filters import language_filters
from newsletter.render.view import by_name, gift_view

_GAP = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Phrases:
    """A theme's phrases in one language, and how dates and amounts are written there."""

    words: Mapping[str, str]
    """words/<language>.yml; `{what}` in a phrase is a gap."""
    date: Callable[[dt.date], str]
    money: Callable[[float], str]
    """An amount in the currency of the business."""

    def say(self, key: str, **values: object) -> str:
        """Return a phrase with its gaps filled; an unknown gap stays as written."""
        shown = {
            name: self.date(value) if isinstance(value, dt.date) else str(value)
            for name, value in values.items()
        }
        return _GAP.sub(lambda gap: shown.get(gap[1], gap[0]), self.words[key])

    def by(self, channel: str) -> str:
        """Return a channel in words; an unknown one is returned unchanged."""
        how = CHANNELS[channel].how if channel in CHANNELS else channel
        return self.words.get(f"by_{channel}", how)


def phrases_in(project: Project, language: str) -> Phrases:
    """Return the theme's phrases and the dates of a language."""
    config = project.config
    words = by_name(project.theme.words, language, config.language)
    filters = language_filters(language, business=config.business)
    return Phrases(words, filters["date"], filters["money"])


def closing(project: Project, *, language: str, formality: str | None) -> str:
    """Return the closing of a letter to somebody who is addressed so."""
    words = by_name(project.theme.words, language, project.config.language)
    return words["closing_formal" if formality == "formal" else "closing"]


def gift_text(project: Project, gift: Gift, *, language: str, conditions: bool = False) -> str:
    """Return a gift in words, with its *conditions* if wanted."""
    view = gift_view(gift, language=language, country=project.config.business.country)
    words = phrases_in(project, language)
    text = view.name
    if gift.kind == "voucher":
        kind = "percent" if view.percent else "voucher"
        phrase = f"{kind}_for" if view.name else f"{kind}_worth"
        text = words.say(phrase, worth=view.worth, what=view.name)
    return f"{text} ({view.conditions})" if conditions and view.conditions else text
