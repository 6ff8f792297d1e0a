"""Artifacts → output/, in one step; the only module that writes files."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from newsletter.check.paths import path_claims
from newsletter.errors import NewsletterError
from newsletter.model.artifact import Artifact
from newsletter.output_folder import (
    MANIFEST,
    MARKER,
    MARKER_TEXT,
    Contents,
    contents,
    discard,
    file_mode,
    folder_mode,
    is_mode,
    refuse_foreign,
    refuse_place,
)
from newsletter.swap import new_name, old_name, only_build, put_back, put_in_place, sync_folder
from newsletter.write_error import explained

_CHUNK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class WriteReport:
    """What a build changed: paths below output/, in the order of the artifacts."""

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]


def write_output(output: Path, artifacts: Iterable[Artifact]) -> WriteReport:
    """
    Make the folder *output* hold exactly the artifacts, their manifest and the marker.

    A new tree grows beside the old one, where files that did not change are hard links, and takes
    its place in one step at the end: a build that fails or is killed leaves the previous output
    whole, and one that changes nothing writes nothing. Public files get mode 0644, private ones
    0600 in folders of 0700. Raises NewsletterError when the folder is not ours, holds foreign
    files or is being written by another build, for colliding paths, and when the disk refuses.
    """
    output = Path(os.path.abspath(output))  # noqa: PTH100 - resolve() would follow a symlink
    refuse_place(output)
    with explained(output):
        output.parent.mkdir(parents=True, exist_ok=True)
        with only_build(output.parent):
            put_back(output)
            previous = contents(output)
            for leftover in (new_name(output), old_name(output)):
                refuse_foreign(leftover)
                discard(leftover)
            with _staging(output, previous) as staging:
                return _write(staging, artifacts)


def write_new(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write a file of the user's project whole or not at all; it must not exist yet."""
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f".{path.name}.new")
        new.unlink(missing_ok=True)
        try:
            _write_file(new, [content], mode=0o600 if private else 0o644)
            _sync_file(new)
            _move_new(new, path)
        finally:
            new.unlink(missing_ok=True)


def _move_new(new: Path, path: Path) -> None:
    """Give the file its name; a link, unlike a rename, never replaces another file."""
    try:
        os.link(new, path)
    except OSError:
        if path.exists() or path.is_symlink():
            hint = "remove it, or choose another name"
            raise NewsletterError.at(f"{path} exists already", hint=hint) from None
        new.rename(path)  # a file system without links


def _write(staging: _Staging, artifacts: Iterable[Artifact]) -> WriteReport:
    claim = path_claims()
    claim(MANIFEST)
    files = {}
    for artifact in artifacts:
        claim(artifact.path)
        files[artifact.path] = staging.put(artifact.path, _chunks(artifact.content))
    manifest = json.dumps({"files": files}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    staging.put(MANIFEST, iter([manifest.encode()]))
    return staging.finish()


def _chunks(content: bytes | Path | Callable[[], Iterable[bytes]]) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
    elif isinstance(content, Path):
        with content.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk
    else:
        yield from content()


class _Staging:
    """The tree that grows beside *output*; it is not begun before something differs."""

    def __init__(self, output: Path, previous: Contents) -> None:
        self.output = output
        self.previous = previous
        self.folder = new_name(output)
        self.begun = False
        self.kept: list[str] = []
        self.written: list[str] = []

    def put(self, path: str, chunks: Iterator[bytes]) -> dict[str, object]:
        """Keep the file as it is, or write it anew; return its hash and size."""
        fingerprint = _Fingerprint()
        chunks = fingerprint.watch(chunks)
        mode = self.previous.files.get(path)
        same, rest = _compared(self.output / path, chunks) if mode is not None else (0, chunks)
        if rest is None and is_mode(mode, file_mode(path)):
            self.kept.append(path)
            if self.begun:
                self._link(path)
        else:
            self._begin()
            before = _head(self.output / path, same) if same else ()
            _write_file(self._target(path), chain(before, rest or ()), mode=file_mode(path))
            self.written.append(path)
        return {"sha256": fingerprint.sha256.hexdigest(), "size": fingerprint.size}

    def finish(self) -> WriteReport:
        """Bring the tree to the disk and put it in place, if anything differs."""
        removed = sorted(self.previous.files.keys() - set(self.kept) - set(self.written))
        folders = self.previous.folders.items()
        if removed or not all(is_mode(mode, folder_mode(path)) for path, mode in folders):
            self._begin()
        if self.begun:
            for path in self.written:
                _sync_file(self.folder / path)
            for folder, _, _ in os.walk(self.folder):
                sync_folder(Path(folder))
            put_in_place(self.folder, self.output)
        return WriteReport(
            written=tuple(self.written), unchanged=tuple(self.kept), removed=tuple(removed)
        )

    def _begin(self) -> None:
        if self.begun:
            return
        self.begun = True
        self.folder.mkdir()
        _write_file(self.folder / MARKER, [MARKER_TEXT], mode=0o644)
        self.folder.chmod(0o755)
        for path in self.kept:
            self._link(path)

    def _link(self, path: str) -> None:
        target = self._target(path)
        try:
            os.link(self.output / path, target)
        except OSError:  # no links on this file system, or too many of them
            shutil.copy2(self.output / path, target)

    def _target(self, path: str) -> Path:
        """Make the folders of a file and return where it is to be written."""
        folder = self.folder
        for part in path.split("/")[:-1]:
            folder /= part
            if not folder.is_dir():
                folder.mkdir(0o700)
                folder.chmod(folder_mode(path))
        return self.folder / path


@contextmanager
def _staging(output: Path, previous: Contents) -> Iterator[_Staging]:
    """Give a tree to fill, and remove afterwards what is left beside *output*, come what may."""
    staging = _Staging(output, previous)
    try:
        yield staging
    finally:
        with suppress(OSError):  # the next build sweeps what this one cannot
            discard(staging.folder)
            if output.exists():  # else what is there is the only whole output
                discard(old_name(output))


class _Fingerprint:
    """Hash and size of the chunks that passed by."""

    def __init__(self) -> None:
        self.sha256 = hashlib.sha256()
        self.size = 0

    def watch(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self.sha256.update(chunk)
            self.size += len(chunk)
            yield chunk


def _compared(existing: Path, chunks: Iterator[bytes]) -> tuple[int, Iterator[bytes] | None]:
    """Return how many bytes are the same, and the chunks from there on; None if all are."""
    same = 0
    with existing.open("rb") as file:
        for chunk in chunks:
            if file.read(len(chunk)) != chunk:
                return same, chain([chunk], chunks)
            same += len(chunk)
        return same, iter(()) if file.read(1) else None


def _head(existing: Path, size: int) -> Iterator[bytes]:
    with existing.open("rb") as file:
        for start in range(0, size, _CHUNK):
            yield file.read(min(_CHUNK, size - start))


def _write_file(path: Path, chunks: Iterable[bytes], *, mode: int) -> None:
    """Write a file that nobody else may read before it has its mode."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for chunk in chunks:
            file.write(chunk)
    path.chmod(mode)


def _sync_file(path: Path) -> None:
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
