"""The states in which customers are left in peace, and what waits for each to pass."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from newsletter.model.strict import Strict

Effort = Literal["care", "ask", "sell", "celebrate"]
"""What a practice does, by its keys `does` and `sells`."""
NUDGES: tuple[Effort, ...] = ("ask", "sell", "celebrate")
EVERYTHING: tuple[Effort, ...] = ("care", *NUDGES)
_Days = Annotated[int, Field(ge=0, le=3660)]


class Owed(Strict):
    """Customers who wait for an answer, or to whom we promised something."""

    stops: tuple[Effort, ...] = ("ask", "sell")


class Overdue(Strict):
    """Customers whose feedback waits for an answer, or whose promise is late."""

    stops: tuple[Effort, ...] = NUDGES


class Unhappy(Strict):
    """Customers who complained lately."""

    stops: tuple[Effort, ...] = NUDGES
    score: Annotated[int, Field(ge=-1, le=10)] = 6
    """The highest score that counts as a complaint; -1: none does."""
    without_score: bool = True
    """Whether feedback without a score counts: nobody can tell that it is praise."""
    days: _Days = 60


class Bereaved(Strict):
    """Customers who lost somebody: an occasion of the family `condole`."""

    stops: tuple[Effort, ...] = NUDGES
    days: _Days = 90


class Paused(Strict):
    """Customers who asked for peace until a day (`pause_until`)."""

    stops: tuple[Effort, ...] = EVERYTHING


class Asked(Strict):
    """Customers who had a practice with `peace_after`, for as long as it says."""

    stops: tuple[Effort, ...] = ("ask", "sell")


class Peace(Strict):
    """What waits for which state to pass. What is owed never waits."""

    owed: Owed = Owed()
    overdue: Overdue = Overdue()
    unhappy: Unhappy = Unhappy()
    bereaved: Bereaved = Bereaved()
    paused: Paused = Paused()
    asked: Asked = Asked()
