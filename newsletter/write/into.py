"""Writes a few artifacts into output/ and leaves the other files of a build there."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from newsletter.interrupts import cleaned_up
from newsletter.model.artifact import Artifact
from newsletter.write.files import Content, Fingerprint, chunks_of, compared, sync_file, write_file
from newsletter.write.folder import (
    discard,
    file_mode,
    is_mode,
    listed,
    make_folders,
    make_ours,
    refuse_foreign,
    refuse_place,
)
from newsletter.write.lock import only_build
from newsletter.write.manifest import MANIFEST, Entries, manifest_bytes
from newsletter.write.paths import path_claims
from newsletter.write.refusals import explained
from newsletter.write.staging import WriteReport
from newsletter.write.swap import new_name, put_back, sync_folder


def write_into(output: Path, artifacts: Iterable[Artifact]) -> WriteReport:
    """
    Write the artifacts into the folder *output* and leave its other files unchanged.

    All are first made beside it, then moved into place one by one, whole. The manifest goes first,
    so that a killed run leaves no file that the next build would report as foreign. Makes the
    folder if there is none; raises the errors of write_output, except for foreign files, which
    stay.
    """
    output = Path(os.path.abspath(output))
    refuse_place(output)
    refuse_foreign(output)
    with explained(output):
        output.parent.mkdir(parents=True, exist_ok=True)
        with only_build(output):
            put_back(output)
            new = new_name(output)
            for folder in (output, new):
                refuse_foreign(folder)
            discard(new)
            with cleaned_up(partial(discard, new)):
                make_ours(new)
                paths = _stage(new, artifacts, before=listed(output))
                return _place(new, output, paths=paths)


def _stage(new: Path, artifacts: Iterable[Artifact], *, before: Entries) -> list[str]:
    """Write artifacts and manifest below *new*; return their paths, the manifest first."""
    claim_new = path_claims()
    files: Entries = {}
    for artifact in artifacts:
        claim_new(artifact.path)
        files[artifact.path] = _write(new, artifact.path, artifact.content)
    claim = path_claims()
    for path in [MANIFEST, *sorted(before.keys() | files.keys())]:
        claim(path)
    _write(new, MANIFEST, manifest_bytes(before | files))
    return [MANIFEST, *files]


def _write(folder: Path, path: str, content: Content) -> dict[str, object]:
    target = make_folders(folder, path)
    write_file(target, chunks_of(content), mode=file_mode(path))
    sync_file(target)
    return _entry(target)


def _entry(file: Path) -> dict[str, object]:
    fingerprint = Fingerprint()
    for _ in fingerprint.watch(chunks_of(file)):
        pass
    return {"sha256": fingerprint.sha256.hexdigest(), "size": fingerprint.size}


def _place(new: Path, output: Path, *, paths: list[str]) -> WriteReport:
    make_ours(output)
    changed = [path for path in paths if not _is_same(new / path, output / path, path=path)]
    for path in changed:
        target = make_folders(output, path)
        (new / path).replace(target)
        sync_folder(target.parent)
    return WriteReport(
        written=tuple(path for path in changed if path != MANIFEST),
        unchanged=tuple(path for path in paths if path not in changed),
        removed=(),
    )


def _is_same(new: Path, old: Path, *, path: str) -> bool:
    if not old.is_file() or not is_mode(old.stat().st_mode & 0o777, file_mode(path)):
        return False
    return compared(old, chunks_of(new))[1] is None
