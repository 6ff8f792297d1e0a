"""Commands that begin something: a project, a file of content."""

# ruff: noqa: PLC0415 - commands import what they need when they run
from __future__ import annotations

import datetime as dt
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.options import FILE, FOLDER, with_project, with_today

if TYPE_CHECKING:
    from newsletter.commands.init import Customers


@click.command()
@click.argument("file", type=FILE)
@with_today
def look(file: Path, today: dt.date) -> None:
    """Say what a customer file holds, before there is a project."""
    from newsletter.commands.look import look_text

    click.echo(look_text(file, today=today))
    click.echo(f"\nnext: newsletter init DIR --customers {shlex.quote(str(file))}")


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--customers", type=FILE, help="Your customer file: CSV, Excel or Parquet.")
@click.option("--yes", is_flag=True, help="Take the customer file as it was read, without asking.")
@with_today
def init(folder: Path, customers: Path | None, yes: bool, today: dt.date) -> None:
    """Begin a project in the folder DIR."""
    from newsletter.commands.init import begin, check_empty, read_customers

    check_empty(folder)
    found = read_customers(customers) if customers else None
    if found:
        click.echo(found.text)
        if not yes:
            _ask()
    written = begin(folder, customers=found, today=today)
    click.echo(f"\nwrote {len(written)} files to {click.format_filename(folder)}:")
    for path in written:
        click.echo(f"  {path}")
    click.echo(f"\nnext: put {_wanted(found)} into content/newsletter.yml, then")
    click.echo(f"  newsletter build --project {shlex.quote(str(folder))}")


def _ask() -> None:
    """Ask whether a customer file was read rightly; end the program if not."""
    if not click.confirm("\nIs that right?", default=None):
        click.echo(
            "Nothing was written. Rename the headers in your file and begin again; or answer y,\n"
            "and say under 'columns:' in content/newsletter.yml which column is which.",
            err=True,
        )
        raise click.exceptions.Exit(1)


def _wanted(customers: Customers | None) -> str:
    yours = "your names, addresses, country and language"
    return (
        yours if customers is None or customers.reachable else f"{yours}, and who agreed to email,"
    )


@click.command(short_help="Begin an update, a practice, an issue or another file.")
@click.argument("kind")
@click.argument("title")
@with_project
@with_today
def new(kind: str, title: str, root: Path, today: dt.date) -> None:
    """
    Begin a file of a KIND: update, article, story, offer, event, answer, page, issue or practice.
    """
    from newsletter.commands.new import new_file, next_command

    path = new_file(root, kind=kind, title=title, today=today)
    click.echo(f"wrote {path}\n\nnext: write it, then run: {next_command(kind)}")
