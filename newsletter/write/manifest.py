"""The manifest of output/: the files that newsletter wrote, so that no others are replaced."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from newsletter.read.pipes import bytes_of

MANIFEST = "private/manifest.json"
"""Path, SHA-256 and size of every other file of output/."""

Entries = dict[str, dict[str, object]]


def read_manifest(output: Path) -> Entries | None:
    """Return path → hash and size of the written files; None without a manifest to be read."""
    try:
        files = json.loads(bytes_of(output / MANIFEST))["files"]
        return dict(files)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def manifest_bytes(files: Mapping[str, dict[str, object]]) -> bytes:
    """Return the manifest of these files, always in the same order."""
    text = json.dumps({"files": files}, indent=1, sort_keys=True, ensure_ascii=False)
    return f"{text}\n".encode()
