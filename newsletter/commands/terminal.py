"""Formats output for the terminal: tables, wrapped lines, counts and progress bars."""

from __future__ import annotations

import re
import shutil
import sys
import time
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import zip_longest

import click

from newsletter.errors import NewsletterError
from newsletter.model.report import Step


def columns(rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> str:
    """
    Return rows as aligned columns, two spaces apart; columns in *right* are aligned right.

    A cell may have several lines.
    """
    lines = [
        [cell or "" for cell in line]
        for row in rows
        for line in zip_longest(*(cell.split("\n") for cell in row))
    ]
    cells_by_column = zip_longest(*lines, fillvalue="")
    widths = [max(map(width_of, cells)) for cells in cells_by_column]
    return "\n".join(_line(line, widths, right=right) for line in lines)


def _line(cells: Sequence[str], widths: Sequence[int], *, right: Sequence[int]) -> str:
    padded = []
    for number, (cell, width) in enumerate(zip(cells, widths, strict=False)):
        space = " " * (width - width_of(cell))
        padded.append(space + cell if number in right else cell + space)
    return "  ".join(padded).rstrip()


def width_of(text: str) -> int:
    """Return the number of terminal cells: CJK letters take two, combining marks none."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    marks = sum(unicodedata.combining(letter) > 0 for letter in text)
    return len(text) + wide - marks


def wrapped(text: str, width: int, *, most: int = 0) -> list[str]:
    """
    Return the text in lines of at most *width* cells.

    With *most*, text beyond that many lines is replaced by an ellipsis.
    """
    lines = [""]
    for piece in _pieces(" ".join(text.split()), width):
        if width_of(lines[-1] + piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    lines = [line.rstrip() for line in lines]
    if not most or len(lines) <= most:
        return lines
    return [*lines[: most - 1], _ended(lines[most - 1], width)]


def cut(text: str, width: int) -> str:
    """Return one line of at most *width* cells; what does not fit becomes an ellipsis."""
    return text if width_of(text) <= width else _ended(text, width)


def _ended(text: str, width: int) -> str:
    while width_of(text) >= width:
        text = text[:-1]
    return f"{text.rstrip(' ,;:')}…"


def _pieces(text: str, width: int) -> Iterator[str]:
    """Yield words with the space after them; a word wider than a line letter by letter."""
    for word in re.findall(r"\S+ ?", text):
        yield from [word] if width_of(word) <= width else word


def terminal_size() -> tuple[int, int]:
    """Return width and lines of the terminal; zeros if the output goes elsewhere."""
    return shutil.get_terminal_size() if sys.stdout.isatty() else (0, 0)


def on_terminal() -> bool:
    """Return whether somebody can answer."""
    return sys.stdin.isatty()


def counted(number: int, singular: str, plural: str = "") -> str:
    """Return `1 customer` or `1,200 customers`."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


_CLEARED = "\r\033[K"
"""ECMA-48: back to the beginning of the line, and erase it."""
_LINE_CLEARED = f"\033[A{_CLEARED}"
"""The same for the line above, where a finished bar stands."""
_PATIENCE = 1.0
"""Seconds before a bar appears: a quicker step needs none."""


class Bars:
    """Shows bars on the error stream if that is a terminal."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._shown = not quiet and sys.stderr.isatty()

    @contextmanager
    def step(self, name: str, total: int) -> Iterator[Step]:
        """Begin a step of *total* parts; 0: an unknown number, so only the name is shown."""
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
        """Count *n* more parts as done."""
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
        """Erase the bar if it was shown."""
        if self._bar is not None and self._visible:
            self._bar.update(self._waiting)
            self._bar.__exit__(None, None, None)
            click.echo(_LINE_CLEARED, nl=False, err=True)


def answer_to(question: str) -> str:
    """
    Return the answer in small letters; empty if only Enter was pressed.

    Raises NewsletterError if no person is there to answer, and nothing was piped in.
    """
    try:
        answer: str = click.prompt(question, default="", show_default=False)
    except click.Abort:
        if sys.stdin.isatty():
            raise
        hint = "look at what is shown above, and add --yes if it is right"
        raise NewsletterError.at("nobody is there to answer", hint=hint) from None
    return answer.strip().lower()
