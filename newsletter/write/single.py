"""Single files of the user's project: new ones, and lines added to an existing one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

from newsletter.errors import NewsletterError
from newsletter.write.files import make_private, sync_file, write_file
from newsletter.write.refusals import explained
from newsletter.write.swap import sync_folder

_NEW = ".new"


def write_new(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write a file of the user's project whole or not at all; it must not exist yet."""
    with explained(path):
        if private:
            make_private(path.parent)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
        new = _beside(path)
        new.unlink(missing_ok=True)
        try:
            write_file(new, [content], mode=0o600 if private else 0o644)
            sync_file(new)
            _move_new(new, path)
        finally:
            new.unlink(missing_ok=True)
        sync_folder(path.parent)


def write_beside(folder: Path, name: str, content: bytes) -> Path:
    """
    Write a private CSV file called *name*, or `name-2`, `name-3` … if that is taken.

    The caller holds the lock of the folder, or of one above it.
    """
    path = next(path for path in _names(folder, name) if not os.path.lexists(path))
    write_new(path, content, private=True)
    return path


def add_lines(folder: Path, name: str, *, header: bytes, lines: bytes) -> Path:
    """
    Add lines to the CSV file *name* that begins with exactly that header, or begin one.

    A file of that name with another beginning, because another program saved it, is left alone;
    the lines then go to `name-2`. At every moment the file is either as before or complete.
    Lines with which it ends already are not added again: a run that was killed is repeated.
    """
    path = next(path for path in _names(folder, name) if _continues(path, header))
    if not path.exists():
        write_new(path, header + lines, private=True)
        return path
    with explained(path):
        old = path.read_bytes()
    if not old.endswith(b"\n" + lines):
        gap = b"" if old.endswith(b"\n") else b"\n"
        _write_over(path, [old, gap, lines], mode=0o600)
    return path


def write_again(path: Path, content: bytes) -> None:
    """Write an existing file of the user's project anew; it stays where a link leads."""
    with explained(path):
        path = path.resolve()
        mode = path.stat().st_mode & 0o777
    _write_over(path, [content], mode=mode)


def _write_over(path: Path, chunks: Iterable[bytes], *, mode: int) -> None:
    """Write a file anew; at every moment it is either as before or complete."""
    with explained(path):
        new = _beside(path)
        new.unlink(missing_ok=True)
        try:
            write_file(new, chunks, mode=mode)
            sync_file(new)
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)
        sync_folder(path.parent)


def sweep(folder: Path) -> None:
    """Remove leftovers of a killed run in the folders of *folder*, whose lock is held."""
    for left in folder.glob(f"*/.*.csv{_NEW}"):
        left.unlink()


def _names(folder: Path, name: str) -> Iterator[Path]:
    """Yield the possible names of a file."""
    yield folder / f"{name}.csv"
    yield from (folder / f"{name}-{number}.csv" for number in count(2))


def _continues(path: Path, header: bytes) -> bool:
    if not os.path.lexists(path):
        return True
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(header)) == header


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}{_NEW}")


def _move_new(new: Path, path: Path) -> None:
    """Give the file its name; a link, unlike a rename, never replaces another file."""
    try:
        os.link(new, path)
    except OSError:
        if path.exists() or path.is_symlink():
            hint = "remove it, or choose another name"
            raise NewsletterError.at(f"{path} exists already", hint=hint) from None
        new.rename(path)  # a file system without links
