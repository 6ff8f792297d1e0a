"""Explains in the user's words why a file cannot be written."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newsletter.errors import NewsletterError

_ROOM = "make room on the disk, then run the same command again"
_RIGHTS = "allow yourself to write there, or choose another folder"
_BUSY = "close the programs that use it; where it is a mounted disk, choose a folder on that disk"
_HINTS = {
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EFBIG: _ROOM,
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
    errno.EROFS: _RIGHTS,
    errno.EBUSY: _BUSY,
    errno.EXDEV: _BUSY,
    errno.EEXIST: "move away what is there, then run the same command again",
    errno.ENOTDIR: "a file is in the place of a folder: move it away, or choose another folder",
    errno.ENAMETOOLONG: "choose a folder with a shorter path",
}


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn an OSError into a NewsletterError that says what to do."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        number = error.errno or 0
        named = error.filename if number == errno.EEXIST else path
        raise NewsletterError.at(
            f"cannot write {named}: {reason[:1].lower()}{reason[1:]}; it is as it was before",
            hint=_HINTS.get(number, "this is the reason that the operating system gives"),
        ) from error
