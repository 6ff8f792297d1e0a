"""Locks, so that only one program writes to a folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newsletter.errors import NewsletterError
from newsletter.write.files import make_private
from newsletter.write.ledger import LOCK, ensured_cache_folder, unfinished
from newsletter.write.refusals import explained
from newsletter.write.single import sweep

_LOCK = ".newsletter.lock"


@contextmanager
def only_build(output: Path) -> Iterator[None]:
    """
    Hold the lock file of *output*, so that two builds cannot mix. Removes what killed ones left.

    The system releases the lock when the process ends, however it ends; the file stays in the
    cache, because removing it would let a third build lock another file of the same name.
    """
    lock = os.open(ensured_cache_folder(output) / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            lock_now(lock)
        except (BlockingIOError, PermissionError) as error:
            raise NewsletterError.at(
                f"another build is writing {output}",
                hint="wait until it has ended, then build again",
            ) from error
        for left in unfinished(output):  # another build that still writes one does without it
            left.unlink(missing_ok=True)
        yield
    finally:
        os.close(lock)


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """
    Hold the lock file of *folder*; wait for another writer, who needs it only for a moment.

    Hold it also while reading a table to which rows are then added. A process holds it once.
    """
    with explained(folder):
        make_private(folder)
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with explained(folder):
            _lock(lock, wait=True)
            sweep(folder)
        yield
    finally:
        os.close(lock)


def lock_now(handle: int) -> None:
    """Lock an open file; raises BlockingIOError or PermissionError if another process has it."""
    _lock(handle, wait=False)


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int, *, wait: bool) -> None:
        msvcrt.locking(handle, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(handle: int, *, wait: bool) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
