"""`newsletter record`: adds to the history what went out and what was done."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import click

from newsletter.commands.console import as_json
from newsletter.commands.options import (
    FILE,
    RUNS,
    with_json,
    with_output,
    with_project,
    with_today,
)

if RUNS:
    import polars as pl

    from newsletter.commands.inputs import Notes, check_channel, open_notes
    from newsletter.commands.screen import Screen
    from newsletter.facts.promises import promises as promises_of
    from newsletter.model.channels import AT_LENGTH
    from newsletter.model.config import Config
    from newsletter.model.tables import CONVERSATIONS, HISTORY
    from newsletter.read.content.folders import find_content
    from newsletter.read.content.practice_files import read_practices
    from newsletter.read.content.settings_files import read_settings
    from newsletter.read.markdown_files import slug_of
    from newsletter.read.project_files import ProjectFiles
    from newsletter.read.returned.earlier_output import read_record, unrecorded
    from newsletter.read.returned.work_lists import read_worklist


@click.command("record")
@click.argument("issue", required=False)
@click.option("--plan", "file", type=FILE, help="A filled-in work list (CSV, XLSX) or a plan.csv.")
@click.option("--channel", help="With --plan: only what went out by this channel.")
@with_json
@with_output
@with_project
@with_today
def command(
    *,
    issue: str | None,
    file: Path | None,
    channel: str | None,
    as_json: bool,
    output: Path | None,
    root: Path,
    today: dt.date,
) -> None:
    """Add to the history that ISSUE went out, or what was done of a plan. Safe to run twice."""
    if file and not issue:
        report = record_plan(root, file, channel=channel, today=today)
    elif issue and not file and not channel:
        report = record_issue(root, issue, output=output or root / "output", today=today)
    else:
        raise click.UsageError("name an issue, or a file with --plan (and --channel).")
    click.echo(
        report.as_json() if as_json else report.as_text(Screen(read_settings(root).language))
    )


@dataclass(frozen=True, kw_only=True)
class RecordReport:
    """The rows that were added, and those that were not."""

    recorded: int
    """Rows added to the history."""
    known: int
    """Rows that the history had already."""
    left: int = 0
    """Rows of a list that nobody ticked; they stay due."""
    other: int = 0
    """Rows by channels other than the one asked for."""
    promises: int = 0
    """Promises added to the conversations."""
    files: tuple[str, ...] = ()
    """Written, as the user would type them."""
    next: str = "newsletter plan"
    """The next useful command."""

    def as_text(self, screen: Screen) -> str:
        """Return a line for each number above zero, and what to do next."""
        numbers = {
            "before": self.known, "left": self.left, "other": self.other,
            "promises": self.promises,
        }  # fmt: skip
        lines = [screen.counted("record_added", self.recorded)]
        lines += [screen.counted(f"record_{what}", n) for what, n in numbers.items() if n]
        lines += [screen("wrote", file=file) for file in self.files]
        return "\n".join([*lines, "", screen("next", command=self.next)])

    def as_json(self) -> str:
        """Return the same for programs."""
        return as_json(asdict(self))


def record_issue(root: Path, name: str, *, output: Path, today: dt.date) -> RecordReport:
    """
    Add to the history every customer reached by the issue *name*, from the file of its build.

    Skips rows that the history has, and writes one file whole or not at all: the command may be
    killed and run again. Raises NewsletterError if the issue was not built.
    """
    with open_notes(root, today) as notes:
        ids = notes.people.customers["id"]
        rows = read_record(output, name, shown=str(output), ids=ids)
        sent = rows.with_columns(pl.min_horizontal("date", pl.lit(today)).alias("date"))
        return add_new(notes, sent, name=f"{today}-issue-{_file_name(name)}")


def record_plan(
    root: Path, file: Path, *, channel: str | None = None, today: dt.date
) -> RecordReport:
    """
    Add to the history what was done of a work list (CSV or a workbook), or of a whole plan.csv.

    *channel*: only its rows; None: all. First adds the promises of a list to the conversations,
    each once: the command may be killed at any moment and run again. Raises NewsletterError with
    every mistake in the list, and then writes nothing.
    """
    check_channel(channel)
    with open_notes(root, today) as notes:
        ids, dates = notes.people.customers["id"], notes.config.dates
        worklist = read_worklist(file, shown=str(file), today=today, dates=dates, ids=ids)
        every = worklist.done if worklist.ticked else _without_drafts(worklist.done, notes)
        done = every.filter(pl.col("channel") == channel) if channel else every
        promises = _promised(done, notes.people.tables["conversations"], notes.config)
        keepings = _keepings(done, notes.people.tables) if worklist.ticked else promises.clear()
        rows = pl.concat([promises, keepings])
        talks = (notes.add_conversations(rows, year=today.year),) if rows.height else ()
        report = add_new(notes, done, name=f"{today}-{_file_name(file.stem)}")
    issue = f"newsletter record {worklist.issues[0]}" if worklist.issues else report.next
    return replace(
        report,
        left=worklist.left + worklist.done.height - every.height,
        other=every.height - done.height,
        promises=promises.height,
        files=(*report.files, *talks),
        next=report.next if channel else issue,
    )


def _without_drafts(done: pl.DataFrame, notes: Notes) -> pl.DataFrame:
    """Return the rows of a plan without drafts: somebody has to finish and to tick those."""
    files = ProjectFiles(notes.root)
    language = notes.config.language
    practices = read_practices(find_content(files), notes.config, files, language=language)
    drafts = [practice.name for practice in practices if practice.draft]
    is_draft = pl.col("practice").is_in(drafts) & pl.col("channel").is_in(AT_LENGTH)
    return done.filter(~is_draft.fill_null(value=False))


def add_new(notes: Notes, rows: pl.DataFrame, *, name: str) -> RecordReport:
    """Write those rows of HISTORY that it lacks as one file of the history."""
    new = unrecorded(rows, notes.people.tables["history"])
    ordered = new.select(list(HISTORY)).sort("customer", "practice", "key", maintain_order=True)
    files = (notes.add_history(ordered, name=name),) if new.height else ()
    return RecordReport(recorded=new.height, known=rows.height - new.height, files=files)


def _promised(done: pl.DataFrame, talks: pl.DataFrame, config: Config) -> pl.DataFrame:
    """
    Return rows of CONVERSATIONS for those promises that *talks* lacks.

    A promise made in reply to feedback names it: it is answered once the promise is kept.
    """
    replies = pl.col("practice").cast(pl.String).is_in(list(config.feedback.answered_by))
    reply = pl.when(replies & pl.col("key").is_not_null()).then(pl.concat_list("key"))
    promises = done.filter(pl.col("promise").is_not_null()).select(
        "customer", "date", "member", "channel", "promise", "promised_by",
        text="remark", answers=reply,
    )  # fmt: skip
    identity = ("customer", "date", "promise", "promised_by")
    new = promises.unique(identity, keep="first", maintain_order=True).join(
        talks, on=identity, how="anti", nulls_equal=True
    )
    return _as_talks(new).sort("customer", "date", "promise")


def _keepings(done: pl.DataFrame, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """
    Return rows of CONVERSATIONS for the promises that somebody kept by email.

    An email in the history keeps no promise, because most emails go out by themselves.
    """
    by_email = done.filter(pl.col("channel") == "email", pl.col("outcome") == "done")
    still_open = promises_of(tables["conversations"], tables["history"]).filter(~pl.col("kept"))
    settled = still_open.join(by_email, on=["customer", "key"], how="semi")
    again = settled.select("customer", "date", "text", "promise", promised_by="first_by")
    return _as_talks(again.with_columns(kept=pl.lit(value=True)))


def _as_talks(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with all columns of CONVERSATIONS."""
    missing = {n: pl.lit(None, t) for n, t in CONVERSATIONS.items() if n not in rows.columns}
    return rows.with_columns(**missing).select(
        pl.col(name).cast(dtype) for name, dtype in CONVERSATIONS.items()
    )


def _file_name(name: str) -> str:
    """Return a name in plain letters, without the day at the beginning of a list's name."""
    return slug_of(re.sub(r"^\d{4}-\d{2}-\d{2}-", "", name)) or "list"
