"""Artifacts → output/, in one step; the only package that writes files."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from newsletter.check.paths import path_claims
from newsletter.errors import NewsletterError
from newsletter.model.artifact import Artifact
from newsletter.write.explain import explained
from newsletter.write.files import sync_file, write_file
from newsletter.write.folder import MANIFEST, contents, discard, refuse_foreign, refuse_place
from newsletter.write.staging import Staging, WriteReport, staging
from newsletter.write.swap import new_name, old_name, only_build, put_back

__all__ = ["WriteReport", "write_new", "write_output"]


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
            with staging(output, previous) as tree:
                return _fill(tree, artifacts)


def write_new(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write a file of the user's project whole or not at all; it must not exist yet."""
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f".{path.name}.new")
        new.unlink(missing_ok=True)
        try:
            write_file(new, [content], mode=0o600 if private else 0o644)
            sync_file(new)
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


def _fill(tree: Staging, artifacts: Iterable[Artifact]) -> WriteReport:
    claim = path_claims()
    claim(MANIFEST)
    files = {}
    for artifact in artifacts:
        claim(artifact.path)
        files[artifact.path] = tree.put(artifact.path, artifact.content)
    manifest = json.dumps({"files": files}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    tree.put(MANIFEST, manifest.encode())
    return tree.finish()
