"""`newsletter drafts`: messages into the drafts of the firm's own mailbox, to read and send."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from newsletter.commands.options import RUNS, with_output, with_project, with_today
from newsletter.errors import NewsletterError

if RUNS:
    from newsletter.commands.mail_password import password_of
    from newsletter.commands.outgoing import (
        incoming_server,
        mailings_of,
        now,
        plain_errors,
        record_gone,
    )
    from newsletter.commands.screen import Screen
    from newsletter.commands.terminal import Bars
    from newsletter.read.assembly import read_project
    from newsletter.sending.drafts_folder import add_drafts, mark_sent
    from newsletter.sending.mailbox import DRAFTS, SENT, Mailbox, open_mailbox
    from newsletter.sending.session import Session, open_session, sent_from


@click.command("drafts")
@click.argument("issue", required=False)
@click.option("--care", is_flag=True, help="The emails of today's practices.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="At most N messages now.")
@with_output
@with_project
@with_today
def command(
    *,
    issue: str | None,
    care: bool,
    limit: int | None,
    output: Path | None,
    root: Path,
    today: dt.date,
) -> None:
    """
    Put the messages of ISSUE, or of today's practices, into the drafts of your mailbox.

    Read them there, change a word, and send. Run again, it adds nothing twice, and notes in the
    history what you have sent.
    """
    project = read_project(root, today=today)
    account, screen = sent_from(project), Screen(project.config.language)
    server = incoming_server(account)
    mailings = mailings_of(
        project, issue, care=care, output=output or root / "output", today=today
    )
    with (
        plain_errors(account, server.host),
        open_mailbox(server, user=account.user, password=password_of(account)) as mailbox,
    ):
        for outgoing in mailings:
            with open_session(project, outgoing, now=now) as session:
                _write(session, mailbox, screen, most=limit or 0)
                for file in record_gone(root, session, today=today):
                    click.echo(screen("wrote", file=file))


def _write(session: Session, mailbox: Mailbox, screen: Screen, *, most: int) -> None:
    """Note what was sent from the drafts, then add what waits, and say both."""
    folder, sent = mailbox.folder(DRAFTS), mailbox.folder(SENT)
    if not folder:
        hint = "make one called Drafts in your mail program"
        raise NewsletterError.at("the mailbox has no folder for drafts", hint=hint)
    name, total = session.outgoing.name, len(session.outgoing.customers)
    if returned := mark_sent(session, mailbox, sent) if sent else 0:
        click.echo(screen.counted("drafts_sent", returned, name=name))
    with Bars().step(screen("drafts_step"), total) as step:
        added = add_drafts(session, mailbox, folder, most=most, step=step)
    click.echo(screen.counted("drafts_added", added, name=name, folder=folder))
