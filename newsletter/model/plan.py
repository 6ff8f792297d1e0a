"""Who gets an issue, in which edition and with which entries, and who does not and why."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from newsletter.model.entry import Entry, Issue
from newsletter.model.practice import Gift
from newsletter.model.tables import HISTORY

ISSUE, PRACTICE = "issue", "practice"
"""The layouts of the theme that an edition may have: email/<layout>.mjml, text/<layout>.txt."""

LEFT_OUT: dict[str, pl.DataType] = {
    "customer": pl.String(),
    "name": pl.String(),
    "reason": pl.String(),  # in words a shop owner understands: no consent to email …
    "instead": pl.String(),  # what can be done: write a letter, call …; null: leave alone
}


@dataclass(frozen=True, kw_only=True)
class EditionPlan:
    """An issue or emailed practice in one language, and the customers who get it."""

    issue: Issue
    entries: tuple[Entry, ...]
    """Candidates in editorial order, each in the edition's language or else the project's."""
    answers: tuple[Entry, ...]
    """Answers to feedback (`you said, we did`) that somebody among the recipients gave."""
    recipients: pl.DataFrame
    """The facts of each recipient, sorted by id, with further columns:
    `via` (email or letter), one boolean `show_…` per entry and answer (Entry.flag),
    `token` (opaque, 32 hex digits), `unsubscribe_url`, `feedback_url`."""
    layout: str = ISSUE
    gift: Gift | None = None
    """Of a practice: what goes with it. Its code is a column of the recipients."""

    @property
    def name(self) -> str:
        """A name unique within its language: 2026-11, or of a practice 2026-11-03/thank-you."""
        issue = self.issue
        return issue.name if self.layout == ISSUE else f"{issue.date}/{issue.name}"


@dataclass(frozen=True, kw_only=True)
class IssuePlan:
    """An issue in all its editions."""

    name: str
    editions: tuple[EditionPlan, ...]
    left_out: pl.DataFrame
    """LEFT_OUT, sorted by reason and customer: every customer that no edition reaches."""
    record: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=HISTORY))
    """Rows for the history of all recipients, recorded when the issue has gone out."""
