"""Long files, on Linux: written to the disk without a copy in the memory of the system."""

from __future__ import annotations

import errno
import mmap
import os
import sys
from collections.abc import Iterable
from contextlib import suppress

PAGE = 4096
"""A direct write begins at a multiple of it, and has a multiple of it as its length."""
_BLOCK = 1 << 22


def write_direct(handle: int, chunks: Iterable[bytes]) -> None:
    """
    Write the chunks to the end of an open file, whose size must be a multiple of PAGE.

    A new file of some gigabytes costs the system a tenth of the CPU time that way. Where direct
    writes are impossible, the file is written as usual.
    """
    block, used = memoryview(mmap.mmap(-1, _BLOCK)), 0  # a mapping begins at a page
    _set_direct(handle, True)
    for chunk in chunks:
        rest = memoryview(chunk)
        while rest:
            part = rest[: _BLOCK - used]
            block[used : used + len(part)] = part
            used, rest = used + len(part), rest[len(part) :]
            if used == _BLOCK:
                _write(handle, block)
                used = 0
    _set_direct(handle, False)  # the end is no whole page
    _write(handle, block[:used])


def _write(handle: int, data: memoryview) -> None:
    while data:
        try:
            data = data[os.write(handle, data) :]
        except OSError as error:
            if error.errno != errno.EINVAL or not _set_direct(handle, False):
                raise


if sys.platform == "linux":
    import fcntl

    def _set_direct(handle: int, direct: bool) -> bool:
        """Turn direct writes on, if there are any, or off; return whether they were on."""
        flags = fcntl.fcntl(handle, fcntl.F_GETFL)
        others = flags & ~os.O_DIRECT
        with suppress(OSError):
            fcntl.fcntl(handle, fcntl.F_SETFL, others | (os.O_DIRECT if direct else 0))
        return flags != others

else:

    def _set_direct(handle: int, direct: bool) -> bool:
        """Change nothing: this system has no such writes."""
        return False
