"""Shows on the terminal how far a command is: a bar for a step of many parts, else its name."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

from newsletter.model.report import Step

_CLEARED = "\r\033[K"
"""ECMA-48: back to the beginning of the line, and erase it."""
_PATIENCE = 1.0
"""Seconds before a bar appears: a quicker step needs none."""


class Bars:
    """Shows bars on the error stream if that is a terminal."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._shown = not quiet and sys.stderr.isatty()

    @contextmanager
    def step(self, name: str, total: int) -> Iterator[Step]:
        """Begin a step of *total* parts; 0: nobody knows how many, and only its name is shown."""
        bar = _Bar(name, total, shown=self._shown and total > 0)
        named = self._shown and total == 0
        click.echo(f"{name} …" if named else "", nl=False, err=True)
        try:
            yield bar
        finally:
            click.echo(_CLEARED if named else "", nl=False, err=True)
            bar.close()


class _Bar:
    def __init__(self, name: str, total: int, *, shown: bool) -> None:
        self._bar = click.progressbar(length=total, label=name, file=sys.stderr) if shown else None
        self._begun = time.monotonic()
        self._waiting = 0
        self._visible = False

    def advance(self, n: int = 1) -> None:
        """Say that *n* more parts are done."""
        if self._bar is None:
            return
        self._waiting += n
        if time.monotonic() - self._begun >= _PATIENCE:
            if not self._visible:
                self._bar.__enter__()
                self._visible = True
            self._bar.update(self._waiting)
            self._waiting = 0

    def close(self) -> None:
        """Finish the line, if there is one."""
        if self._bar is not None and self._visible:
            self._bar.update(self._waiting)
            self._bar.__exit__(None, None, None)
