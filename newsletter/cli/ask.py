"""Commands that answer a question and change nothing: who somebody is, why, how many."""

# ruff: noqa: PLC0415 - commands import what they need when they run
from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from newsletter.cli.options import with_json, with_project, with_today


@click.command(short_help="List the segments, or the members of one.")
@click.argument("name", required=False)
@with_json
@with_project
@with_today
def segments(*, name: str | None, as_json: bool, root: Path, today: dt.date) -> None:
    """List the segments with their share of the customers, or the members of segment NAME."""
    from newsletter.commands.segments import list_segments, members

    found = members(root, name, today=today) if name else list_segments(root, today=today)
    if as_json:
        click.echo(found.as_json())
        return
    click.echo(found.as_text())
    click.echo("\nnext: newsletter build" if name else "\nnext: newsletter segments NAME")


@click.command(short_help="Show the counter card of a customer.")
@click.argument("name", nargs=-1, required=True)
@with_project
@with_today
def who(*, name: tuple[str, ...], root: Path, today: dt.date) -> None:
    """Show on one screen who NAME is: any part of a name, an email address or an id."""
    from newsletter.commands.who import who as who_is

    click.echo(who_is(root, " ".join(name), today=today))
