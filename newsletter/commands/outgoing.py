"""What `send`, `drafts` and `fetch` share: which mailings, the errors of servers, the history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import polars as pl

from newsletter.commands.inputs import open_notes
from newsletter.commands.record import add_new
from newsletter.errors import NewsletterError
from newsletter.model.account import MailAccount, Server
from newsletter.model.project import Project
from newsletter.sending.outbox import Outgoing, care_outgoing, issue_outgoing
from newsletter.sending.session import Session
from newsletter.sending.smtp import Broken, LoginRefused


def now() -> dt.datetime:
    """Return the moment, in UTC."""
    return dt.datetime.now(dt.UTC)


def mailings_of(
    project: Project, issue: str | None, *, care: bool, output: Path, today: dt.date
) -> list[Outgoing]:
    """Return the mailings that the arguments name; exit if they name none, or both kinds."""
    if bool(issue) == care:
        raise click.UsageError("name an issue, or write --care.")
    if issue:
        return [issue_outgoing(project, issue, output=output)]
    return care_outgoing(project, output=output, day=today)


def record_gone(root: Path, session: Session, *, today: dt.date) -> tuple[str, ...]:
    """Add to the history what went out and is not in it yet; return the files."""
    gone, outgoing = session.gone(), session.outgoing
    rows = outgoing.rows.filter(pl.col("customer").is_in(list(gone)))
    sent = rows.with_columns(pl.min_horizontal("date", pl.lit(today)).alias("date"))
    name = outgoing.name.rpartition("/")[2]
    with open_notes(root, today) as notes:
        return add_new(notes, sent, name=f"{today}-sent-{name}").files


def incoming_server(account: MailAccount) -> Server:
    """Return the server for incoming mail; raises NewsletterError if none is named."""
    if not account.imap:
        hint = "newsletter account writes it; or write imap: imaps://… below account: yourself"
        message = "content/newsletter.yml names no server for incoming mail under account:"
        raise NewsletterError.at(message, hint=hint)
    return Server.at(account.imap)


_REFUSED = "newsletter account says what your provider needs, and takes another password"


@contextmanager
def plain_errors(account: MailAccount, host: str, *, refused: str = _REFUSED) -> Iterator[None]:
    """Say what to do if the server cannot be reached, or does not let us in (*refused*)."""
    try:
        yield
    except LoginRefused as error:
        message = f"{host} does not accept the password of {account.user}: {error}"
        raise NewsletterError.at(message, hint=refused) from error
    except Broken as error:
        hint = "check the network and the name of the server, then run it again"
        raise NewsletterError.at(f"{host} cannot be reached: {error}", hint=hint) from error
