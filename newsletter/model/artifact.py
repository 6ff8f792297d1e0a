"""A file to be written, and the key of everything it is made from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

Question = tuple[str, str]
"""A linked content file and the language of the linking text; or a page and an empty text."""


@dataclass(frozen=True)
class Artifact:
    """One file below output/."""

    path: str
    """Relative to output/, forward slashes; begins with `site/` (public) or `private/`."""
    content: bytes | Path | Callable[[], Iterable[bytes]]
    """The bytes, a file to copy, or a function that yields the bytes in chunks (large files)."""
    key: str = ""
    """Hash of everything the content is made from; empty: compare the content itself."""
    asked: tuple[Question, ...] = ()
    """Lookups made for the content; their answers are part of the key."""
    pixels: bool = False
    """Whether it is a picture without metadata, in which nothing can be read."""

    @property
    def public(self) -> bool:
        """Whether the file is part of the public site."""
        return self.path.startswith("site/")


class Previous(Protocol):
    """The files that the previous build wrote."""

    def holds(self, path: str, key: str) -> bool:
        """Return whether the file still exists as made with this key."""

    def asked(self, path: str) -> tuple[Question, ...]:
        """Return the lookups made for the file."""


class NothingBefore:
    """The output before the first build."""

    def holds(self, path: str, key: str) -> bool:
        """Return False."""
        return False

    def asked(self, path: str) -> tuple[Question, ...]:
        """Return nothing."""
        return ()
