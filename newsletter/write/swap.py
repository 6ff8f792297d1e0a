"""Replaces a folder by a finished one in one step."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from newsletter.write.files import sync_file

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_NOT_THERE = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM)


def new_name(folder: Path) -> Path:
    """Return the path at which the next folder is built, on the same disk."""
    return folder.with_name(f".{folder.name}.new")


def old_name(folder: Path) -> Path:
    """Return the path of the previous folder during an exchange by two renames."""
    return folder.with_name(f".{folder.name}.old")


def put_in_place(new: Path, folder: Path) -> None:
    """
    Make *new* the *folder*; what was there before is at *new* or at old_name(folder) afterwards.

    One step on Linux (renameat2). Elsewhere two renames: after a crash between them,
    put_back(folder) makes the previous folder the current one again.
    """
    if not folder.exists():
        new.rename(folder)
    elif not _exchanged(new, folder):
        folder.rename(old_name(folder))
        try:
            new.rename(folder)
        except OSError:
            put_back(folder)
            raise
    sync_folder(folder.parent)


def put_back(folder: Path) -> None:
    """Undo a put_in_place that was killed between its two renames."""
    if old_name(folder).is_dir() and not folder.exists():
        old_name(folder).rename(folder)


def _exchanged(new: Path, folder: Path) -> bool:
    libc = _libc()
    if libc is None or not hasattr(libc, "renameat2"):
        return False
    paths = (_AT_FDCWD, os.fsencode(new), _AT_FDCWD, os.fsencode(folder))
    if libc.renameat2(*paths, _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _NOT_THERE:  # an old kernel, or a file system that cannot
        return False
    raise OSError(number, os.strerror(number), str(folder))


def sync_tree(folder: Path, files: Iterable[str]) -> None:
    """
    Bring a new tree to the disk: all its folders, and the *files* below it that are not links.

    Linux is asked once for the whole file system; one request for each file takes ten times as
    long. Elsewhere there is no such request.
    """
    if not _file_system_synced(folder):
        for path in files:
            sync_file(folder / path)
        for below, _, _ in os.walk(folder):
            sync_folder(Path(below))


def _file_system_synced(folder: Path) -> bool:
    """Bring everything on the file system of *folder* to the disk; return whether it is there."""
    libc = _libc()
    if libc is None or not hasattr(libc, "syncfs"):
        return False
    handle = os.open(folder, os.O_RDONLY)
    try:
        return bool(libc.syncfs(handle) == 0)
    finally:
        os.close(handle)


def _libc() -> ctypes.CDLL | None:
    """Return the library of Linux's system calls; None on other systems."""
    return ctypes.CDLL(None, use_errno=True) if sys.platform.startswith("linux") else None


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    with suppress(OSError):  # some systems cannot open a folder; the rename is done anyway
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
