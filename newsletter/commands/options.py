"""The options that several commands share, and the day on which a command works."""

from __future__ import annotations

import datetime as dt
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from newsletter.errors import NewsletterError
from newsletter.model.days import BEYOND, in_use
from newsletter.write.last_build import recorded_timezone

RUNS = sys.argv[2:] not in (["-h"], ["--help"]) and "_NEWSLETTER_COMPLETE" not in os.environ
"""
Whether a command runs; False if the user or the shell only asks for its options.

A command imports under `if RUNS:` what only its work needs: completion in the shell does not wait
for the libraries that read tables.
"""


class _Path(click.Path):
    """A file or folder, but neither a device nor a pipe: reading these may never end."""

    def __init__(self, **options: Any) -> None:
        super().__init__(path_type=Path, **options)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path; else exit."""
        try:
            path = Path(os.fsdecode(super().convert(value, param, ctx)))
            is_other = path.exists() and not path.is_file() and not path.is_dir()
        except (OSError, ValueError):  # a name that the system cannot have
            self.fail(f"{value!r} cannot be the name of a file", param, ctx)
        if is_other:
            self.fail(f"'{path}' is a device or a pipe, and no file", param, ctx)
        return path


FILE = _Path(exists=True, dir_okay=False)
TABLE = _Path(exists=True)
"""A file with a table; of a folder, its reader names the files in it."""
FOLDER = _Path(file_okay=False)
NEW_FILE = _Path(dir_okay=False)


def day(text: str) -> dt.date:
    """Return the day that an option names; else exit and show how to write a day."""
    try:
        date = dt.date.fromisoformat(text)
    except ValueError:
        message = f"'{text}' is not a day. Write year, month and day: 2026-11-05"
        raise click.BadParameter(message) from None
    if not in_use(date):
        raise click.BadParameter(f"{date} {BEYOND}")
    return date


def _today(
    context: click.Context, _option: click.Parameter, value: dt.date | None
) -> dt.date | None:
    """Return the day of the option, else today; None while the shell completes options."""
    if value or context.resilient_parsing:
        return value
    return today_in(context.params.get("root"))


def today_in(root: Path | None) -> dt.date:
    """Return the day where the business of the project in *root* is; None: where we are."""
    return dt.datetime.now(dt.UTC).astimezone(_zone(root)).date()


def _zone(root: Path | None) -> ZoneInfo | None:
    """
    Return the time zone of the project in *root*; None: use that of the computer.

    None if there is no project or no readable newsletter.yml; the command will report that.
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


_PROJECT = _Path(exists=True, file_okay=False)
with_project = click.option(
    "--project",
    "root",
    type=_PROJECT,
    default=".",
    is_eager=True,  # the date depends on the project's time zone
    help="Folder of the project (default: here).",
)
with_projects = click.option(
    "--project",
    "roots",
    type=_PROJECT,
    default=["."],
    multiple=True,
    help="Folder of the project (default: here); give it again for each further project.",
)
_today_option = partial(
    click.option,
    "--today",
    type=day,
    metavar="DATE",
    help="The day to work for, as 2026-11-05 (default: today, where the business is).",
)
with_today = _today_option(callback=_today)
with_given_day = _today_option()
"""The same, but None without the option: each of several projects has its own day."""
with_output = click.option(
    "--output",
    type=FOLDER,
    metavar="DIR",
    help="Where to write (default: output/ in the project).",
)
with_verbose = click.option(
    "--verbose", is_flag=True, help="Show the rules of practices as their files have them, too."
)
with_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
