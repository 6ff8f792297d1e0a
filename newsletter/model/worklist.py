"""The work list of a team member: columns of the tasks, and columns to fill in."""

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
    "list",  # day and member, `2026-11-03 nora`: no spreadsheet turns that into a date
)
HEADERS = {
    "reason": "reason for leaving",
    "promised_by": "promised by",
    "words": "what to say",
    "prompt_keys": "prompt keys",
}
"""Field → its header in the list, if different."""
OUTCOMES = ("done", NOT_REACHED, "not wanted")

DONE: dict[str, pl.DataType] = {
    **HISTORY,
    "promise": pl.String(),
    "promised_by": pl.Date(),
    "row": pl.UInt32(),  # line in the list
}
"""Schema of finished tasks: rows for the history, and promises made meanwhile."""


@dataclass(frozen=True, kw_only=True)
class WorkList:
    """A filled-in list, or a plan whose planned rows were all done."""

    done: pl.DataFrame
    """DONE."""
    left: int
    """Rows that nobody ticked."""
    issues: tuple[str, ...] = ()
    """Names of the issues in a plan; issues are recorded by name."""


@dataclass(frozen=True, kw_only=True)
class FilledList:
    """A list in output/ with finished tasks that are not in the history."""

    path: str
    """Its path below output/."""
    rows: int
    """Rows to record; 0: the list cannot be read."""
