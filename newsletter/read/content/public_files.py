"""Reads files as text, whatever their kind, so that they can be searched before publication."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

_MOST_BYTES = 200_000_000
"""Of what is packed in one file."""
_MOST_LAYERS = 3
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_STRINGS = re.compile(rb"(?:[\x20-\x7e]|[\xc2-\xf4][\x80-\xbf]{1,3}){6,}")
_LATIN = re.compile(rb"(?:[\xc0-\xff]?[\x20-\x7e]){8,}")
"""As the remarks in a PNG. Two letters with accents in a row are mostly none."""
_WIDE = re.compile(rb"(?:[\x20-\x7e\xa0-\xff]\x00){6,}")
_PACKED: tuple[tuple[bytes, Callable[[io.BytesIO], io.BufferedIOBase]], ...] = (
    (b"\x1f\x8b", lambda data: gzip.GzipFile(fileobj=data)),
    (b"BZh", bz2.BZ2File),
    (b"\xfd7zXZ", lzma.LZMAFile),
)
_CLOSED = {
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
}


class UnsearchableError(Exception):
    """The file cannot be read as text; the message says what it is."""


def lines_of(file: Path) -> list[str]:
    """Return the lines of a text."""
    try:
        return file.read_text("utf-8-sig", errors="replace").split("\n")
    except OSError:
        return []


def text_of(content: bytes | Path) -> str:
    """
    Return all text of a file: also of PDFs, of what is packed in it, and the strings in others.

    Raises:
        UnsearchableError: it is locked, damaged, or an archive of a kind that cannot be opened.
    """
    try:
        data = content.read_bytes() if isinstance(content, Path) else content
    except OSError as error:
        raise UnsearchableError((error.strerror or "unreadable").lower()) from error
    return _text(data, layers=0)


def _text(data: bytes, *, layers: int) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if data.startswith(b"%PDF"):
        return _of_pdf(data)
    if data.startswith(b"PK\x03\x04"):
        return "\n".join(_members(data, layers=layers))
    for start, unpacked in _PACKED:
        if data.startswith(start):
            return _text(_unpacked(unpacked, data), layers=_deeper(layers))
    if closed := next((kind for start, kind in _CLOSED.items() if data.startswith(start)), ""):
        raise UnsearchableError(closed)
    return _unencoded(data)


def _of_pdf(data: bytes) -> str:
    from newsletter.read.content.pdf_text import NOT_READ, pdf_text  # noqa: PLC0415 - takes 0.2 s

    try:
        return pdf_text(data)
    except NOT_READ as error:
        raise UnsearchableError("a PDF that is locked or damaged") from error


def _members(data: bytes, *, layers: int) -> Iterator[str]:
    """Yield the names and texts of the files in a zip, as .docx and .xlsx are."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > _MOST_BYTES:
                raise UnsearchableError("an archive of more than 200 MB")
            for member in archive.infolist():
                yield member.filename
                yield _text(archive.read(member), layers=_deeper(layers))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error, EOFError) as error:
        raise UnsearchableError("an archive that is locked or damaged") from error


def _unpacked(opened: Callable[[io.BytesIO], io.BufferedIOBase], data: bytes) -> bytes:
    try:
        with opened(io.BytesIO(data)) as file:
            content = file.read(_MOST_BYTES + 1)
    except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
        raise UnsearchableError("a damaged archive") from error
    if len(content) > _MOST_BYTES:
        raise UnsearchableError("an archive of more than 200 MB")
    return content


def _deeper(layers: int) -> int:
    if layers >= _MOST_LAYERS:
        raise UnsearchableError("archives in archives")
    return layers + 1


def _unencoded(data: bytes) -> str:
    """Return a text in UTF-16 or Windows' encoding, or the strings in a binary file."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if not _CONTROLS.search(data):
        return data.decode("cp1252", "replace")
    strings = [match.decode("utf-8", "replace") for match in _STRINGS.findall(data)]
    latin = [match.decode("cp1252") for match in _LATIN.findall(data) if not match.isascii()]
    wide = [match.decode("utf-16-le") for match in _WIDE.findall(data)]
    return "\n".join((*strings, *latin, *wide))
