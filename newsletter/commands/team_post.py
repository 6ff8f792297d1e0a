"""The day's tasks to the team by email, and what the team replies into the history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import click

from newsletter.commands.outgoing import (
    confirmed,
    connecting,
    now,
    outcome_text,
    plain_errors,
)
from newsletter.commands.record import record_plan
from newsletter.commands.screen import Screen
from newsletter.commands.terminal import Bars
from newsletter.model.account import MailAccount, Server
from newsletter.model.project import Project
from newsletter.read.returned.list_replies import read_day_list, read_reply
from newsletter.sending.delivery_ledger import (
    BODY,
    DONE,
    SETTLED,
    Ledger,
    open_ledger,
    read_sent_times,
)
from newsletter.sending.incoming import Incoming
from newsletter.sending.pace import Pace, limits_of
from newsletter.sending.run import Letter, Sender
from newsletter.sending.session import sending_folder
from newsletter.sending.team_mail import MemberTasks, answered, tasks_of_day, team_letter
from newsletter.write import write_again, write_beside, write_new


def send_team(
    project: Project,
    account: MailAccount,
    *,
    output: Path,
    today: dt.date,
    ask: bool,
    dry_run: bool,
) -> None:
    """Send each member the tasks of the day, none twice; show them first, and ask."""
    screen, folder = Screen(project.config.language), sending_folder(project)
    with open_ledger(folder / f"team {today}.tsv", now=now) as ledger:
        waiting = list(_waiting(project, ledger, screen, tasks_of_day(project, output, today)))
        for tasks, letter in waiting:
            count = screen.counted("tasks", len(tasks.tasks.rows))
            click.echo(f"{tasks.member.name} <{letter.address}>: {count}")
        if not waiting:
            click.echo(screen("team_nothing"))
        if dry_run or not waiting:
            return
        if ask and not confirmed(screen.counted("send_ask", len(waiting))):
            click.echo(screen("send_nothing"))
            raise click.exceptions.Exit(1)
        for tasks, _ in waiting:
            # For the reply: a later build may have another list.
            _keep(folder / tasks.name, tasks.tasks.content)
        _deliver([letter for _, letter in waiting], ledger, project, account)


def _keep(file: Path, content: bytes) -> None:
    """Keep a list; one of a run that did not get so far as to send it is replaced."""
    if file.exists():
        write_again(file, content)
    else:
        write_new(file, content, private=True)


def _waiting(
    project: Project, ledger: Ledger, screen: Screen, day: Iterator[MemberTasks]
) -> Iterator[tuple[MemberTasks, Letter]]:
    """Yield the tasks that have not gone out, with their messages."""
    for tasks in day:
        if not tasks.member.email:
            click.echo(screen("team_no_address", name=tasks.member.name))
            continue
        letter = team_letter(project, tasks, screen, now())
        if ledger.state(letter.message_id) not in (*DONE, BODY):
            yield tasks, letter


def _deliver(
    letters: list[Letter], ledger: Ledger, project: Project, account: MailAccount
) -> None:
    screen = Screen(project.config.language)
    sender = Sender(
        ledger=ledger,
        connect=connecting(account),
        sender=project.config.sender.email,
        may_get=lambda _: True,
        pace=Pace(limits_of(account), read_sent_times(sending_folder(project))),
        clock=now,
    )
    with (
        plain_errors(account, Server.at(account.smtp).host),
        Bars().step(screen("send_step"), len(letters)) as step,
    ):
        outcome = sender.send(letters, step)
    for message_id, last in ledger.in_state(BODY).items():
        click.echo(f"{screen('send_unknown', who=last.customer)} {screen('send_assumed')}")
        ledger.note(message_id, last.customer, SETTLED)
    click.echo(outcome_text(outcome, screen, project.config.timezone))
    if outcome.stopped:
        raise click.exceptions.Exit(1)


def record_reply(project: Project, message: Incoming, *, today: dt.date) -> str | None:
    """Record what a member says of the day's tasks; None: it is no answer to them."""
    answer = answered(project, message.ids, message.sender)
    if answer is None:
        return None
    day, member = answer
    screen, folder = Screen(project.config.language), sending_folder(project)
    tasks = read_day_list(folder / f"{day}-{member.id}.csv")
    said, odd = read_reply(message.text, tasks=len(tasks.rows))
    lines = [screen("team_odd", name=member.name, text=text) for text in odd]
    if said:
        filled = write_beside(folder, f"{day}-{member.id}-reply", tasks.filled(said))
        report = record_plan(project.root, filled, today=today)
        lines.insert(0, screen.counted("team_done", report.recorded, name=member.name))
    return "\n".join(lines) or screen("team_odd", name=member.name, text=message.text[:200])
