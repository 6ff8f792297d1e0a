"""Commands that make what goes out: the build, the plan, the pages of the day."""

# ruff: noqa: PLC0415 - commands import what they need when they run
from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from newsletter.cli.options import with_json, with_output, with_project, with_today


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
