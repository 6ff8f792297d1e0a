"""The folders that may be written to (ours and empty ones), and their content."""

from __future__ import annotations

import os
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from newsletter.errors import NewsletterError, Problem
from newsletter.model.command_line import quoted
from newsletter.write.files import write_file
from newsletter.write.manifest import MANIFEST, Entries, read_manifest

MARKER = ".newsletter-output"
"""The file that says that a folder is ours, and all in it may be replaced."""
IGNORED = ".gitignore"
"""The file that keeps a folder out of Git, wherever it lies."""
IGNORE_ALL = b"*\n"
_MARKER_TEXT = b"newsletter made this folder and replaces everything in it.\n"

_ELSEWHERE = "choose another folder with --output: a build replaces everything in it"
# Files that file managers and office programs leave in any folder that they open.
_LITTER = re.compile(r"\.DS_Store|\.directory|Thumbs\.db|desktop\.ini|\.~lock\..*#|~\$.*", re.I)
_MOST_NAMED = 10


@dataclass(frozen=True)
class Contents:
    """The content of output/: paths and their modes."""

    files: dict[str, int] = field(default_factory=dict)
    folders: dict[str, int] = field(default_factory=dict)


def refuse_place(output: Path) -> None:
    """Raise for the home folder, a whole disk and a link: none can be replaced in one step."""
    with suppress(RuntimeError):  # the home folder is unknown
        if output == Path.home():
            raise NewsletterError.at(f"{output} is your home folder", hint=_ELSEWHERE)
    if output.parent == output:
        raise NewsletterError.at(f"{output} is the whole disk", hint=_ELSEWHERE)
    if os.path.ismount(output):
        hint = f"choose a folder on that disk: --output {quoted(str(output / 'newsletter'))}"
        raise NewsletterError.at(f"{output} is where a disk is mounted", hint=hint)
    if output.is_symlink():
        raise NewsletterError.at(f"{output} is a link to another folder", hint=_ELSEWHERE)


def refuse_foreign(folder: Path) -> None:
    """Raise unless the folder is missing, empty or marked as ours."""
    if not folder.exists() or (folder / MARKER).is_file():
        return
    if not folder.is_dir() or any(not is_litter(path.name) for path in folder.iterdir()):
        raise NewsletterError.at(f"{folder} was not made by newsletter", hint=_ELSEWHERE)


def contents(output: Path) -> Contents:
    """Return the content of *output*; raise if a foreign file there would be lost."""
    refuse_foreign(output)
    there, foreign = Contents(), []
    ours = {*listed(output), MANIFEST}
    for path, status in _below(output):
        if stat.S_ISDIR(status.st_mode):
            there.folders[path] = stat.S_IMODE(status.st_mode)
        elif stat.S_ISREG(status.st_mode) and path in ours:
            there.files[path] = stat.S_IMODE(status.st_mode)
        elif not is_of_folder(path) and not is_litter(path):
            foreign.append(output / path)
    if foreign:
        raise NewsletterError(*map(_foreign_problem, sorted(foreign)[:_MOST_NAMED]))
    return there


def listed(output: Path) -> Entries:
    """
    Return the files that newsletter wrote, according to the manifest.

    Raises:
        NewsletterError: if there are files, but no manifest tells whose they are.
    """
    files = read_manifest(output)
    if files is not None:
        return files
    for path, status in _below(output):
        if not (stat.S_ISDIR(status.st_mode) or is_of_folder(path) or is_litter(path)):
            raise NewsletterError.at(
                f"{output / MANIFEST}, which tells our files from yours, is missing or damaged",
                hint=f"move files of yours out of {output}, remove it, then build again",
            )
    return {}


def _below(root: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Yield the path below *root* and status of each file and folder; links are not followed."""
    for folder, folders, files in os.walk(root):
        below = Path(folder).relative_to(root).as_posix()
        for name in (*folders, *files):
            path = name if below == "." else f"{below}/{name}"
            yield path, os.lstat(f"{folder}/{name}")


def make_ours(folder: Path) -> None:
    """
    Make a folder of ours. Its first file marks it, the second keeps it out of Git.

    Nothing private is in it before, so a killed build leaves nothing that `git add` takes.
    """
    if not folder.is_dir():
        folder.mkdir()
        folder.chmod(0o755)
    if not (folder / MARKER).is_file():
        write_file(folder / MARKER, [_MARKER_TEXT], mode=0o644)
    ignore_all(folder)


def ignore_all(folder: Path) -> None:
    """Keep a folder out of Git, wherever it lies."""
    if not (folder / IGNORED).is_file():
        write_file(folder / IGNORED, [IGNORE_ALL], mode=0o644)


def is_ignored(folder: Path) -> bool:
    """Return whether the folder is kept out of Git, or there is none."""
    return (folder / IGNORED).is_file() or not folder.exists()


def discard(folder: Path) -> None:
    """
    Remove a folder of ours, its marker last, so that a killed removal can be continued.

    The file that keeps it out of Git goes after everything private.
    """
    if folder.is_dir():
        for child in folder.iterdir():
            if child.is_dir() and not child.is_symlink():
                shutil.rmtree(child)
            elif not is_of_folder(child.name):
                child.unlink()
        (folder / IGNORED).unlink(missing_ok=True)
        shutil.rmtree(folder)


def file_mode(path: str) -> int:
    """Return the mode of a file: everybody may read the site, but nobody else private files."""
    return 0o644 if path.startswith("site/") else 0o600


def folder_mode(path: str) -> int:
    """Return the mode of the folders above a file, or of a folder."""
    return 0o755 if path.partition("/")[0] == "site" else 0o700


def make_folders(root: Path, path: str) -> Path:
    """Make the folders below *root* for a file and return the file's path."""
    above = path.rpartition("/")[0]
    folder = f"{root}/{above}"
    if above and not os.path.isdir(folder):
        make_folders(root, above)
        os.mkdir(folder, 0o700)
        os.chmod(folder, folder_mode(path))
    return Path(f"{root}/{path}")


def is_of_folder(path: str) -> bool:
    """Return whether the file says something about the folder, and is no part of the output."""
    return path in (MARKER, IGNORED)


def is_litter(path: str) -> bool:
    """Return whether a file manager or an office program left the file."""
    return _LITTER.fullmatch(path.rpartition("/")[2]) is not None


def is_mode(mode: int | None, wanted: int) -> bool:
    """Return whether the modes are equal; on Windows, which has none, they always are."""
    return mode == wanted or os.name == "nt"


def _foreign_problem(file: Path) -> Problem:
    hint = "move it elsewhere: a build replaces everything in that folder"
    return Problem(message=f"{file} was not written by newsletter", hint=hint)
