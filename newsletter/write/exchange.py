"""Replaces several files of a folder at once, by exchanging the folder with a finished copy."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from newsletter.write.files import write_file
from newsletter.write.refusals import explained
from newsletter.write.swap import new_name, old_name, put_back, put_in_place, sync_tree


def replace_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """
    Write *files* (path below *folder* → content) in one step: after a crash, all or none.

    Other files stay the same, by a hard link. Hold the lock of the folder.
    """
    folder = folder.resolve()
    with explained(folder):
        put_back(folder)
        for leftover in (new_name(folder), old_name(folder)):
            shutil.rmtree(leftover, ignore_errors=True)
        new = new_name(folder)
        _copy(folder, new, without=files)
        for path, content in files.items():
            target = new / path
            target.parent.mkdir(parents=True, exist_ok=True)
            before = folder / path
            mode = before.stat().st_mode & 0o777 if before.exists() else 0o600
            write_file(target, [content], mode=mode)
        sync_tree(new, files)
        put_in_place(new, folder)
        for previous in (new, old_name(folder)):
            shutil.rmtree(previous, ignore_errors=True)


def _copy(folder: Path, new: Path, *, without: Mapping[str, bytes]) -> None:
    """Build the folder again as *new*, with links to its files."""
    for where, folders, names in os.walk(folder):
        place = new / Path(where).relative_to(folder)
        place.mkdir(mode=Path(where).stat().st_mode & 0o777)
        for name in [*names, *(name for name in folders if (Path(where) / name).is_symlink())]:
            source = Path(where) / name
            path = source.relative_to(folder).as_posix()
            if path not in without:
                _link(source, place / name)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:  # a file system without links
        shutil.copy2(source, target, follow_symlinks=False)
