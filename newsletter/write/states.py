"""The state of files on disk: enough to tell without reading them that they are unchanged."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

State = tuple[int, int, int, int]
"""Size, time of the last change of content and of anything (ns), inode."""

_DOUBT = 2_500_000_000
"""Nanoseconds: the coarsest clock of a file system (FAT: 2 s) cannot tell two changes apart."""
_NOT_THERE: State = (-1, 0, 0, 0)
_FOLDER = -2  # in the place of the size; its rights follow


def state_of(path: str | Path) -> State:
    """Return the state of a file; of a folder only its mode, as its content is checked itself."""
    try:
        status = os.stat(path)
    except OSError:
        return _NOT_THERE
    if stat.S_ISDIR(status.st_mode):
        return (_FOLDER, stat.S_IMODE(status.st_mode), 0, 0)
    return (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def states_in(folders: Iterable[str]) -> dict[str, State]:
    """Return path → state of all files and folders in the folders, and of these themselves."""
    seen: set[tuple[int, int]] = set()
    states = {}
    for folder in folders:
        states[folder] = state_of(folder)
        for path in _paths(folder, seen):
            states[path] = state_of(path)
    return states


def is_folder(state: State) -> bool:
    """Return whether the state is that of a folder."""
    return state[0] == _FOLDER


def is_same_content(before: State, now: State) -> bool:
    """Return whether at most the names and the location of a file changed."""
    return before[:2] == now[:2]


def is_settled(state: State, looked: int) -> bool:
    """
    Return whether an equal state means equal content, given that it was taken at *looked* (ns).

    A file written just before may be written again in the same tick of the clock.
    """
    return state[1] < looked - _DOUBT


def sha256_of(path: str | Path) -> str:
    """Return the SHA-256 of a file; empty if it cannot be read, or is a pipe without end."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return ""
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _paths(folder: str, seen: set[tuple[int, int]]) -> Iterator[str]:
    """Yield everything below a folder, through links, each folder once; no compiled Python."""
    for root, folders, files in os.walk(folder, followlinks=True):
        status = os.stat(root)
        if (status.st_dev, status.st_ino) in seen:
            folders.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        yield from (os.path.join(root, name) for name in (*folders, *sorted(files)))
