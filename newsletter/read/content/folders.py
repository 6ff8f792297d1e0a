"""Lists the files of content/, and reports those that nothing will read."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from newsletter.errors import Place, Problem, did_you_mean
from newsletter.model.entry import KINDS
from newsletter.read.text_files import inside, leaves

FOLDERS = (*KINDS, "issues", "practices")
PICTURES = (".avif", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp")
_ELSEWHERE = ("customers", "images")
_ALMOST = (".markdown", ".mdown", ".mkd", ".txt")


@dataclass(frozen=True)
class Content:
    """The files of a project's content/."""

    root: Path
    files: Mapping[str, tuple[Path, ...]]
    """Folder → its Markdown files, sorted by name."""
    images: Mapping[str, Path]
    """Path below content/ → picture."""

    def shown(self, file: Path) -> str:
        """Return the file as the user would type it."""
        return file.relative_to(self.root).as_posix()

    def shown_in(self, *folders: str) -> frozenset[str]:
        """Return all files of some folders, as the user would type them."""
        return frozenset(
            self.shown(file) for folder in folders for file in self.files.get(folder, ())
        )


def find_content(root: Path, *, problems: list[Problem]) -> Content:
    """
    Return the content files of the project *root*.

    Names that begin with `.` or `_` are left alone (drafts, editors' folders). Markdown in an
    unknown folder or deeper than one level and links that lead out of the project are problems.
    """
    content, resolved = root / "content", root.resolve()
    files: dict[str, tuple[Path, ...]] = {}
    for path in _visible(content):
        if path.is_dir() and path.name in FOLDERS:
            files[path.name] = tuple(_pages(path, root, resolved, problems=problems))
        elif path.is_dir() and path.name not in _ELSEWHERE:
            problems.extend(_unknown_folder(path, root))
        elif path.suffix == ".md" and path.name != "README.md":
            hint = f"move it to one of {', '.join(FOLDERS)}"
            problems.append(_at(path, root, "lies in no folder of a kind", hint))
    return Content(root, files, _images(content, resolved, problems))


def no_picture(path: str, at: Place, images: Mapping[str, Path]) -> Problem:
    """Return the problem that the picture *path*, below content/, is not there."""
    near = nearest(path, images)
    hint = f"did you mean '{near}'?" if near else "put it into content/images/"
    return Problem(message=f"there is no picture content/{path}", at=at, hint=hint)


def nearest(path: str, paths: Iterable[str]) -> str:
    """Return the one of *paths* with a file name most like that of *path*, else nothing."""
    stems = {PurePosixPath(other).stem.lower(): other for other in sorted(paths)}
    near = difflib.get_close_matches(PurePosixPath(path).stem.lower(), stems, n=1, cutoff=0.7)
    return stems[near[0]] if near else ""


def _visible(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.name[0] not in "._")


def _pages(folder: Path, root: Path, resolved: Path, *, problems: list[Problem]) -> Iterator[Path]:
    for path in _visible(folder):
        if not inside(path, resolved):
            problems.append(leaves(path.relative_to(root).as_posix()))
        elif path.is_dir():
            for deeper in sorted(path.rglob("*.md")):
                hint = f"move it to content/{folder.name}/"
                problems.append(_at(deeper, root, "lies too deep to be read", hint))
        elif path.suffix == ".md" and path.name != "README.md":
            yield path
        elif path.suffix.lower() in (".md", *_ALMOST) and path.name != "README.md":
            problems.append(
                _at(path, root, "is not read: its name does not end with .md", "rename it")
            )


def _unknown_folder(folder: Path, root: Path) -> Iterator[Problem]:
    if any(folder.rglob("*.md")):
        hint = did_you_mean(folder.name, FOLDERS) or f"the folders are {', '.join(FOLDERS)}"
        yield _at(folder, root, f"unknown folder '{folder.name}'", hint)


def picture_bytes(file: Path) -> bytes:
    """Return a picture of content/, for what is printed."""
    return file.read_bytes()


def _images(content: Path, resolved: Path, problems: list[Problem]) -> dict[str, Path]:
    images = {}
    folder = content / "images"
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.suffix.lower() not in PICTURES or not path.is_file():
            continue
        below = path.relative_to(content).as_posix()
        if inside(path, resolved):
            images[below] = path
        else:
            problems.append(leaves(f"content/{below}"))
    return images


def _at(path: Path, root: Path, message: str, hint: str) -> Problem:
    return Problem(message=message, at=Place(path=path.relative_to(root).as_posix()), hint=hint)
