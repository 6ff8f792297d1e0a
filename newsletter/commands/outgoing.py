"""What `send`, `drafts` and `fetch` share: which mailings, the errors of servers, the history."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import polars as pl

from newsletter.commands.inputs import open_notes
from newsletter.commands.mail_password import password_of
from newsletter.commands.record import add_new
from newsletter.commands.screen import Screen
from newsletter.errors import NewsletterError
from newsletter.model.account import MailAccount, Server
from newsletter.model.project import Project
from newsletter.sending.outbox import Outgoing, care_outgoing, issue_outgoing
from newsletter.sending.run import Outcome
from newsletter.sending.session import Session
from newsletter.sending.smtp import Broken, Connection, LoginRefused


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


def connecting(account: MailAccount) -> Callable[[], Connection]:
    """Return what opens a connection to send over; asks for the password now."""
    password = password_of(account)
    return partial(Connection, Server.at(account.smtp), user=account.user, password=password)


def confirmed(question: str) -> bool:
    """Ask whether to send; raises NewsletterError if nobody is there."""
    if not sys.stdin.isatty():
        hint = "look at what it shows, and add --yes if it is right"
        raise NewsletterError.at("nobody is there to say yes", hint=hint)
    return click.confirm(question, default=False)


def outcome_text(outcome: Outcome, screen: Screen, timezone: str) -> str:
    """Return what became of a run, and when it can go on."""
    lines = [screen.counted("send_done", len(outcome.sent))]
    lines += [
        screen("send_refused_one", who=customer, answer=answer)
        for customer, answer in outcome.refused.items()
    ]
    if outcome.stopped:
        lines.append(screen("send_stopped", why=outcome.stopped))
        if outcome.in_a_day:
            limit = str(outcome.in_a_day)
            lines.append(screen.counted("send_learned", outcome.in_a_day, limit=limit))
        lines.append(_further(outcome, screen, timezone))
    return "\n".join(lines)


def _further(outcome: Outcome, screen: Screen, timezone: str) -> str:
    """Return when the run can go on."""
    if not outcome.again:
        return screen("send_again")
    again = outcome.again.astimezone(ZoneInfo(timezone))
    again += dt.timedelta(seconds=59)  # a minute later, where the minute has begun
    return screen("send_later", day=again.date(), time=f"{again:%H:%M}")


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
