"""Zip archives with the same bytes for the same files: no time of writing is in them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_DAY = (1980, 1, 1, 0, 0, 0)
"""The first that a zip archive can hold."""


def zipped(files: Mapping[str, bytes | str], *, plain: str = "") -> bytes:
    """Return an archive of *files* in their order; *plain* is one that is not compressed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, _DAY)
            info.compress_type = zipfile.ZIP_STORED if name == plain else zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return buffer.getvalue()


def rezipped(archive: bytes) -> bytes:
    """Return an archive with its files as they are, but without their times."""
    with zipfile.ZipFile(io.BytesIO(archive)) as old:
        return zipped({name: old.read(name) for name in old.namelist()})
