"""The one error users see, and the place in their files that it points to."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

Value = TypeVar("Value")

_MOST_SHOWN = 76
"""Characters of a line, so that it and its indentation fit a narrow terminal."""
_QUOTED = re.compile("'([^']+)'")
_NO_TAB = re.compile("[^\t]")


@dataclass(frozen=True, kw_only=True, order=True)
class Place:
    """A spot in one of the user's files. Lines and columns count from 1; 0 means not known."""

    path: str
    """As the user would type it: relative to the project, with forward slashes."""
    line: int = 0
    column: int = 0
    text: str = ""
    """The line itself, shown under the message; empty for private files (customer data)."""

    def __str__(self) -> str:
        parts = [self.path, *(str(n) for n in (self.line, self.column) if n)]
        return ":".join(parts)


@dataclass(frozen=True)
class Problem:
    """A mistake in the user's files, and its cure."""

    message: str
    """Lower case, no full stop, quotes the user's text."""
    at: Place | None = None
    hint: str = field(default="", kw_only=True)
    """What to do; empty only if the message says it."""

    def __str__(self) -> str:
        where = f"{self.at}: " if self.at else ""
        lines = [f"{where}{self.message}"]
        if self.at and self.at.text:
            text, column = _excerpt(self.at.text, self.at.column or self._quoted_at())
            lines.append(f"    {text}")
            if self.at.column:
                lines.append("    " + _NO_TAB.sub(" ", text[: column - 1]) + "^")
        if self.hint:
            lines.append(f"  hint: {self.hint}")
        return "\n".join(lines)

    def _quoted_at(self) -> int:
        """Return the column of what the message quotes from the line; 0 if it is not in it."""
        quoted = _QUOTED.search(self.message)
        return self.at.text.find(quoted[1]) + 1 if self.at and quoted else 0


def _excerpt(text: str, column: int) -> tuple[str, int]:
    """Return the part of a long line round *column*, and the column in it."""
    if len(text) <= _MOST_SHOWN:
        return text, column
    start = max(0, min(column - _MOST_SHOWN // 2, len(text) - _MOST_SHOWN))
    end = start + _MOST_SHOWN
    before, after = "…" if start else "", "…" if end < len(text) else ""
    shown = text[start + len(before) : end - len(after)]
    return f"{before}{shown}{after}", column - start


class NewsletterError(Exception):
    """The user's files are wrong. Carries every problem found, in the order of the files."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))

    @classmethod
    def at(cls, message: str, at: Place | None = None, *, hint: str = "") -> NewsletterError:
        """Return the error for a single problem."""
        return cls(Problem(message=message, at=at, hint=hint))


def raise_all(problems: Iterable[Problem]) -> None:
    """Raise one error that holds every problem once, sorted by file and line; nothing if none."""
    unique = dict.fromkeys(problems)
    if unique:
        raise NewsletterError(*sorted(unique, key=_order))


def attempt(make: Callable[[], Value], problems: list[Problem]) -> Value | None:
    """Return the result of *make*; if it raises, add the problems to *problems*, return None."""
    try:
        return make()
    except NewsletterError as error:
        problems.extend(error.problems)
        return None


def _order(problem: Problem) -> tuple[str, int, int, str]:
    at = problem.at or Place(path="")
    return (at.path, at.line, at.column, problem.message)


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Return "did you mean 'x'?" for the nearest of *names*, else an empty string."""
    near = nearest(name, names)
    return f"did you mean '{near}'?" if near else ""


def nearest(name: str, names: Iterable[str]) -> str:
    """Return the nearest of *names*, else an empty string."""
    near = difflib.get_close_matches(name.lower(), sorted(names), n=1, cutoff=0.6)
    return near[0] if near else ""


def within(place: Place, *, line: int, text: str = "", column: int = 0) -> Place:
    """Return the place of line *line* (from 1) of a text that begins at *place*."""
    return replace(place, line=place.line + line - 1, column=column, text=text)
