"""Commands that make what goes out: the build, the plan, the pages of the day."""

# ruff: noqa: PLC0415 - commands import what they need when they run
from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from newsletter.cli.options import day, with_json, with_output, with_project, with_today


@click.command()
@click.option("--issue", metavar="NAME", help="The issue to build (default: the newest).")
@with_output
@click.option("--quiet", is_flag=True, help="Print nothing if all is well.")
@with_json
@with_project
@with_today
def build(  # noqa: PLR0913 - one parameter for each option
    *,
    root: Path,
    output: Path | None,
    issue: str | None,
    quiet: bool,
    as_json: bool,
    today: dt.date,
) -> None:
    """Write the messages, the site and the merge files of an issue."""
    from newsletter.build import build as build_project
    from newsletter.commands.bars import Bars
    from newsletter.commands.show import build_json, build_text

    output = output or root / "output"
    report = build_project(
        root, output=output, today=today, issue=issue, progress=Bars(quiet=quiet or as_json)
    )
    if as_json:
        click.echo(build_json(report))
    elif not quiet:
        click.echo(build_text(report, output=click.format_filename(output)))


@click.command(short_help="Say who is to be written to or called, and why.")
@click.option("--from", "first", type=day, metavar="DATE", help="First day (default: today).")
@click.option("--to", "last", type=day, metavar="DATE", help="Last day (default: 7 days in all).")
@click.option(
    "--by",
    type=click.Choice(["day", "member", "channel"]),
    default="day",
    help="What the table is grouped by.",
)
@click.option("--all", "everything", is_flag=True, help="Name everybody; list what is skipped.")
@click.option("--diff", is_flag=True, help="Say what is new against the plan of the last build.")
@with_json
@with_output
@with_project
@with_today
def plan(  # noqa: PLR0913 - one parameter for each option
    *,
    root: Path,
    output: Path | None,
    first: dt.date | None,
    last: dt.date | None,
    by: str,
    everything: bool,
    diff: bool,
    as_json: bool,
    today: dt.date,
) -> None:
    """Say who is to be thanked, called or written to, by whom, by which channel, and why."""
    from newsletter.commands.bars import Bars
    from newsletter.commands.plan import plan_diff, plan_json, plan_of, write_plan
    from newsletter.commands.plan_text import plan_text

    if diff and as_json:
        raise click.UsageError("--diff is for people: leave out --json.")
    output = output or root / "output"
    planned = plan_of(root, first=first, last=last, today=today, progress=Bars(quiet=as_json))
    path = write_plan(planned, output)
    if as_json:
        click.echo(plan_json(planned))
        return
    if diff:
        click.echo(plan_diff(planned, output, everything=everything))
    else:
        table, days = planned.table, planned.days
        click.echo(plan_text(planned.project, table, days=days, by=by, everything=everything))
    click.echo(f"\nwrote {click.format_filename(output)}/{path}")
    click.echo("\nnext: newsletter explain CUSTOMER, or newsletter today")


@click.command(short_help="Say what there is to do today, with the words.")
@click.option("--member", metavar="ID", help="The page of one team member (default: everybody).")
@with_output
@with_project
@with_today
def today(*, root: Path, output: Path | None, member: str | None, today: dt.date) -> None:
    """Say what each team member has to do today, with the words, and write it as pages."""
    from newsletter.commands.bars import Bars
    from newsletter.commands.today import today_text

    output = output or root / "output"
    text = today_text(root, output=output, member=member, today=today, progress=Bars())
    click.echo(text)
