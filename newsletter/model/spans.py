"""A customer's own rhythm as columns and facts hold it: `4 weeks`, `at most 3 months`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

from newsletter.model.practice import Span, Unit

USUAL = "usual"
"""In a conversation: from now on the rhythms of the practices again."""
_AT_MOST = "at most "


@dataclass(frozen=True)
class OwnRhythm:
    """How often a customer wants to hear from the business without an occasion."""

    span: Span
    at_most: bool = False
    """Whether it only makes rhythms slower."""

    def __str__(self) -> str:
        """Return the text that `own_rhythm` reads."""
        plural = "s" if self.span.count > 1 else ""
        prefix = _AT_MOST if self.at_most else ""
        return f"{prefix}{self.span.count} {self.span.unit}{plural}"


def own_rhythm(text: str) -> OwnRhythm | None:
    """Return the rhythm in a text of the column; None for `usual`."""
    match = re.fullmatch(r"(at most )?(\d+) (day|week|month|year)s?", text)
    if match is None:
        return None
    return OwnRhythm(Span(int(match[2]), cast(Unit, match[3])), at_most=bool(match[1]))
