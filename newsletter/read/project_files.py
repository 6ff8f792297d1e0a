"""The text files of a project: opened, parsed, and cached from one reading to the next."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Hashable, Iterable
from pathlib import Path
from typing import TypeVar, cast

from newsletter.errors import Place, Problem
from newsletter.model.program_files import PACKAGE, THEMES
from newsletter.read.pipes import is_pipe, pipe_problem

T = TypeVar("T")
Key = tuple[Hashable, ...]

MOST_BYTES = 2_000_000
"""No text that a person wrote is longer."""

# Control characters except tab and line feed, the line separators that editors do not show as
# such, and the private-use characters that mark the open parts of a template.
_REFUSED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ue000-\ue0ff]")
_PLAIN = bytes((0x09, 0x0A, 0x0D, *range(0x20, 0x7F)))
"""Bytes of ASCII that need no search for refused characters: most bytes of most texts."""


class ParsedFiles:
    """
    Results of parsing, each under a key of all that it depends on: path, content, settings.

    Pass the same object to `read_project` again and again. Results with errors are not cached,
    because the hint of an error may name other files.
    """

    def __init__(self, *, remember: bool = True) -> None:
        self.parses = 0
        """How many results were worked out instead of looked up."""
        self._remember = remember
        self._results: dict[Key, object] = {}
        self._used: set[Key] = set()

    def result(
        self, key: Key, parse: Callable[[list[Problem]], T], *, problems: list[Problem]
    ) -> T:
        """
        Return the result of *parse*, from now or from earlier under the same key.

        *parse* adds errors to the list that it gets; they are passed on to *problems*.
        """
        if key in self._results:
            self._used.add(key)
            return cast(T, self._results[key])
        errors: list[Problem] = []
        value = parse(errors)
        self.parses += 1
        problems.extend(errors)
        if self._remember and not errors:
            self._results[key] = value
            self._used.add(key)
        return value

    def digest(self, data: bytes) -> bytes:
        """Return a short form of *data* for keys."""
        return hashlib.blake2b(data, digest_size=16).digest() if self._remember else b""

    def forget_unused(self) -> None:
        """Drop every result that was not used since the last call."""
        self._results = {key: self._results[key] for key in self._used if key in self._results}
        self._used.clear()


READ_ONCE = ParsedFiles(remember=False)
"""For a process that reads a project once: nothing is hashed or cached."""


class ProjectFiles:
    """One reading of the project in *root*: opens its files and collects their problems."""

    def __init__(self, root: Path, *, parsed: ParsedFiles = READ_ONCE) -> None:
        self.root, self.parsed = root.resolve(), parsed
        self.problems: list[Problem] = []
        self._folders: dict[Path, Path] = {}

    def shown(self, file: Path) -> str:
        """Return a path as the user would type it, relative to the project."""
        return Path(os.path.relpath(file, self.root)).as_posix()

    def holds(self, file: Path, *, within: Path | None = None, shown: str = "") -> bool:
        """
        Return whether *file* lies in the folder *within* when links are followed; else report it.

        *within* is the folder that the file belongs to, itself perhaps a link. Default: content/,
        or the project for files elsewhere in it.
        """
        content = self.root / "content"
        within = within or (content if file.is_relative_to(content) else self.root)
        if within.parent == THEMES:  # installers may make each file of the program a link
            return True
        folder = self._resolved(file.parent)
        target = file.resolve() if file.is_symlink() else folder
        if target.is_relative_to(self._resolved(within)):
            return True
        self.problems.append(
            Problem(
                f"this is a link to a place outside {self.shown(within)}/",
                Place(path=shown or self.shown(file)),
                hint="put the file itself here",
            )
        )
        return False

    def is_file(self, file: Path, *, shown: str = "") -> bool:
        """Return whether *file* is one; report a device or a pipe, which nobody may open."""
        if file.is_file():
            return True
        if is_pipe(file):
            self.problems.append(pipe_problem(Place(path=shown or self.shown(file))))
        return False

    def _resolved(self, folder: Path) -> Path:
        if folder not in self._folders:
            self._folders[folder] = folder.resolve()
        return self._folders[folder]

    def parse(
        self,
        file: str | Path,
        parse: Callable[..., T | None],
        *,
        shown: str = "",
        within: Path | None = None,
        **settings: Hashable,
    ) -> T | None:
        """
        Return `parse(text, shown=…, problems=…, **settings)` for the text of *file*.

        *file* is relative to the project; *shown* is how the user would type it. *within* is the
        folder that it belongs to, as in `holds`. The file's bytes and the other arguments decide
        the result: for the same ones it is parsed once. Returns None after reporting a file that
        cannot be read as text.
        """
        path = self.root / file
        shown = shown or self.shown(path)
        if not self.holds(path, within=within, shown=shown):
            return None
        data = _read_bytes(path, shown=shown, problems=self.problems)
        if data is None:
            return None

        def parse_text(errors: list[Problem]) -> T | None:
            text = _decoded(data, shown=shown, problems=errors)
            if text is None:
                return None
            return parse(text, shown=shown, problems=errors, **settings)

        key = (parse, shown, self.parsed.digest(data), *settings.values())
        return self.parsed.result(key, parse_text, problems=self.problems)


def as_written(text: str, *, shown: str, problems: list[Problem]) -> str:
    """Return *text* unchanged: for files that only later stages can check, such as templates."""
    return text


def packaged(path: str) -> Path:
    """Return a file or folder that comes with the program."""
    return PACKAGE / path


def _read_bytes(file: Path, *, shown: str, problems: list[Problem]) -> bytes | None:
    place = Place(path=shown)
    try:
        if is_pipe(file):
            problems.append(pipe_problem(place))
            return None
        data = file.read_bytes()
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        problems.append(Problem(f"the file cannot be read: {reason}", place))
        return None
    if len(data) <= MOST_BYTES:
        return data
    message = f"the file has {len(data):,} bytes; a text may have at most {MOST_BYTES:,}"
    problems.append(Problem(message, place, hint="is this really a text file?"))
    return None


def _decoded(data: bytes, *, shown: str, problems: list[Problem]) -> str | None:
    """Return the text with LF line ends and no byte order mark, or None after reporting why."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.append(_not_utf8(data, error.start, shown=shown))
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _REFUSED.search(data.translate(None, _PLAIN).decode()):
        problems.extend(_invisible(text, shown=shown))
    return text


def _not_utf8(data: bytes, start: int, *, shown: str) -> Problem:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        message = "the file is UTF-16, not UTF-8"
    else:
        message = f"the file is not UTF-8: byte {start + 1} is 0x{data[start]:02X}"
    at = Place(path=shown, line=data.count(b"\n", 0, start) + 1)
    return Problem(message, at, hint='save the file again with the encoding "UTF-8"')


def _invisible(text: str, *, shown: str) -> Iterable[Problem]:
    for match in _REFUSED.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        column = match.start() - text.rfind("\n", 0, match.start())
        yield Problem(
            f"the invisible character U+{ord(match.group()):04X} is not allowed",
            Place(path=shown, line=line, column=column),
            hint=f"delete character {column} of line {line}",
        )
