"""The progress of a build, and the report at its end."""

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
    """The numbers of touchpoints in the care plan of the day."""

    day: str
    """As 2026-11-05."""
    planned: Mapping[str, int]
    """Channel → number of touchpoints to carry out, without the issue of the newsletter."""
    skipped: Mapping[str, int]
    """Rule of etiquette → number of touchpoints held back or dropped."""


@dataclass(frozen=True, kw_only=True)
class BuildReport:
    """The results of a build, for people and for `--json`."""

    issue: str
    """Name of the issue; empty: none was due, so only site and care plan were built."""
    editions: tuple[EditionReport, ...]
    left_out: Mapping[str, int]
    """Reason, in words → number of customers that no edition reaches."""
    customers_used: int
    bad_rows: int
    written: int
    """Files with new bytes. `unchanged` counts files left alone, `removed` stale files."""
    unchanged: int
    removed: int
    seconds: float
    open_first: tuple[str, ...]
    """Paths below output/ of what to look at first."""
    care: CareReport | None = None
    """None: the project has no practices."""
    remarks: tuple[Problem, ...] = ()
    """Worth knowing, though nothing was lost."""
    language: str = "en"
    """That of the project."""
    has_site: bool = True
    """Whether the settings name a website; without one, no site is made."""


class Step(Protocol):
    """A step in progress."""

    def advance(self, n: int = 1) -> None:
        """Report *n* more parts as done."""


class Progress(Protocol):
    """Receives the progress of a build."""

    def step(self, name: str, total: int) -> AbstractContextManager[Step]:
        """Begin a step of *total* parts (0: unknown); it ends with the context."""
