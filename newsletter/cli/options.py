"""The options that several commands share."""

# ruff: noqa: PLC0415 - commands import what they need when they run
from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., object])

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)


def day(text: str) -> dt.date:
    """Return the day that an option names, or end the program with how to write one."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        message = f"'{text}' is no day. Write year, month and day: 2026-11-05"
        raise click.BadParameter(message) from None


def _today(context: click.Context, _option: click.Parameter, value: dt.date | None) -> dt.date:
    from newsletter.commands.clock import today_of

    return value or today_of(context.params.get("root"))


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
