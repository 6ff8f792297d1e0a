"""The ledger of output/: the sources of each file, and the file's state when written."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from newsletter.model.artifact import Artifact, Question
from newsletter.read.pipes import bytes_of
from newsletter.write.files import make_private, write_file
from newsletter.write.folder import (
    IGNORE_ALL,
    IGNORED,
    folder_mode,
    is_litter,
    is_mode,
    is_of_folder,
)
from newsletter.write.states import (
    State,
    is_folder,
    is_same_content,
    is_settled,
    sha256_of,
    state_of,
    states_in,
)

LOCK = "lock"
"""The file of the cache that a build holds while it writes the output."""
_FILE = "files.json"
_NEW = ".new"


@dataclass(frozen=True)
class Row:
    """A written file."""

    sha256: str
    key: str = ""
    asked: tuple[Question, ...] = ()
    state: State | None = None
    """Its state when last looked at; None if it is new."""


@dataclass(kw_only=True)
class Ledger:
    """
    The files of the previous build; implements model.artifact.Previous.

    A row counts as long as the state of its file is unchanged. In doubt the file is read and
    hashed. Each file is looked at once; `write_ledger` leaves out files that changed since.
    """

    output: Path
    version: str = ""
    """Of the program that wrote it; rows of another version do not count."""
    looked: int = 0
    """When the states were taken: nanoseconds of the clock that dates files."""
    searched: str = ""
    """Key of the customers' values that the site was searched for."""
    rows: Mapping[str, Row] = field(default_factory=dict)
    _standing: dict[str, bool] = field(default_factory=dict)

    def holds(self, path: str, key: str) -> bool:
        """Return whether the file exists unchanged as made from sources with this key."""
        row = self.rows.get(path)
        return bool(key) and row is not None and row.key == key and self.stands(path)

    def asked(self, path: str) -> tuple[Question, ...]:
        """Return the lookups made for the file."""
        row = self.rows.get(path)
        return row.asked if row else ()

    def stands(self, path: str) -> bool:
        """Return whether the file is as it was written."""
        if path not in self._standing:
            self._standing[path] = self._stands(path)
        return self._standing[path]

    def _stands(self, path: str) -> bool:
        row, file = self.rows[path], f"{self.output}/{path}"
        if row.state is None or state_of(file) != row.state:
            return False
        return is_settled(row.state, self.looked) or sha256_of(file) == row.sha256

    def stands_alone(self) -> bool:
        """Return whether all files are as they were written, and none was added."""
        root = f"{self.output}{os.sep}"
        for path, state in states_in([str(self.output)]).items():
            below = path.removeprefix(root).replace(os.sep, "/")
            if is_folder(state):
                right = below == str(self.output) or is_mode(state[1], folder_mode(f"{below}/"))
            else:
                right = below in self.rows or is_of_folder(below) or is_litter(below)
            if not right:
                return False
        return all(map(self.stands, self.rows))

    def unsearched(self, artifacts: Iterable[Artifact], searched: str) -> Iterator[Artifact]:
        """Yield the artifacts that were not yet searched for these values of customers."""
        for artifact in artifacts:
            if not self.holds(artifact.path, artifact.key):
                yield artifact
            elif self.searched != searched:
                yield replace(artifact, content=(self.output / artifact.path).read_bytes())

    def entry(self, path: str) -> dict[str, object]:
        """Return the manifest's entry of a file that is unchanged."""
        row = self.rows[path]
        return {"sha256": row.sha256, "size": row.state[0] if row.state else 0}


def cache_folder(output: Path) -> Path:
    """Return the folder of the cache, beside the output; the lock of the output is in it."""
    return output.with_name(f".{output.name}.cache")


def forget(output: Path) -> None:
    """Remove everything that builds reuse from earlier ones, except the output itself."""
    for path in cache_folder(output).glob("*"):
        if path.name != LOCK:  # another build may hold it
            with suppress(OSError):
                path.unlink()


def unfinished(output: Path) -> list[Path]:
    """Return the parts of cache files that killed builds left; a running build may write one."""
    return list(cache_folder(output).glob(f"*{_NEW}"))


def copy_key(file: Path) -> str:
    """Return the key of a file to copy; empty if it is so recent that it may change again."""
    state = state_of(file)
    return f"copy {file} {state}" if is_settled(state, time.time_ns()) else ""


def read_ledger(output: Path, *, version: str | None) -> Ledger:
    """
    Return the ledger of *output*; an empty one if there is none, or it is another program's.

    *version* is that of the program; None accepts any.
    """
    try:
        saved = json.loads(bytes_of(cache_folder(output) / _FILE))
        if version in (None, saved["version"]):
            rows = {path: _row(*row) for path, row in saved["files"].items()}
            looked, searched = int(saved["looked"]), str(saved["searched"])
            about = {"version": saved["version"], "looked": looked, "searched": searched}
            return Ledger(output=output, rows=rows, **about)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass  # deleted, damaged or of another version: everything is made again
    return Ledger(output=output, version=version or "")


def write_ledger(before: Ledger, rows: Mapping[str, Row], searched: str) -> None:
    """
    Write the ledger of the output as it is now. The caller holds the lock.

    Files that changed after their state was taken are left out.
    """
    looked = time.time_ns()
    states = {path: state_of(f"{before.output}/{path}") for path in rows}
    files = {
        path: [row.sha256, row.key, row.asked, states[path]]
        for path, row in rows.items()
        if row.state is None or is_same_content(row.state, states[path])
    }
    ledger = {"version": before.version, "looked": looked, "searched": searched, "files": files}
    write_cache(before.output, _FILE, json.dumps(ledger).encode())


def ensured_cache_folder(output: Path) -> Path:
    """
    Return the cache's folder, which is private and ignored by Git; make it if there is none.

    Raises:
        OSError: where it cannot be made.
    """
    folder = cache_folder(output)
    make_private(folder)
    if not (folder / IGNORED).is_file():
        write_file(folder / IGNORED, [IGNORE_ALL], mode=0o600)
    return folder


def write_cache(output: Path, name: str, content: bytes) -> None:
    """Write a file of the cache whole. A failure is no error: a cache may be missing."""
    with suppress(OSError):
        folder = ensured_cache_folder(output)
        new = folder / f"{name}.{os.getpid()}{_NEW}"
        try:
            new.unlink(missing_ok=True)
            write_file(new, [content], mode=0o600)
            new.replace(folder / name)
        finally:
            new.unlink(missing_ok=True)  # on a full disk, a part of it


def _row(
    sha256: str, key: str, asked: Iterable[Question], state: tuple[int, int, int, int]
) -> Row:
    size, changed, touched, inode = state
    questions = tuple((target, language) for target, language in asked)
    return Row(sha256, key, questions, (size, changed, touched, inode))
