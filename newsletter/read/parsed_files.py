"""What single files gave when they were read, so that reading again parses only what changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import TypeVar, cast

from newsletter.errors import Problem
from newsletter.read.text_files import decode_text, read_bytes

T = TypeVar("T")
Key = tuple[Hashable, ...]


class ParsedFiles:
    """
    Results of parsing, each under a key of all that decides it: path, content, settings.

    Pass the same object to `read_project` again and again. Results with errors are not
    remembered, because the hints of an error may name other files.
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
        Return what *parse* returns, or returned before under the same key.

        *parse* appends errors to the list that it is given; they are passed on to *problems*.
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

    def of_text(
        self,
        file: Path,
        parse: Callable[..., T | None],
        *,
        shown: str,
        problems: list[Problem],
        **settings: Hashable,
    ) -> T | None:
        """
        Return `parse(text, shown=…, problems=…, **settings)` for the text of *file*.

        None if the file cannot be read as text. The file's bytes and all arguments are the key.
        """
        data = read_bytes(file, shown=shown, problems=problems)
        if data is None:
            return None

        def parse_text(errors: list[Problem]) -> T | None:
            text = decode_text(data, shown=shown, problems=errors)
            if text is None:
                return None
            return parse(text, shown=shown, problems=errors, **settings)

        key = (parse, shown, self.digest(data), *settings.values())
        return self.result(key, parse_text, problems=problems)

    def digest(self, data: bytes) -> bytes:
        """Return what stands for *data* in a key."""
        return hashlib.blake2b(data, digest_size=16).digest() if self._remember else b""

    def forget_unused(self) -> None:
        """Forget every result that was not asked for since the last call."""
        self._results = {key: self._results[key] for key in self._used if key in self._results}
        self._used.clear()


READ_ONCE = ParsedFiles(remember=False)
"""For a process that reads a project once: nothing is hashed or remembered."""
