"""A file to which lines are added, each on the disk before anything else happens."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newsletter.errors import NewsletterError
from newsletter.read.pipes import bytes_of
from newsletter.write.files import make_private
from newsletter.write.folder import ignore_all
from newsletter.write.lock import lock_now
from newsletter.write.refusals import explained
from newsletter.write.swap import sync_folder


class Journal:
    """A private file that one process holds; a line that was cut short by a kill is taken away."""

    def __init__(self, handle: int, path: Path) -> None:
        self._handle, self._path = handle, path
        whole, newline, _ = self._read().rpartition(b"\n")
        os.ftruncate(handle, len(whole) + len(newline))
        os.lseek(handle, 0, os.SEEK_END)

    def lines(self) -> list[str]:
        """Return the lines that are on the disk."""
        return self._read().decode("utf-8", "replace").splitlines()

    def add(self, line: str) -> None:
        """Add a line; return once it is on the disk."""
        with explained(self._path):
            data = memoryview(f"{line}\n".encode())
            while data:
                data = data[os.write(self._handle, data) :]
            os.fsync(self._handle)

    def _read(self) -> bytes:
        return bytes_of(self._path)


def lines_of(path: Path) -> list[str]:
    """Return the lines of a journal, whoever holds it; nothing if there is none."""
    return bytes_of(path).decode("utf-8", "replace").splitlines() if path.exists() else []


@contextmanager
def open_journal(path: Path, *, busy: str) -> Iterator[Journal]:
    """
    Open or begin a journal in a folder of its kind, which Git ignores.

    Raises NewsletterError, saying *busy*, if another process holds it.
    """
    with explained(path):
        make_private(path.parent)
        ignore_all(path.parent)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            lock_now(handle)
        except (BlockingIOError, PermissionError) as error:
            hint = "wait until it has ended; it will have done what this would do"
            raise NewsletterError.at(busy, hint=hint) from error
        sync_folder(path.parent)
        yield Journal(handle, path)
    finally:
        os.close(handle)
