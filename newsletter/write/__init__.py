"""Artifacts → output/, in one step; the only package that writes files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from newsletter.model.artifact import Artifact
from newsletter.write.exchange import replace_files
from newsletter.write.folder import contents, discard, refuse_foreign, refuse_place
from newsletter.write.into import write_into
from newsletter.write.ledger import Ledger, Row, copy_key, write_ledger
from newsletter.write.lock import only_build, only_writer
from newsletter.write.manifest import MANIFEST, manifest_bytes
from newsletter.write.paths import path_claims
from newsletter.write.refusals import explained
from newsletter.write.single import add_lines, write_again, write_beside, write_new
from newsletter.write.staging import Staging, WriteReport, staged_tree
from newsletter.write.states import state_of
from newsletter.write.swap import new_name, old_name, put_back

__all__ = [
    "WriteReport",
    "add_lines",
    "only_writer",
    "replace_files",
    "write_again",
    "write_beside",
    "write_into",
    "write_new",
    "write_output",
]


def write_output(
    output: Path,
    artifacts: Iterable[Artifact],
    *,
    ledger: Ledger | None = None,
    searched: str = "",
) -> WriteReport:
    """
    Make the folder *output* hold exactly the artifacts, their manifest and the marker.

    A new tree is built beside the old one, with hard links for unchanged files, and replaces it in
    one step. So a build that fails or is killed leaves the previous output whole, and a build
    without changes writes nothing. Public files get mode 0644, private ones 0600 in folders of
    0700.
    Files that *ledger* holds with the artifact's key are neither made nor read. The output's new
    ledger replaces it on disk, with *searched*, the key of the values that the site was searched
    for.
    Raises NewsletterError if the folder is not ours, holds foreign files or is being written by
    another build; for colliding paths; and for errors of the disk.
    """
    output = Path(os.path.abspath(output))
    refuse_place(output)
    refuse_foreign(output)
    with explained(output):
        output.parent.mkdir(parents=True, exist_ok=True)
        with only_build(output):
            put_back(output)
            previous = contents(output)
            for leftover in (new_name(output), old_name(output)):
                refuse_foreign(leftover)
                discard(leftover)
            with staged_tree(output, previous) as tree:
                report, rows = _fill(tree, artifacts, ledger or Ledger(output=output))
            if ledger:
                write_ledger(ledger, rows, searched)
            return report


def _fill(
    tree: Staging, artifacts: Iterable[Artifact], ledger: Ledger
) -> tuple[WriteReport, dict[str, Row]]:
    """Put everything into the tree; return what changed, and the rows of the new ledger."""
    claim = path_claims()
    claim(MANIFEST)
    files, rows = {}, {}
    for artifact in artifacts:
        path, content, key = artifact.path, artifact.content, artifact.key
        claim(path)
        if isinstance(content, Path):
            key = copy_key(content)
        elif isinstance(content, bytes):
            key = key or hashlib.sha256(content).hexdigest()
        if ledger.holds(path, key) and tree.keep(path):
            files[path], state = ledger.entry(path), ledger.rows[path].state
        else:
            looked = state_of(tree.output / path)
            files[path] = tree.put(path, content)
            state = looked if path in tree.unchanged else None
        sha256 = str(files[path]["sha256"])
        rows[path] = Row(sha256=sha256, key=key, asked=artifact.asked, state=state)
    manifest = tree.put(MANIFEST, manifest_bytes(files))
    rows[MANIFEST] = Row(sha256=str(manifest["sha256"]))
    return tree.finish(), rows
