"""Adds to the history what really went out: an issue, a plan, or a work list that came back."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import polars as pl

from newsletter.commands.notes import Notes, open_notes
from newsletter.commands.show import counted
from newsletter.errors import NewsletterError, did_you_mean
from newsletter.model.channels import CHANNELS
from newsletter.model.tables import CONVERSATIONS, HISTORY
from newsletter.read.markdown_files import slug_of
from newsletter.read.returned.filled_lists import unrecorded
from newsletter.read.returned.sent_plans import read_record
from newsletter.read.returned.work_lists import read_worklist


@dataclass(frozen=True, kw_only=True)
class RecordReport:
    """What was added, and what was not."""

    recorded: int
    """Rows that are new in the history."""
    known: int
    """Rows that it held already."""
    left: int = 0
    """Rows of a list that nobody ticked; they stay due."""
    other: int = 0
    """Rows by channels other than the one asked for."""
    promises: int = 0
    """Promises that are new in the conversations."""
    files: tuple[str, ...] = ()
    """Written, as the user would type them."""
    next: str = "newsletter plan"
    """The next useful command."""

    def as_text(self) -> str:
        """Return a line for each number that is not nought, and what to do next."""
        lines = [f"recorded {counted(self.recorded, 'touchpoint')}"]
        lines += [f"{self.known:,} recorded before"] * bool(self.known)
        lines += [f"{self.left:,} not ticked: they stay due"] * bool(self.left)
        lines += [f"{self.other:,} by other channels: left alone"] * bool(self.other)
        lines += [f"noted {counted(self.promises, 'promise')}"] * bool(self.promises)
        lines += [f"wrote {file}" for file in self.files]
        return "\n".join([*lines, "", f"next: {self.next}"])

    def as_json(self) -> str:
        """Return the same for programs."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


def record_issue(root: Path, name: str, *, output: Path, today: dt.date) -> RecordReport:
    """
    Add to the history everybody whom the built issue *name* reaches, as the build wrote it down.

    A row that the history holds is not added again; one file is written whole or none, so that
    the command may be killed and run again. Raises NewsletterError if the issue was not built.
    """
    with open_notes(root) as notes:
        ids = notes.people.customers["id"]
        rows = read_record(output, name, shown=str(output), ids=ids)
        sent = rows.with_columns(pl.min_horizontal("date", pl.lit(today)).alias("date"))
        return _add(notes, sent, name=f"{today}-issue-{_plain(name)}")


def record_plan(
    root: Path, file: Path, *, channel: str | None = None, today: dt.date
) -> RecordReport:
    """
    Add to the history what was done by a work list (CSV or a workbook), or by a whole plan.csv.

    *channel*: only rows of that one; None: all. Promises in a list are added to the conversations
    first, each once, so that this may be killed at any moment and run again. Raises
    NewsletterError with everything in the list that cannot be read; nothing is written then.
    """
    if channel and channel not in CHANNELS:
        hint = did_you_mean(channel, CHANNELS) or f"the channels are {', '.join(CHANNELS)}"
        raise NewsletterError.at(f"'{channel}' is no channel", hint=hint)
    with open_notes(root) as notes:
        ids, dates = notes.people.customers["id"], notes.config.dates
        found = read_worklist(file, shown=str(file), today=today, dates=dates, ids=ids)
        done = found.done.filter(pl.col("channel") == channel) if channel else found.done
        promises = _promised(done, notes.people.tables["conversations"])
        talks = (notes.add_conversations(promises, year=today.year),) if promises.height else ()
        report = _add(notes, done, name=f"{today}-{_plain(file.stem)}")
    issues = f"newsletter record {found.issues[0]}" if found.issues else report.next
    return replace(
        report,
        left=found.left,
        other=found.done.height - done.height,
        promises=promises.height,
        files=(*report.files, *talks),
        next=report.next if channel else issues,
    )


def _add(notes: Notes, rows: pl.DataFrame, *, name: str) -> RecordReport:
    """Write the rows that are new as one file of the history."""
    new = unrecorded(rows, notes.people.tables["history"])
    ordered = new.select(list(HISTORY)).sort("customer", "practice", "key", maintain_order=True)
    files = (notes.add_history(ordered, name=name),) if new.height else ()
    return RecordReport(recorded=new.height, known=rows.height - new.height, files=files)


def _promised(done: pl.DataFrame, talks: pl.DataFrame) -> pl.DataFrame:
    """Return rows of CONVERSATIONS for the promises that *talks* does not hold."""
    made = done.filter(pl.col("promise").is_not_null()).select(
        "customer", "date", "member", "channel", "promise", "promised_by", text="remark"
    )
    identity = ("customer", "date", "promise", "promised_by")
    new = made.unique(identity, keep="first", maintain_order=True).join(
        talks, on=identity, how="anti", nulls_equal=True
    )
    kept = pl.lit(None, pl.Boolean()).alias("kept")
    return new.with_columns(kept).select(list(CONVERSATIONS)).sort("customer", "date", "promise")


def _plain(name: str) -> str:
    """Return a name for a file: in plain letters, without the day that lists begin with."""
    return slug_of(re.sub(r"^\d{4}-\d{2}-\d{2}-", "", name)) or "list"
