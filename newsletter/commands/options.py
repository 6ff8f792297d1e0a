"""The options that several commands share, and the day on which a command works."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import click

from newsletter.errors import NewsletterError
from newsletter.write.last_build import recorded_timezone

Command = TypeVar("Command", bound=Callable[..., object])

RUNS = sys.argv[2:] not in (["-h"], ["--help"]) and "_NEWSLETTER_COMPLETE" not in os.environ
"""
Whether a command runs; False if the user or the shell only asks for its options.

The module of a command imports what it runs with `if RUNS:`, so that a key press in the shell does
not wait for the libraries that read tables.
"""

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)


def day(text: str) -> dt.date:
    """Return the day that an option names, or end the program with how to write one."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        message = f"'{text}' is no day. Write year, month and day: 2026-11-05"
        raise click.BadParameter(message) from None


def with_project(command: Command) -> Command:
    """Add --project, the folder of the project, as `root`."""
    option = click.option(
        "--project",
        "root",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        default=".",
        is_eager=True,  # the project's time zone says which day it is
        help="Folder of the project (default: here).",
    )
    return option(command)


def with_today(command: Command) -> Command:
    """Add --today, the day to work for."""
    option = click.option(
        "--today",
        type=day,
        metavar="DATE",
        callback=_today,
        help="The day to work for, as 2026-11-05 (default: today, where the business is).",
    )
    return option(command)


def with_output(command: Command) -> Command:
    """Add --output, the folder to write to; None: output/ in the project."""
    option = click.option(
        "--output",
        type=FOLDER,
        metavar="DIR",
        help="Where to write (default: output/ in the project).",
    )
    return option(command)


def with_json(command: Command) -> Command:
    """Add --json, for programs, as `as_json`."""
    option = click.option("--json", "as_json", is_flag=True, help="Print the result for programs.")
    return option(command)


def _today(
    context: click.Context, _option: click.Parameter, value: dt.date | None
) -> dt.date | None:
    """Return the day that was asked for, else today; a shell that completes needs neither."""
    if value or context.resilient_parsing:
        return value
    return dt.datetime.now(dt.UTC).astimezone(_zone(context.params.get("root"))).date()


def _zone(root: Path | None) -> ZoneInfo | None:
    """
    Return the time zone of the project in *root*.

    None, which is the computer's zone: there is no project, or its newsletter.yml cannot be read,
    which the command itself will say.
    """
    if root is None:
        return None
    if recorded := recorded_timezone(root):
        return ZoneInfo(recorded)
    from newsletter.read.content.settings_files import read_settings  # noqa: PLC0415 - --help needs no YAML

    try:
        return ZoneInfo(read_settings(root).timezone)
    except NewsletterError:
        return None
