"""`newsletter fetch`: what came back by email, into the tables of the customers."""

from __future__ import annotations

import datetime as dt
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from newsletter.commands.options import RUNS, with_project, with_today

if RUNS:
    import polars as pl

    from newsletter.commands.find_person import name_of
    from newsletter.commands.inputs import Notes, open_notes
    from newsletter.commands.mail_password import password_of
    from newsletter.commands.outgoing import incoming_server, plain_errors
    from newsletter.commands.screen import Screen
    from newsletter.commands.team_post import record_reply
    from newsletter.plan.reach import on_list
    from newsletter.read.assembly import read_project
    from newsletter.sending.inbox import Arrival, open_inbox
    from newsletter.sending.incoming import Kind
    from newsletter.sending.mailbox import open_mailbox
    from newsletter.sending.session import sent_from


@click.command("fetch")
@click.option("--yes", is_flag=True, help="Whoever asks in words to get no more, gets no more.")
@with_project
@with_today
def command(*, yes: bool, root: Path, today: dt.date) -> None:
    """
    Read what came back: bounces, complaints, those who want no more, replies, scores.

    Only reads the mailbox: nothing there is deleted, moved or marked. Safe to run again.
    """
    project = read_project(root, today=today)
    account, screen = sent_from(project), Screen(project.config.language)
    server = incoming_server(account)
    with (
        plain_errors(account, server.host),
        open_inbox(project) as inbox,
        open_mailbox(server, user=account.user, password=password_of(account)) as mailbox,
    ):
        count = 0
        for arrival in inbox.arrivals(mailbox, today=today):
            if (told := record_reply(project, arrival.message, today=today)) is not None:
                inbox.done(arrival, today=today)
                click.echo(told)
                count += 1
                continue
            leaves = arrival.message.kind is Kind.MAYBE_LEAVE and _wants_to_leave(
                arrival, screen, yes=yes
            )
            with open_notes(root, today) as notes:
                effects = "; ".join(_Effects(notes, arrival, screen, today).noted(leaves=leaves))
            inbox.done(arrival, today=today)
            count += 1
            if effects:
                click.echo(effects)
    click.echo(screen.counted("fetch_read", count))


def _wants_to_leave(arrival: Arrival, screen: Screen, *, yes: bool) -> bool:
    """Show the words before they count; without a person to ask, they count as a no."""
    who = arrival.customer or arrival.message.sender
    click.echo(screen("fetch_says", who=who, text=" ".join(arrival.message.text.split())))
    if yes or not sys.stdin.isatty():
        return True
    return click.confirm(screen("fetch_ask_leave"), default=True)


class _Effects:
    """Writes down what a message means; what the tables hold already is not written again."""

    def __init__(self, notes: Notes, arrival: Arrival, screen: Screen, today: dt.date) -> None:
        self._notes, self._arrival, self._screen, self._today = notes, arrival, screen, today
        message = arrival.message
        self._day = min(message.date.date() if message.date else today, today)

    def noted(self, *, leaves: bool) -> Iterator[str]:
        """Write, and yield what was done, in words."""
        arrival, message = self._arrival, self._arrival.message
        who = name_of(self._notes.people, arrival.customer) if arrival.customer else ""
        if arrival.customer and (arrival.suppresses or leaves):
            if self._suppress(f"{message.kind.name.lower()} {message.status}".strip()):
                yield self._screen(f"fetch_{message.kind.name.lower()}", who=who)
        elif message.kind is Kind.POLICY:
            yield self._screen("fetch_policy", status=message.status)
        elif message.kind is Kind.SOFT and arrival.customer:
            yield self._screen("fetch_soft_once", who=who, n=arrival.soft_bounces)
        elif message.kind is Kind.SCORE and arrival.customer:
            if self._feedback(message.score, message.text):
                yield self._screen("fetch_score", who=who, score=message.score)
        elif message.kind in (Kind.REPLY, Kind.MAYBE_LEAVE) and arrival.customer:
            self._conversation(message.text)
            if self._feedback(None, self._screen("fetch_waits")):
                yield self._screen("fetch_reply", who=who)

    def _suppress(self, reason: str) -> bool:
        people = self._notes.people
        customer = people.customers.filter(pl.col("id") == self._arrival.customer)
        if customer.select(on_list(people.tables["suppressed"])).to_series().all():
            return False
        address = customer["email"].item()
        row = {"email": address, "customer": self._arrival.customer, "date": self._today}
        self._notes.add_rows("suppressed", {**row, "reason": reason}, year=self._today.year)
        return True

    def _feedback(self, score: int | None, text: str) -> bool:
        name = self._arrival.message.message_id or self._arrival.place
        key = f"mail-{hashlib.sha256(name.encode()).hexdigest()[:12]}"
        if key in self._notes.people.tables["feedback"]["id"].drop_nulls():
            return False
        row = {"id": key, "customer": self._arrival.customer, "date": self._day}
        row |= {"score": score, "text": text}
        self._notes.add_rows("feedback", row, year=self._day.year)
        return True

    def _conversation(self, text: str) -> None:
        row = {"customer": self._arrival.customer, "date": self._day, "text": text}
        talks = self._notes.people.tables["conversations"]
        same = [pl.col(name) == pl.lit(value) for name, value in row.items()]
        if talks.filter(*same).height == 0:
            row["channel"] = "email"
            self._notes.add_conversations(row, year=self._day.year)
