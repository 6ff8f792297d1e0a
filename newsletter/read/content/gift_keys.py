"""Gifts and vouchers as practices and issues write them: what they are, and their worth."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from newsletter.errors import Problem
from newsletter.model.gift import Gift
from newsletter.model.strict import Strict
from newsletter.read.forms import of_text
from newsletter.read.yaml import Document, Path


@dataclass(frozen=True)
class Money:
    """An amount, with its currency if given."""

    amount: float
    currency: str


@dataclass(frozen=True)
class Percent:
    """A share of a price: 10 for 10 %."""

    share: float


def _money(text: str) -> Money:
    match = re.fullmatch(r"(\d+(?:\.\d\d?)?)(?: ([A-Z]{3}))?", text.strip())
    if not match:
        raise ValueError(f"'{text}' is not an amount of money", "write it as 5 EUR or 4.50 EUR")
    return Money(float(match[1]), match[2] or "")


def _worth(text: str) -> Money | Percent:
    match = re.fullmatch(r"(\d+(?:\.\d)?) ?%", text.strip())
    if not match:
        return _money(text)
    share = float(match[1])
    if not 0 < share <= 100:
        raise ValueError(f"'{text}' is no share of a price", "write 1% to 100%")
    return Percent(share)


_Money = Annotated[Money, of_text(_money)]
_Worth = Annotated[Money | Percent, of_text(_worth)]


class GiftKeys(Strict):
    """The gift of a touchpoint."""

    kind: Literal["voucher", "item"]
    name: str = ""
    worth: _Worth
    cost: _Money | None = None
    valid_days: Annotated[int, Field(ge=1, le=3660)] = 30
    conditions: str = ""


class VoucherKeys(GiftKeys):
    """The voucher that each reader of an issue gets."""

    kind: Literal["voucher"] = "voucher"


class GiftChoiceKeys(GiftKeys):
    """A gift for some customers: those of a segment, or buyers of a category."""

    category: str = ""
    segment: str = ""


class GiftWords(Strict):
    """The name of a gift in a translation."""

    name: str = ""
    conditions: str = ""


def gift_of(keys: GiftKeys, *, currency: str) -> Gift:
    """Return the gift; amounts without a currency are in that of the business."""
    worth = keys.worth if isinstance(keys.worth, Money) else Money(0, "")
    return Gift(
        kind=keys.kind,
        name=keys.name,
        worth=worth.amount,
        cost=(keys.cost or worth).amount,
        currency=worth.currency or (keys.cost.currency if keys.cost else "") or currency,
        valid_days=keys.valid_days,
        conditions=keys.conditions,
        percent=keys.worth.share if isinstance(keys.worth, Percent) else 0,
        category=keys.category if isinstance(keys, GiftChoiceKeys) else "",
        segment=keys.segment if isinstance(keys, GiftChoiceKeys) else "",
    )


def wrong_gifts(
    gift: GiftKeys | None, gifts: Sequence[GiftChoiceKeys], document: Document
) -> Iterator[Problem]:
    """Yield the contradictions within a practice's gifts."""
    if gift:
        yield from wrong_gift(gift, document, "gift")
    for number, choice in enumerate(gifts):
        yield from wrong_gift(choice, document, "gifts", number)
        if bool(choice.category) == bool(choice.segment):
            hint = "write 'category: …' or 'segment: …'; the gift for all others is 'gift: …'"
            message = "nothing says who gets this gift"
            if choice.category:
                message = "a gift is for a category or for a segment"
            yield document.value_problem(message, "gifts", number, hint=hint)


def wrong_gift(keys: GiftKeys, document: Document, *path: str | int) -> Iterator[Problem]:
    """Yield the contradictions between the keys of one gift at *path*."""
    is_item = keys.kind == "item"
    if is_item and not keys.name:
        hint = "add 'name: …' and say what it is"
        yield _at(document, "the gift has no name", path, hint=hint)
    if isinstance(keys.worth, Percent):
        if is_item:
            hint = "write an amount, or 'kind: voucher'"
            yield _at(document, "only a voucher can be worth a percentage", path, hint=hint)
    elif keys.cost and keys.cost.currency != keys.worth.currency:
        hint = "write both in the same currency, or both without one"
        message = "worth and cost are in different currencies"
        yield document.value_problem(message, *path, "cost", hint=hint)


def _at(document: Document, message: str, path: Path, *, hint: str) -> Problem:
    """Return a problem at a key, or at an item of a list."""
    place = document.key_place(path) if path in document.keys else document.value_place(path)
    return Problem(message, place, hint=hint)
