"""What a build wrote to be sent by email: the messages of an issue, or of a day's practices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from newsletter.errors import NewsletterError
from newsletter.export.eml import message_headers
from newsletter.export.messages import envelope_of
from newsletter.export.senders import MessageSender
from newsletter.model.project import Project
from newsletter.plan.personal_links import tokens
from newsletter.read.returned.earlier_output import read_record
from newsletter.read.returned.mbox import BuiltMessage, read_mbox
from newsletter.read.returned.work_lists import read_worklist

_ANY_DAY = dt.date(2026, 1, 1)
"""No Message-ID depends on it."""


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """A mailing that waits to be sent."""

    name: str
    """Of the issue, or of the day and a practice: 2026-11-03/thank-you."""
    file: Path
    """The .mbox that a build wrote."""
    rows: pl.DataFrame
    """Rows of HISTORY for its recipients by email, to be recorded once theirs went out."""
    customers: Mapping[str, str]
    """Message-ID → customer."""
    owed: bool
    """Whether it answers the customers, which needs no consent."""

    def messages(self) -> Iterator[tuple[str, BuiltMessage]]:
        """Yield customer and message, in the order of the file."""
        for message in read_mbox(self.file):
            customer = self.customers.get(message.message_id)
            if customer is None:
                hint = "build again: newsletter build"
                raise NewsletterError.at(
                    f"{self.file} holds a message that is not in the record of its build",
                    hint=hint,
                )
            yield customer, message


def issue_outgoing(project: Project, name: str, *, output: Path) -> Outgoing:
    """Return what a build wrote of an issue; raises NewsletterError if there is nothing."""
    ids = project.people.customers["id"]
    rows = read_record(output, name, shown=str(output), ids=ids)
    by_email = rows.filter(pl.col("channel") == "email")
    return Outgoing(
        name=name,
        file=_file(output, f"private/messages/{name}.mbox"),
        rows=by_email,
        customers=_by_id(project, [name], by_email["customer"]),
        owed=False,
    )


def care_outgoing(project: Project, *, output: Path, day: dt.date) -> list[Outgoing]:
    """Return the day's practices by email whose words nobody has to finish."""
    plan = output / "private/care/plan.csv"
    if not plan.is_file():
        raise NewsletterError.at(f"there is no {plan}", hint="run: newsletter build")
    ids, dates = project.people.customers["id"], project.config.dates
    listed = read_worklist(plan, shown=str(plan), today=day, dates=dates, ids=ids)
    due = listed.done.filter(pl.col("channel") == "email", pl.col("date") == day)
    mailings = []
    for practice in project.practices:
        rows = due.filter(pl.col("practice") == practice.name)
        if practice.draft or not rows.height:
            continue
        gifts = (f"{practice.name}-{n + 1}" for n in range(len(practice.all_gifts)))
        names = [f"{day}/{name}" for name in (practice.name, *gifts)]
        path = f"private/care/messages/{day}/{practice.name}.mbox"
        mailings.append(
            Outgoing(
                name=names[0],
                file=_file(output, path),
                rows=rows,
                customers=_by_id(project, names, rows["customer"]),
                owed=practice.owed,
            )
        )
    return mailings


def _file(output: Path, path: str) -> Path:
    file = output / path
    if not file.is_file():
        hint = "newsletter build makes it, if 'formats' under output: has mbox"
        raise NewsletterError.at(f"there is no {file}", hint=hint)
    return file


def _by_id(project: Project, names: list[str], customers: pl.Series) -> dict[str, str]:
    """Return Message-ID → customer, for a mailing that may have one of several names."""
    config = project.config
    ids = customers.unique(maintain_order=True)
    opaque = tokens(ids, secret=project.secret)
    customer_of: dict[str, str] = {}
    for name in names:
        envelope = envelope_of(config, name=name, language=config.language, day=_ANY_DAY)
        headers = message_headers(envelope, MessageSender.of(config.sender), secret=project.secret)
        customer_of |= dict(zip(headers.message_ids(opaque), ids, strict=True))
    return customer_of
