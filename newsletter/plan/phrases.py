"""The theme's phrases and dates in one language, for what the program itself says."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from newsletter.model.channels import CHANNELS

_GAP = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Phrases:
    """What a theme calls things in one language, and how dates are written there."""

    words: Mapping[str, str]
    """words/<language>.yml; `{what}` in a phrase is a gap."""
    date: Callable[[dt.date], str]

    def say(self, key: str, **values: object) -> str:
        """Return a phrase with its gaps filled; an unknown gap stays as it is written."""
        shown = {
            name: self.date(value) if isinstance(value, dt.date) else str(value)
            for name, value in values.items()
        }
        return _GAP.sub(lambda gap: shown.get(gap[1], gap[0]), self.words[key])

    def by(self, channel: str) -> str:
        """Return how somebody is reached by a channel; one that nobody knows stays as it is."""
        how = CHANNELS[channel].how if channel in CHANNELS else channel
        return self.words.get(f"by_{channel}", how)
