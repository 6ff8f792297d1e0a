"""The command line. The module of a command is imported only when the command is used."""

from __future__ import annotations

import atexit
import errno
import gc
from collections.abc import Mapping
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from typing import IO, Any

import click
from click.shell_completion import CompletionItem

from newsletter.commands.console import open_streams, print_any_letter
from newsletter.errors import NewsletterError, Problem
from newsletter.interrupts import STOPPED, ended_by_ctrl_c, exit_at_once

COMMANDS: Mapping[str, str] = {
    "look": "Show what a customer file holds, before there is a project.",
    "init": "Begin a project in the folder DIR.",
    "new": "Begin an update, a practice, an issue or another file.",
    "build": "Write the messages, the site, merge files and work lists.",
    "plan": "Show whom to write to or call, and why.",
    "today": "Show what there is to do today, with the words.",
    "birthdays": "Show whose birthday or anniversary it is this week.",
    "who": "Show what to know about a customer at the counter.",
    "preview": "Show the message that a customer gets, in the browser.",
    "explain": "Explain what is due for a customer, and what is not and why.",
    "segments": "List the segments, or the customers in one.",
    "voucher": "Show whose a voucher is, or redeem it.",
    "export": "Write an issue or a practice for another program.",
    "account": "Set up the mailbox that sends, and try its login.",
    "send": "Send the messages of a build, none of them twice.",
    "drafts": "Put the messages into the drafts of your mailbox.",
    "fetch": "Read what came back by email.",
    "import": "Read what a mailing service exports after a sending.",
    "jot": "Note a conversation, or a promise.",
    "record": "Add what went out to the history.",
    "rekey": "Write new customer numbers into all tables.",
}
"""Name → help in one line. The module of that name has the command as `command`."""

_COLLECT = (50_000, 20, 20)
"""When Python looks for cycles. Most objects of a build live to its end, so that looking as often
as usual (700, 10, 10) takes an eighth of its time and frees next to nothing."""


def module_of(name: str) -> str:
    """Return the module of a command; that of `import`, which Python keeps for itself, has a _."""
    return f"newsletter.commands.{name}{'_' if iskeyword(name) else ''}"


class Commands(click.Group):
    """The commands by name. Errors end the program with a message, not a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command; None if there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(module_of(cmd_name)).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return commands and options that begin with *incomplete*, importing no command."""
        commands = [
            CompletionItem(name, help=text)
            for name, text in COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return [*commands, *click.Command.shell_complete(self, ctx, incomplete)]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the command line; refuse what is not UTF-8, which nothing can print or search."""
        for text in args:
            if any("\ud800" <= letter <= "\udfff" for letter in text):
                raise click.UsageError(f"{text!a} is not UTF-8: type or name it anew", ctx)
        return super().parse_args(ctx, args)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run as a program, whose console may know few letters."""
        open_streams()
        print_any_letter()
        try:
            return super().main(*args, **kwargs)
        except SystemExit as error:
            if error.code == STOPPED and not args and not kwargs:
                exit_at_once()
            raise

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        gc.set_threshold(*_COLLECT)
        atexit.register(gc.freeze)  # else Python looks for cycles once more, among all objects
        try:
            _refuse_lost_folder()
            with ended_by_ctrl_c(_say_stopped):
                return super().invoke(ctx)
        except NewsletterError as error:
            raise WrongFiles(error.problems) from error
        except (KeyboardInterrupt, click.Abort):
            _say_stopped()
            ctx.exit(STOPPED)
        except OSError as error:
            raise click.ClickException(system_reason(error)) from error


def _say_stopped() -> None:
    click.echo("\nStopped. Your files are as they were before.", err=True)


def _refuse_lost_folder() -> None:
    """Raise if the folder of the shell was removed: no relative path leads anywhere."""
    try:
        Path.cwd()
    except OSError as error:
        hint = "go to a folder that exists, with cd, then run the same command again"
        raise NewsletterError.at("the folder in which you are is gone", hint=hint) from error


def system_reason(error: OSError) -> str:
    """Return which file the system refused, and why; raise the error again if it says neither."""
    if error.errno == errno.EPIPE or error.strerror is None:
        raise error  # click handles a closed pipe; an error without a reason is a bug
    where = f"{error.filename}: " if error.filename else ""
    return where + error.strerror.lower()


class WrongFiles(click.ClickException):
    """Ends the program with the problems in the user's files."""

    exit_code = 1

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n\n".join(str(problem) for problem in problems))
        self.count = len(problems)

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the problems to the error stream."""
        error = click.style("Error:", fg="red", bold=True)
        head = f"{error} " if self.count == 1 else f"{error} {self.count} problems\n\n"
        click.echo(head + self.message, err=True, file=file)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="newsletter")
def main() -> None:
    """Care for the customers you have: whom to write to, call and thank. Sends nothing."""
