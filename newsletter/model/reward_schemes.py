"""How customers earn rewards: points, and stamp cards."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from newsletter.model.strict import Strict
from newsletter.model.values import Day, Localised


class Reward(Strict):
    """What a customer gets at a number of points."""

    points: int
    reward: Localised


class Loyalty(Strict):
    """How customers earn points if the file has none."""

    points_per_unit: float = 1.0
    """Points for each unit of currency spent."""
    rewards: tuple[Reward, ...] = ()


class StampCard(Strict):
    """So many of a category or product, or so many visits, earn a reward."""

    name: Localised
    category: str = ""
    """Each row of an order in it is a stamp."""
    product: str = ""
    """Each row of an order with it is a stamp."""
    visits: bool = False
    """Each day with an order is a stamp."""
    stamps: Annotated[int, Field(ge=2, le=100)]
    """On a full card."""
    reward: Localised
    """What a full card earns."""
    since: Day | None = None
    """The first day whose orders count; empty: all do."""

    @model_validator(mode="after")
    def _counts_one_thing(self) -> Self:
        if sum(map(bool, (self.category, self.product, self.visits))) != 1:
            hint = "write one of 'category: …', 'product: …' and 'visits: yes'"
            raise ValueError("a stamp card counts one thing", hint)
        return self

    @property
    def counts(self) -> str:
        """Return what it counts, the same in every language: coffee, visits."""
        return self.category or self.product or "visits"


def checked_cards(cards: tuple[StampCard, ...]) -> tuple[StampCard, ...]:
    """Return the cards; raises ValueError(message, hint) if two count the same."""
    counts = [card.counts for card in cards]
    if twice := sorted({name for name in counts if counts.count(name) > 1}):
        raise ValueError(
            f"two stamp cards count '{twice[0]}'", "let each card count something of its own"
        )
    return cards
