"""The command line: parse, call, print. No decisions.

Each command imports what it needs when it runs, so that `newsletter --help` is there at once.
"""

# ruff: noqa: PLC0415 - see above
from __future__ import annotations

import datetime as dt
import errno
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

from newsletter.errors import NewsletterError, Problem

if TYPE_CHECKING:
    from newsletter.commands.init import Customers

Command = TypeVar("Command", bound=Callable[..., object])


class _Wrong(click.ClickException):
    """What is wrong with the user's files, as the end of the program."""

    exit_code = 1

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n\n".join(str(problem) for problem in problems))
        self.count = len(problems)

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the problems to the error stream."""
        error = click.style("Error:", fg="red", bold=True)
        head = f"{error} " if self.count == 1 else f"{error} {self.count} problems\n\n"
        click.echo(head + self.message, err=True, file=file)


class _Commands(click.Group):
    """Ends the program with a message and the right exit code where a user can act on it."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except NewsletterError as error:
            raise _Wrong(error.problems) from error
        except (KeyboardInterrupt, click.Abort):
            click.echo("\nStopped. What was there before is as it was.", err=True)
            ctx.exit(130)
        except OSError as error:
            if error.errno == errno.EPIPE or error.strerror is None:
                raise  # a closed pipe is click's business; what has no reason is a mistake of ours
            where = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(where + error.strerror.lower()) from error


def _day(_context: click.Context, _option: click.Parameter, value: str | None) -> dt.date:
    try:
        # the day on the user's clock, if no other is given
        return dt.date.fromisoformat(value) if value else dt.date.today()  # noqa: DTZ011
    except ValueError:
        message = f"'{value}' is no day. Write year, month and day: 2026-11-05"
        raise click.BadParameter(message) from None


def _with_project(command: Command) -> Command:
    option = click.option(
        "--project",
        "root",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        default=".",
        help="Folder of the project (default: here).",
    )
    return option(command)


def _with_today(command: Command) -> Command:
    option = click.option(
        "--today",
        callback=_day,
        metavar="DATE",
        help="The day to work for, as 2026-11-05 (default: today).",
    )
    return option(command)


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="newsletter")
def main() -> None:
    """Care for the customers you have: personal newsletters from one folder. Sends nothing."""


@main.command()
@click.argument("file", type=_FILE)
@_with_today
def look(file: Path, today: dt.date) -> None:
    """Say what a customer file holds, before there is a project."""
    from newsletter.commands.look import look_text

    click.echo(look_text(file, today=today))
    click.echo(f"\nnext: newsletter init DIR --customers {shlex.quote(str(file))}")


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--customers", type=_FILE, help="Your customer file: CSV, Excel or Parquet.")
@click.option("--yes", is_flag=True, help="Take the customer file as it was read, without asking.")
@_with_today
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


@main.command()
@click.option("--issue", metavar="NAME", help="The issue to build (default: the newest).")
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Where to write (default: output/ in the project).",
)
@click.option("--quiet", is_flag=True, help="Print nothing if all is well.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for programs.")
@_with_project
@_with_today
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


@main.command(short_help="List the segments, or the members of one.")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the result for programs.")
@_with_project
@_with_today
def segments(*, name: str | None, as_json: bool, root: Path, today: dt.date) -> None:
    """List the segments with their share of the customers, or the members of segment NAME."""
    from newsletter.commands.segments import list_segments, members

    found = members(root, name, today=today) if name else list_segments(root, today=today)
    if as_json:
        click.echo(found.as_json())
        return
    click.echo(found.as_text())
    click.echo("\nnext: newsletter build" if name else "\nnext: newsletter segments NAME")


@main.command(short_help="Begin an update, an issue or another file.")
@click.argument("kind")
@click.argument("title")
@_with_project
@_with_today
def new(kind: str, title: str, root: Path, today: dt.date) -> None:
    """Begin a file: KIND is update, article, story, offer, event, answer, page or issue."""
    from newsletter.commands.new import new_file

    path = new_file(root, kind=kind, title=title, today=today)
    click.echo(f"wrote {path}\n\nnext: write it, then run: newsletter build")
