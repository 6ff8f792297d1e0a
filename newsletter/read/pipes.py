"""Tells devices and pipes from files: whoever opens one may wait without end."""

from __future__ import annotations

import errno
import stat
from pathlib import Path

from newsletter.errors import Place, Problem

_PIPE = "this is a device or a pipe, and no file"
_HINT = "put a file in its place"


def is_pipe(path: Path) -> bool:
    """Return whether there is something at *path* that is neither a file nor a folder."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def pipe_problem(at: Place, *, hint: str = _HINT) -> Problem:
    """Return the problem of a device or pipe at a place where a file should be."""
    return Problem(_PIPE, at, hint=hint)


def bytes_of(file: Path) -> bytes:
    """
    Return the content of a file.

    Raises:
        OSError: it cannot be read, or is a device or a pipe.
    """
    if is_pipe(file):
        raise OSError(errno.EINVAL, f"{_PIPE}; {_HINT}", str(file))
    return file.read_bytes()
