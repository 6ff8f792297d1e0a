"""The work list of a team member: columns to fill in, and those that say what to do."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from newsletter.model.tables import HISTORY, NOT_REACHED

FILLED_IN = ("done", "date", "outcome", "remark", "reason", "promise", "promised_by")
"""Fields that are empty in a new list. `reason`: why a customer leaves."""
TO_DO = (
    "customer",
    "name",
    "practice",
    "channel",
    "phone",
    "words",
    "prompts",
    "because",
    "key",
    "code",
    "prompt_keys",  # goes to HISTORY.prompts
    "entry",  # goes to HISTORY.entries
    "list",  # day and member: `2026-11-03 nora`, of which no program makes a date of its own
)
HEADERS = {
    "reason": "reason for leaving",
    "promised_by": "promised by",
    "words": "what to say",
    "prompt_keys": "prompt keys",
}
"""Field → its header in the list, where they differ."""
OUTCOMES = ("done", NOT_REACHED, "not wanted")

DONE: dict[str, pl.DataType] = {
    **HISTORY,
    "promise": pl.String(),
    "promised_by": pl.Date(),
    "row": pl.UInt32(),  # line in the list
}
"""What was done by a list: rows for the history, and what was promised on the way."""


@dataclass(frozen=True, kw_only=True)
class WorkList:
    """A list that came back, or a plan of which everything kept was done."""

    done: pl.DataFrame
    """DONE."""
    left: int
    """Rows that nobody ticked."""
    issues: tuple[str, ...] = ()
    """Names of the issues that a plan holds; they are recorded by name."""


@dataclass(frozen=True, kw_only=True)
class FilledList:
    """A list in output/ that holds what the history does not hold yet."""

    path: str
    """As that of an artifact."""
    rows: int
    """How many; 0: the list cannot be read as it is."""
