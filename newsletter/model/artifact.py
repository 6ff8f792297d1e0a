"""A file to be written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Artifact:
    """One file below output/."""

    path: str
    """Relative to output/, forward slashes; begins with `site/` (public) or `private/`."""
    content: bytes | Path | Callable[[], Iterable[bytes]]
    """The bytes, a file to copy, or a function that yields the bytes in chunks (large files)."""

    @property
    def public(self) -> bool:
        """Whether the file is part of the public site."""
        return self.path.startswith("site/")
