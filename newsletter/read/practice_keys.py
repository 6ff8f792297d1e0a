"""The keys of a practice's front matter; docs/writing-practices.md lists them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from newsletter.model.config import Strict
from newsletter.model.practice import Channel, Span
from newsletter.read import spans
from newsletter.read.keys import Line, as_items


@dataclass(frozen=True)
class Money:
    """An amount, and its currency if it says one."""

    amount: float
    currency: str


def _money(value: object) -> object:
    if not isinstance(value, str):
        return value
    match = re.fullmatch(r"(\d+(?:\.\d\d?)?)(?: ([A-Z]{3}))?", value.strip())
    if not match:
        raise ValueError(f"'{value}' is not an amount of money", "write it as 5 EUR or 4.50 EUR")
    return Money(float(match[1]), match[2] or "")


def _kind(value: object) -> str:
    return "by segment" if isinstance(value, dict) else "for everybody"


_Money = Annotated[Money, BeforeValidator(_money)]
_Rhythm = Annotated[Span, BeforeValidator(spans.rhythm)]
_Every = Annotated[
    Annotated[_Rhythm, Tag("for everybody")] | Annotated[dict[str, _Rhythm], Tag("by segment")],
    Discriminator(_kind),
]
_Channels = Annotated[
    tuple[Literal["preferred", Channel], ...], BeforeValidator(as_items), Field(min_length=1)
]


class GiftKeys(Strict):
    """What goes with a touchpoint."""

    kind: Literal["voucher", "item"]
    name: str = ""
    worth: _Money
    cost: _Money | None = None
    valid_days: Annotated[int, Field(ge=1, le=3660)] = 30
    conditions: str = ""


class PracticeKeys(Strict):
    """A practice."""

    title: Line
    on: Annotated[spans.Occurrence, BeforeValidator(spans.occurrence)] | None = None
    every: _Every | None = None
    counted_from: Literal["contact", "practice", "order"] | None = None
    until: Annotated[Span, BeforeValidator(spans.until)] | None = None
    once_per: str = ""
    when: str | None = None
    channel: _Channels = ("preferred",)
    after: str = ""
    priority: Annotated[int, Field(ge=0, le=100)] = 50
    owed: bool = False
    sells_nothing: bool = False
    gift: GiftKeys | None = None
    advice: str = ""
    subject: Line | None = None
    template: bool = True


class GiftWords(Strict):
    """What a translation calls the gift."""

    name: str = ""
    conditions: str = ""


class TranslationKeys(Strict):
    """What a translation says anew; everything else holds as in the original."""

    title: Line
    subject: Line | None = None
    gift: GiftWords = GiftWords()


ORIGINAL_ONLY = {
    key: f"only the file in the project's language says '{key}'"
    for key in PracticeKeys.model_fields
    if key not in TranslationKeys.model_fields
}
"""Hints for the keys of the original in a translation."""
