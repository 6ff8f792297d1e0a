"""Commands that write down what happened: a conversation, and what really went out."""

# ruff: noqa: PLC0415 - commands import what they need when they run
from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from newsletter.cli.options import FILE, day, with_json, with_output, with_project, with_today


@click.command(short_help="Note a conversation, or a promise.")
@click.argument("customer")
@click.argument("text", nargs=-1)
@click.option("--promise", type=day, metavar="DATE", help="TEXT was promised, by this day.")
@click.option("--kept", is_flag=True, help="The open promise is kept (of several: --promise).")
@click.option("--member", metavar="ID", default="", help="Who of the team spoke with them.")
@click.option("--channel", default="", help="email, letter, call, handwritten, text or visit.")
@with_project
@with_today
def jot(  # noqa: PLR0913 - one parameter for each option
    *,
    customer: str,
    text: tuple[str, ...],
    promise: dt.date | None,
    kept: bool,
    member: str,
    channel: str,
    root: Path,
    today: dt.date,
) -> None:
    """Note TEXT as said with CUSTOMER (id, email address or part of a name)."""
    from newsletter.commands.jot import jot as note

    said = " ".join(text)
    click.echo(
        note(
            root,
            customer,
            said,
            promise=promise,
            member=member,
            channel=channel,
            today=today,
            kept=kept,
        )
    )


@click.command(short_help="Write down what really went out.")
@click.argument("issue", required=False)
@click.option("--plan", "file", type=FILE, help="A filled work list (CSV, XLSX), or a plan.csv.")
@click.option("--channel", help="Of --plan: only what went out by this channel.")
@with_json
@with_output
@with_project
@with_today
def record(  # noqa: PLR0913 - one parameter for each option
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
    from newsletter.commands.record import record_issue, record_plan

    if file and not issue:
        report = record_plan(root, file, channel=channel, today=today)
    elif issue and not file and not channel:
        report = record_issue(root, issue, output=output or root / "output", today=today)
    else:
        raise click.UsageError("name an issue, or a file with --plan (and --channel).")
    click.echo(report.as_json() if as_json else report.as_text())
