"""What a build says of itself: while it runs, and when it is done."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from newsletter.errors import Problem


@dataclass(frozen=True, kw_only=True)
class EditionReport:
    """Who gets one edition, and how."""

    language: str
    recipients: Mapping[str, int]
    """Channel (email, letter …) → number of customers."""


@dataclass(frozen=True, kw_only=True)
class CareReport:
    """What the care plan has for the day."""

    day: str
    """As 2026-11-05."""
    kept: Mapping[str, int]
    """Channel → number of touchpoints to be carried out, the issue of the newsletter left out."""
    skipped: Mapping[str, int]
    """Rule of etiquette → number of touchpoints held back or dropped."""


@dataclass(frozen=True, kw_only=True)
class BuildReport:
    """The end of a build, for people and for `--json`."""

    issue: str
    """Name of the issue; empty: none was waiting, and only site and care plan were made."""
    editions: tuple[EditionReport, ...]
    left_out: Mapping[str, int]
    """Reason, in words → number of customers that no edition reaches."""
    customers_used: int
    bad_rows: int
    written: int
    """Files whose bytes are new; `unchanged` ones were not touched, `removed` ones were stale."""
    unchanged: int
    removed: int
    seconds: float
    open_first: tuple[str, ...]
    """Paths below output/ of what to look at first."""
    care: CareReport | None = None
    """None: the project has no practices."""
    remarks: tuple[Problem, ...] = ()
    """Nothing was lost, but somebody should know."""


class Step(Protocol):
    """A piece of work under way."""

    def advance(self, n: int = 1) -> None:
        """Say that *n* more of the total are done."""


class Progress(Protocol):
    """Where a build says how far it is."""

    def step(self, name: str, total: int) -> AbstractContextManager[Step]:
        """Begin a step of *total* parts (0: not known); it ends with the context."""
