"""Builds the new tree beside output/ from unchanged and new files, then exchanges the two."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from newsletter.interrupts import cleaned_up
from newsletter.write.files import (
    Content,
    Fingerprint,
    chunks_of,
    compared,
    head,
    write_file,
)
from newsletter.write.folder import (
    Contents,
    discard,
    file_mode,
    folder_mode,
    is_ignored,
    is_mode,
    make_folders,
    make_ours,
)
from newsletter.write.swap import new_name, old_name, put_in_place, sync_tree


@dataclass(frozen=True, kw_only=True)
class WriteReport:
    """What a build changed: paths below output/, in the order of the artifacts."""

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]


@contextmanager
def staged_tree(output: Path, previous: Contents) -> Iterator[Staging]:
    """Yield a tree to fill; afterwards remove leftovers beside *output*, whatever happens."""
    tree = Staging(output, previous)

    def clean() -> None:
        discard(tree.folder)
        if output.exists():  # otherwise what is beside it may be the only whole output
            discard(old_name(output))

    with cleaned_up(clean):  # the next build removes what this one cannot
        yield tree


class Staging:
    """The tree built beside *output*, from the first difference on."""

    def __init__(self, output: Path, previous: Contents) -> None:
        self.output = output
        self.previous = previous
        self.folder = new_name(output)
        self.begun = False
        self.unchanged: dict[str, None] = {}  # a set in order
        self.written: list[str] = []

    def keep(self, path: str) -> bool:
        """Keep the file if it has its mode; return whether it is kept."""
        mode = self.previous.files.get(path)
        if mode is None or not is_mode(mode, file_mode(path)):
            return False
        self.unchanged[path] = None
        if self.begun:
            self._link(path)
        return True

    def put(self, path: str, content: Content) -> dict[str, object]:
        """Keep the file as it is, or write it anew; return its hash and size."""
        fingerprint = Fingerprint()
        chunks = fingerprint.watch(chunks_of(content))
        mode = self.previous.files.get(path)
        same, rest = compared(self.output / path, chunks) if mode is not None else (0, chunks)
        if rest is not None or not self.keep(path):
            self._begin()
            whole = chain(head(self.output / path, same), rest or ())
            write_file(make_folders(self.folder, path), whole, mode=file_mode(path))
            self.written.append(path)
        return {"sha256": fingerprint.sha256.hexdigest(), "size": fingerprint.size}

    def finish(self) -> WriteReport:
        """Sync the tree to disk and put it in place, if anything differs."""
        removed = sorted(self.previous.files.keys() - self.unchanged.keys() - set(self.written))
        folders = self.previous.folders.items()
        modes = all(is_mode(mode, folder_mode(path)) for path, mode in folders)
        if removed or not modes or not is_ignored(self.output):
            self._begin()
        if self.begun:
            sync_tree(self.folder, self.written)
            put_in_place(self.folder, self.output)
        return WriteReport(
            written=tuple(self.written), unchanged=tuple(self.unchanged), removed=tuple(removed)
        )

    def _begin(self) -> None:
        if self.begun:
            return
        self.begun = True
        make_ours(self.folder)
        for path in self.unchanged:
            self._link(path)

    def _link(self, path: str) -> None:
        target = make_folders(self.folder, path)
        try:
            os.link(self.output / path, target)
        except OSError:  # no links on this file system, or too many of them
            shutil.copy2(self.output / path, target)
