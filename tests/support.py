"""What tests of several packages share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from newsletter.model.report import BuildReport

ROOT = Path(__file__).parent.parent
EXAMPLE_DAY = dt.date(2026, 11, 3)


class Silent:
    """A progress that shows nothing."""

    @contextmanager
    def step(self, name: str, total: int) -> Iterator[Silent]:
        """Begin a step."""
        yield self

    def advance(self, n: int = 1) -> None:
        """Go on."""


@dataclass(frozen=True)
class Built:
    """A project's output, and what the build said."""

    output: Path
    report: BuildReport

    def messages(self) -> list[Path]:
        """Return every .eml file."""
        return sorted(self.output.glob("private/messages/**/*.eml"))
