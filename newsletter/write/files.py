"""Single files: read in chunks, compared with the existing file, written, synced to disk."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path

from newsletter.write.long_files import PAGE, write_direct

Content = bytes | Path | Callable[[], Iterable[bytes]]
"""Content of an artifact: the bytes, a file to copy, or a function that yields chunks."""

_CHUNK = 1 << 20
_LONG = 1 << 24
"""Bytes after which a file is written directly."""


def chunks_of(content: Content) -> Iterator[bytes]:
    """Yield the bytes of an artifact."""
    if isinstance(content, bytes):
        yield content
    elif isinstance(content, Path):
        with content.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk
    else:
        yield from content()


class Fingerprint:
    """Hash and size of the chunks that passed through."""

    def __init__(self) -> None:
        self.sha256 = hashlib.sha256()
        self.size = 0

    def watch(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the chunks, counting them."""
        for chunk in chunks:
            self.sha256.update(chunk)
            self.size += len(chunk)
            yield chunk


def compared(existing: Path, chunks: Iterator[bytes]) -> tuple[int, Iterator[bytes] | None]:
    """Return how many bytes are equal, and the chunks after them; None if all are."""
    same = 0
    with existing.open("rb") as file:
        for chunk in chunks:
            if file.read(len(chunk)) != chunk:
                return same, chain([chunk], chunks)
            same += len(chunk)
        return same, iter(()) if file.read(1) else None


def head(existing: Path, size: int) -> Iterator[bytes]:
    """Yield the first bytes of a file."""
    if not size:
        return
    with existing.open("rb") as file:
        for start in range(0, size, _CHUNK):
            yield file.read(min(_CHUNK, size - start))


def make_private(folder: Path) -> None:
    """Make a folder that only its owner can read, if there is none, whatever the umask."""
    folder.mkdir(0o700, parents=True, exist_ok=True)


def write_file(path: Path, chunks: Iterable[bytes], *, mode: int) -> None:
    """Write a file that nobody else can read before it has its mode."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    size, rest = 0, iter(chunks)
    with os.fdopen(handle, "wb", buffering=_CHUNK) as file:
        for chunk in rest:
            size += len(chunk)
            over = size % PAGE
            if size < _LONG or len(chunk) < over:
                file.write(chunk)
                continue
            whole = memoryview(chunk)[: len(chunk) - over]
            file.write(whole)
            file.flush()
            write_direct(handle, chain([chunk[len(whole) :]], rest))
    path.chmod(mode)


def sync_file(path: Path) -> None:
    """Return once the file is on disk."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
