"""Finds private files that Git holds, or would take with the next `git add`; home of dulwich."""

from __future__ import annotations

import os
import struct
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.errors import Place, Problem
from newsletter.read.pipes import is_pipe, pipe_problem

if TYPE_CHECKING:  # a build without changes imports no large library
    from newsletter.model.project import Project

_DAMAGED = (AssertionError, OSError, ValueError, LookupError, struct.error)
"""What is raised for an index that breaks off, or that is none."""
_UNREADABLE = (
    "write it plainly with: git update-index --no-split-index, "
    "git sparse-checkout reapply --no-sparse-index; in a repository with SHA-256 there can be no "
    "customers"
)
_NO_INDEX = "remove it; git reset writes the index anew"
_HISTORY = "what was committed before stays in the history of the repository"


def files_of_git(folders: Sequence[Path]) -> list[str]:
    """Return the files on which `private_in_git` depends, whether they are there or not."""
    files = []
    for folder in folders:
        for above in (folder, *folder.parents):
            files += [str(above / ".gitignore"), str(above / ".git")]
            if (above / ".git").exists():
                files.append(str(_index(above)))
                break
    return files


def private_in_git(project: Project, *, output: Path) -> Iterator[Problem]:
    """
    Yield a problem for private files in the index of Git, and for those that it does not ignore.

    Only `.gitignore` counts as ignoring, because other settings of Git do not reach other people.
    A project outside any repository has no problems; invented customers may be in Git.
    """
    customers = project.customers
    paths = [customers] if customers.is_dir() else [customers, customers.with_name("secret.txt")]
    for path in paths if not project.config.example else []:
        if top := _top(path):
            tracked = yield from _held(project.root, top, path)
            if not tracked and _is_taken(top, path):
                yield _taken(project.root, top, path)
    private = output / "private"
    if top := _top(private):
        yield from _held(project.root, top, private)


def _top(path: Path) -> Path | None:
    """Return the folder of the repository in which *path* lies."""
    return next((above for above in path.parents if (above / ".git").exists()), None)


def _index(top: Path) -> Path:
    git = top / ".git"
    if git.is_file():  # of a worktree or a submodule: `gitdir: PATH`
        git = (
            top / git.read_text(encoding="utf-8", errors="replace").removeprefix("gitdir:").strip()
        )
    return git / "index"


def _tracked(top: Path, path: Path) -> list[str]:
    """Return the files at or below *path* in the index."""
    from dulwich.index import Index  # noqa: PLC0415 - takes 80 ms, and most have no repository

    wanted = os.fsencode(path.relative_to(top).as_posix())
    names = [name for name in Index(str(_index(top))) if (name + b"/").startswith(wanted + b"/")]
    return [os.fsdecode(name) for name in names if not name.endswith(b"/.gitignore")]


def _held(root: Path, top: Path, path: Path) -> Generator[Problem, None, bool]:
    """Yield the problem of files in the index, and return whether there is one."""
    from dulwich.errors import ChecksumMismatch  # noqa: PLC0415 - as above
    from dulwich.index import UnsupportedIndexFormat  # noqa: PLC0415 - as above

    if is_pipe(_index(top)):
        yield pipe_problem(Place(path=_shown(_index(top), root)), hint=_NO_INDEX)
        return True
    try:
        tracked = _tracked(top, path)
    except (*_DAMAGED, ChecksumMismatch, UnsupportedIndexFormat):
        message = "this index of Git cannot be read, so it may hold customers"
        yield Problem(message, Place(path=_shown(_index(top), root)), hint=_UNREADABLE)
        return True
    if tracked:
        others = len(tracked) - 1
        more = f", and {others:,} more below {_shown(path, root)}" if others else ""
        yield Problem(
            f"this private file is in Git{more}: everybody who gets the repository can read it",
            Place(path=_shown(top / tracked[0], root)),
            hint=f'take it out with: git rm -r --cached "{_shown(path, root)}"; {_HISTORY}',
        )
    return bool(tracked)


def _is_taken(top: Path, path: Path) -> bool:
    """Return whether `git add` would take *path*, or a file below it."""
    from dulwich.ignore import IgnoreFilterManager  # noqa: PLC0415 - as above

    manager = IgnoreFilterManager(str(top), [], ignorecase=False)
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    names = (file.relative_to(top).as_posix() for file in files if file.name != ".gitignore")
    return any(not manager.is_ignored(name) for name in names)


def _taken(root: Path, top: Path, path: Path) -> Problem:
    slash = "/" if path.is_dir() else ""
    line = f"/{path.relative_to(top).as_posix()}{slash}"
    return Problem(
        "this is private, but Git does not ignore it: `git add` would take it",
        Place(path=_shown(path, root)),
        hint=f"write this line into {_shown(top / '.gitignore', root)}: {line}",
    )


def _shown(path: Path, root: Path) -> str:
    return Path(os.path.relpath(path, root)).as_posix()
