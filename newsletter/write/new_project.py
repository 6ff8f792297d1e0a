"""Writes a new project into an empty folder, whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from newsletter.errors import NewsletterError
from newsletter.write.refusals import explained
from newsletter.write.single import write_new
from newsletter.write.swap import sync_folder

_BEGUN = ".newsletter-init"
"""The folder in a new project in which it is made; only a killed run leaves it."""
_BEFORE_CONTENT = (".gitignore", "README.md")


def refuse_filled(folder: Path) -> None:
    """Raise unless *folder* is missing or empty, or holds only what a killed run began."""
    names = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if names and not (_BEGUN in names and names <= {_BEGUN, *_BEFORE_CONTENT}):
        hint = "choose a new folder, or work in the project that is already there"
        raise NewsletterError.at(f"{folder} is not empty", hint=hint)


def write_project(folder: Path, files: Mapping[str, bytes], *, private: str) -> None:
    """
    Write the files of a project: path → bytes. Those below *private* only their owner can read.

    All are made in a folder inside, then moved out, `content` last: at any moment there is either
    a whole project, or a folder that a new run accepts.
    """
    there, begun = folder.is_dir(), folder / _BEGUN
    with explained(folder):
        if begun.is_dir():
            shutil.rmtree(begun)
        begun.mkdir(parents=True)
        try:
            for path in sorted(files):  # `.gitignore` is the first
                write_new(begun / path, files[path], private=path.startswith(private))
            for name in (*_BEFORE_CONTENT, "content"):
                (begun / name).replace(folder / name)
            sync_folder(folder)
        except BaseException:
            with suppress(OSError):  # what cannot be removed, a new run removes
                for name in _BEFORE_CONTENT:
                    (folder / name).unlink(missing_ok=True)
                shutil.rmtree(begun)
                if not there:
                    folder.rmdir()
            raise
        begun.rmdir()
