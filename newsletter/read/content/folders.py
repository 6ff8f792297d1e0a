"""Lists the files of content/, and reports those that nothing will read."""

from __future__ import annotations

import difflib
import posixpath
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from newsletter.errors import Place, Problem, did_you_mean
from newsletter.model.entry import KINDS
from newsletter.model.picture import ENDINGS
from newsletter.read.content.picture_files import unseen
from newsletter.read.project_files import ProjectFiles

FOLDERS = (*KINDS, "issues", "practices")
PICTURES = tuple(sorted(ending for endings in ENDINGS.values() for ending in endings))
_ELSEWHERE = ("customers", "images")
_ALMOST = (".md", ".markdown", ".mdown", ".mkd", ".txt")
"""Endings, in any case, of files that were meant to be Markdown."""


@dataclass(frozen=True)
class Content:
    """The files of a project's content/."""

    pages: Mapping[str, Mapping[str, Path]]
    """Folder → its Markdown files by path in the project, sorted by name."""
    images: Mapping[str, Path]
    """Path below content/ → picture."""


def find_content(files: ProjectFiles) -> Content:
    """
    Return the content files of a project.

    Skips names that begin with `.` or `_` (drafts, editors' folders). Reports Markdown in an
    unknown folder or deeper than one level, and links that lead out of content/.
    """
    content = files.root / "content"
    pages: dict[str, dict[str, Path]] = {}
    for path in _visible(content):
        if path.is_dir() and path.name in FOLDERS:
            if files.holds(path):
                pages[path.name] = _pages(path, files)
        elif path.is_dir() and path.name not in _ELSEWHERE:
            if any(path.rglob("*.md")):
                hint = did_you_mean(path.name, FOLDERS) or f"the folders are {', '.join(FOLDERS)}"
                _report(path, f"unknown folder '{path.name}'", hint, files)
        elif path.name in FOLDERS:
            hint = "move it elsewhere: only a folder may have this name"
            _report(path, "this is no folder", hint, files)
        elif path.suffix == ".md" and path.name != "README.md":
            hint = f"move it to one of the folders {', '.join(FOLDERS)}"
            _report(path, "the file is in no folder of content/", hint, files)
    return Content(pages, _images(content, files))


def no_picture(path: str, at: Place, images: Collection[str], *, seen_from: str = "") -> Problem:
    """
    Return the problem that the picture *path*, below content/, is none or does not exist.

    An address on the internet is none: pictures are files of the project.
    The hint writes paths as seen from a folder below content/.
    """
    if is_elsewhere(path):
        name = re.split(r"[/\\]", re.split("[?#]", path)[0])[-1]
        written = f"images/{name if name.lower().endswith(PICTURES) else 'picture.png'}"
        save = "" if written in images else f"save the picture as content/{written}, then "
        message = "this picture is no file of the project"
        return Problem(message, at, hint=f"{save}write '{written}'")
    if other := unseen(path):
        what, cure = other
        message = f"content/{path} is {what}, which browsers and mail programs do not show"
        return Problem(message, at, hint=_same_name(path, images, seen_from) or cure)
    near = nearest(path, images)
    hint = f"did you mean '{near}'?" if near else "put it into content/images/"
    return Problem(f"there is no picture content/{path}", at, hint=hint)


def is_elsewhere(path: str) -> bool:
    """Return whether it is an address of the internet, or the path of a drive: `https://…`."""
    return re.match(r"[a-z][a-z0-9+.-]*:|//", path, re.I) is not None


def _same_name(path: str, images: Iterable[str], seen_from: str) -> str:
    """Return a hint at a picture of the same name with another ending; empty without one."""
    stem = PurePosixPath(path).stem.lower()
    near = next((other for other in images if PurePosixPath(other).stem.lower() == stem), "")
    written = posixpath.relpath(near, seen_from) if near and seen_from else near
    return f"write '{written}', the picture of the same name" if near else ""


def nearest(path: str, paths: Iterable[str]) -> str:
    """Return the path with the most similar file name; empty if none is similar."""
    stems = {PurePosixPath(other).stem.lower(): other for other in sorted(paths)}
    near = difflib.get_close_matches(PurePosixPath(path).stem.lower(), stems, n=1, cutoff=0.7)
    return stems[near[0]] if near else ""


def _visible(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    visible = (path for path in folder.iterdir() if path.name[0] not in "._")
    return sorted(visible, key=lambda path: path.name)


def _pages(folder: Path, files: ProjectFiles) -> dict[str, Path]:
    pages = {}
    for path in _visible(folder):
        if path.name == "README.md" or not files.holds(path):
            continue
        if path.is_dir():
            for deeper in sorted(path.rglob("*.md")):
                hint = f"move it to content/{folder.name}/"
                _report(deeper, "the file is in too deep a folder to be read", hint, files)
        elif path.suffix == ".md":
            pages[f"content/{folder.name}/{path.name}"] = path
        elif path.suffix.lower() in _ALMOST:
            message = "the file is not read: its name does not end with .md"
            _report(path, message, "rename it", files)
    return pages


def _images(content: Path, files: ProjectFiles) -> dict[str, Path]:
    folder = content / "images"
    if not folder.is_dir() or not files.holds(folder):
        return {}
    pictures = [
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in PICTURES and files.is_file(path)
    ]
    return {path.relative_to(content).as_posix(): path for path in pictures if files.holds(path)}


def _report(path: Path, message: str, hint: str, files: ProjectFiles) -> None:
    files.problems.append(Problem(message, Place(path=files.shown(path)), hint=hint))
