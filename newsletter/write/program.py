"""The running program: its own files, and the installed libraries."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

from newsletter.model.program_files import PACKAGE, THEMES
from newsletter.write.states import states_in


def program_version() -> str:
    """Return the SHA-256 of the program's own files and of its libraries' versions."""
    digest = hashlib.sha256("\n".join(installed()).encode())
    for path in sorted(states_in(program_folders())):
        if Path(path).is_file():
            digest.update(path.encode("utf-8", "surrogateescape") + b"\0")
            digest.update(Path(path).read_bytes())
    return digest.hexdigest()


def program_folders() -> list[str]:
    """Return the folders of the program's own files."""
    return [str(PACKAGE), str(THEMES)]


def installed() -> list[str]:
    """Return the version of Python, and the names with versions of the installed packages."""
    versions = [sys.version, sys.platform]
    for folder in sys.path:
        if os.path.isdir(folder):
            names = os.listdir(folder)
            versions += sorted(
                name for name in names if name.endswith((".dist-info", ".egg-info"))
            )
    return versions
