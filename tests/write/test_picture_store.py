"""Versions of pictures are made once, and stored beside the output."""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager
from pathlib import Path

from made import project_of, settings
from photos import write_photo
from support import Silent

from newsletter.errors import Problem
from newsletter.model.project import Project
from newsletter.read.content.picture_files import read_pictures
from newsletter.read.project_files import ProjectFiles
from newsletter.site.pictures import versions
from newsletter.write.ledger import Ledger, cache_folder
from newsletter.write.picture_store import with_made_pictures

DAY = dt.date(2026, 11, 4)


class Counting(Silent):
    """Counts the pictures that a step announces."""

    made = 0

    def step(self, name: str, total: int) -> AbstractContextManager[object]:
        """Begin a step."""
        self.made += total
        return super().step(name, total)


def _project(root: Path) -> Project:
    """Return a firm whose team has two photos."""
    team = [{"id": name, "name": name, "photo": f"images/{name}.jpg"} for name in ("ann", "bob")]
    paths = {member["photo"]: root / "content" / member["photo"] for member in team}
    for width, file in zip((900, 901), paths.values(), strict=True):
        if not file.exists():
            write_photo(file, width=width)
    images = read_pictures(paths, ProjectFiles(root), in_texts=(), small=paths)
    return project_of(root=root, config=settings(team=team), images=images)


def _made(project: Project, version: str = "1") -> tuple[Path | None, int, list[Problem]]:
    progress, problems = Counting(), []
    before = Ledger(output=project.root / "output", version=version)
    made = with_made_pictures(project, before, until=DAY, problems=problems, progress=progress)
    return made.made_pictures, progress.made, problems


def _names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def test_a_picture_is_made_once(tmp_path: Path) -> None:
    """The folder has a file for each version that is not the picture itself."""
    project = _project(tmp_path)
    folder, made, problems = _made(project)
    assert (made, problems) == (2, [])
    keys = {version.key for version in versions(project, until=DAY).values()}
    assert _names(folder) == {*keys, "hashes.json"}
    assert _made(project)[1] == 0


def test_only_another_picture_is_made_and_an_old_one_is_removed(tmp_path: Path) -> None:
    """So the cache does not grow for ever."""
    folder, _, _ = _made(_project(tmp_path))
    before = _names(folder)
    write_photo(tmp_path / "content/images/ann.jpg", width=800, height=600)
    again, made, _ = _made(_project(tmp_path))
    assert (again, made) == (folder, 1)
    assert len(_names(folder)) == 3
    assert _names(folder) != before


def test_a_damaged_cache_and_another_program_make_them_again(tmp_path: Path) -> None:
    """Pillow of another version writes other bytes."""
    project = _project(tmp_path)
    folder, _, _ = _made(project)
    file = next(file for file in folder.iterdir() if file.suffix != ".json")
    content = file.read_bytes()
    file.write_bytes(content[:100])
    assert _made(project)[1] == 1
    assert file.read_bytes() == content
    (folder / "hashes.json").write_text("[]")
    assert _made(project)[1] == 2
    other, made, _ = _made(project, version="2")
    assert made == 2
    assert not folder.exists()
    assert (other / file.name).read_bytes() == content


def test_all_damaged_photos_are_reported_at_once(tmp_path: Path) -> None:
    """Each with its file."""
    project = _project(tmp_path)
    for picture in project.images.values():
        picture.file.write_bytes(picture.file.read_bytes()[:-2000])
    _, _, problems = _made(project)
    assert sorted(str(problem.at) for problem in problems) == [
        "content/images/ann.jpg",
        "content/images/bob.jpg",
    ]


def test_without_a_cache_nothing_is_stored(tmp_path: Path) -> None:
    """Pictures are then made when they are read."""
    cache_folder(tmp_path / "output").write_text("in the way")
    assert _made(_project(tmp_path))[0] is None
