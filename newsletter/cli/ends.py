"""How a command ends where it cannot go on: a sentence and an exit code, no traceback."""

from __future__ import annotations

import errno
from typing import IO, Any

import click

from newsletter.errors import NewsletterError, Problem


class Wrong(click.ClickException):
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


class Commands(click.Group):
    """Ends the program with a message and the right exit code where a user can act on it."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except NewsletterError as error:
            raise Wrong(error.problems) from error
        except (KeyboardInterrupt, click.Abort):
            click.echo("\nStopped. What was there before is as it was.", err=True)
            ctx.exit(130)
        except OSError as error:
            if error.errno == errno.EPIPE or error.strerror is None:
                raise  # a closed pipe is click's business; what has no reason is a mistake of ours
            where = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(where + error.strerror.lower()) from error
