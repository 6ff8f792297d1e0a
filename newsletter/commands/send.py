"""`newsletter send`: the messages of a build to their readers, none of them twice."""

from __future__ import annotations

import datetime as dt
import sys
from itertools import islice
from pathlib import Path

import click

from newsletter.commands.options import RUNS, with_output, with_project, with_today
from newsletter.errors import NewsletterError

if RUNS:
    from newsletter.commands.find_person import the_customer
    from newsletter.commands.outgoing import (
        confirmed,
        connecting,
        mailings_of,
        now,
        outcome_text,
        plain_errors,
        record_gone,
    )
    from newsletter.commands.screen import Screen
    from newsletter.commands.team_post import send_team
    from newsletter.commands.terminal import Bars
    from newsletter.model.account import MailAccount, Server
    from newsletter.read.assembly import read_project
    from newsletter.sending.copies import copy_for
    from newsletter.sending.outbox import Outgoing
    from newsletter.sending.run import Outcome
    from newsletter.sending.session import Session, Waiting, open_session, sent_from

_TEST_COPIES = 3
"""Copies for --test-to without --limit."""


@click.command("send")
@click.argument("issue", required=False)
@click.option("--care", is_flag=True, help="The emails of today's practices.")
@click.option("--team", is_flag=True, help="The day's tasks, to each member of the team.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="At most N messages now.")
@click.option("--only", metavar="NAME", help="One customer: a name, an email address or an id.")
@click.option("--test-to", metavar="ADDRESS", help="Copies to yourself: the first three, or N.")
@click.option("--dry-run", is_flag=True, help="Only show what would be sent.")
@click.option("--yes", is_flag=True, help="Send without asking.")
@with_output
@with_project
@with_today
def command(
    *,
    issue: str | None,
    care: bool,
    team: bool,
    limit: int | None,
    only: str | None,
    test_to: str | None,
    dry_run: bool,
    yes: bool,
    output: Path | None,
    root: Path,
    today: dt.date,
) -> None:
    """
    Send the messages of ISSUE, or of today's practices, as the last build wrote them.

    First shows how many there are and for whom, and asks. Run it again whenever it was
    interrupted: nobody gets a message twice.
    """
    project = read_project(root, today=today)
    account, screen = sent_from(project), Screen(project.config.language)
    output = output or root / "output"
    if team:
        if issue or care or limit or only or test_to:
            raise click.UsageError("--team goes with --dry-run, --yes and --output alone.")
        send_team(project, account, output=output, today=today, ask=not yes, dry_run=dry_run)
        return
    mailings = mailings_of(project, issue, care=care, output=output, today=today)
    customer = the_customer(project.people.customers, only) if only else ""
    if test_to:
        _send_copies(account, mailings, test_to, most=limit or _TEST_COPIES, screen=screen)
        return
    for outgoing in mailings:
        with open_session(project, outgoing, now=now, only=customer) as session:
            _send(
                _Desk(root, session, screen, today), account, most=limit, dry_run=dry_run, yes=yes
            )


def _send(
    desk: _Desk, account: MailAccount, *, most: int | None, dry_run: bool, yes: bool
) -> None:
    """Show what waits, ask, and send it; exit with 1 if that is not done to the end."""
    waiting = desk.session.waiting()
    click.echo(desk.told(waiting, account))
    if dry_run:
        return
    if not (waiting.count or waiting.unknown):
        desk.record()
        return
    if not yes and not desk.confirmed(waiting):
        click.echo(desk.screen("send_nothing"))
        raise click.exceptions.Exit(1)
    with plain_errors(account, Server.at(account.smtp).host):
        outcome = desk.send(account, most=most or 0)
    click.echo(outcome_text(outcome, desk.screen, desk.session.project.config.timezone))
    if outcome.stopped:
        raise click.exceptions.Exit(1)


class _Desk:
    """Talks with the person who sends one mailing."""

    def __init__(self, root: Path, session: Session, screen: Screen, today: dt.date) -> None:
        self._root, self.session, self.screen, self._today = root, session, screen, today

    def told(self, waiting: Waiting, account: MailAccount) -> str:
        """Return what would be sent, over which server, to whom first."""
        screen, outgoing = self.screen, self.session.outgoing
        host = Server.at(account.smtp).host
        lines = [screen.counted("send_waiting", waiting.count, name=outgoing.name, server=host)]
        if waiting.count:
            lines += [f"  {screen('send_subject', subject=waiting.subject)}"]
            lines += [f"  {person}" for person in waiting.first]
            if waiting.count > len(waiting.first):
                lines.append("  …")
        counts = {
            "gone": waiting.gone,
            "drafts": waiting.drafts,
            "refused": waiting.refused,
            "held": waiting.held_back,
        }
        lines += [screen.counted(f"send_{what}", n) for what, n in counts.items() if n]
        return "\n".join(lines)

    def confirmed(self, waiting: Waiting) -> bool:
        """Ask whether to send; without a terminal nothing is sent."""
        return confirmed(self.screen.counted("send_ask", waiting.count))

    def send(self, account: MailAccount, *, most: int) -> Outcome:
        """Send, settle what is not known, and record what went out, also after an interrupt."""
        connect = connecting(account)
        total = len(self.session.outgoing.customers)
        try:
            with Bars().step(self.screen("send_step"), total) as step:
                outcome = self.session.send(account, connect, most=most, step=step)
            self.session.settle(self._went_out)
        finally:
            self.record()
        return outcome

    def record(self) -> None:
        """Add to the history what went out and is not in it yet."""
        for file in record_gone(self._root, self.session, today=self._today):
            click.echo(self.screen("wrote", file=file))

    def _went_out(self, customer: str) -> bool:
        """Ask whether an unknown message went out; by default it did, so nobody gets two."""
        doubt = self.screen("send_unknown", who=customer)
        if not sys.stdin.isatty():
            click.echo(f"{doubt} {self.screen('send_assumed')}")
            return True
        return click.confirm(f"{doubt} {self.screen('send_ask_unknown')}", default=True)


def _send_copies(
    account: MailAccount, mailings: list[Outgoing], to: str, *, most: int, screen: Screen
) -> None:
    """Send the first messages to the owner, each with a banner; the ledger knows nothing of it."""
    messages = (message for outgoing in mailings for _, message in outgoing.messages())
    sent = 0
    with plain_errors(account, Server.at(account.smtp).host):
        connection = connecting(account)()
        try:
            for message in islice(messages, most):
                who = f"{message.name} <{message.address}>".strip()
                copy = copy_for(message, to=to, banner=screen("send_banner", who=who))
                answer = connection.send(copy, sender=account.user, recipient=to)
                if not answer.good:
                    raise NewsletterError.at(f"the server does not take a copy: {answer}")
                sent += 1
        finally:
            connection.close()
    click.echo(screen.counted("send_copies", sent, to=to))
