"""Finds the versions of pictures that pages show, and those that messages load or carry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import partial

from newsletter.model.artifact import Artifact
from newsletter.model.picture import Use, Version
from newsletter.model.picture_addresses import CARRIED
from newsletter.model.project import Project
from newsletter.read.content.body_links import local_targets
from newsletter.read.content.picture_versions import version_bytes, version_file


def versions(project: Project, *, until: dt.date) -> dict[str, Version]:
    """
    Return path of an artifact → version, for those always shown and those of texts up to *until*.

    Entries for some customers only are included, because messages show their pictures.
    """
    in_messages = _always_shown(project) | pictures_of_messages(project, until)
    on_pages = in_messages | _of_pages(project, until)
    carried = project.config.carries_pictures
    return {
        **(_published(project, on_pages, "page", "site") if project.has_site else {}),
        **_published(project, in_messages, "message", CARRIED if carried else "site"),
    }


def _always_shown(project: Project) -> set[str]:
    """Return the paths of the logo, of team photos and of the theme's pictures."""
    theirs = (path for path in project.theme.assets if f"assets/{path}" in project.images)
    small = {path for path, picture in project.images.items() if picture.small}
    return small.union(f"assets/{path}" for path in theirs)


def picture_artifacts(project: Project, *, until: dt.date) -> Iterator[Artifact]:
    """Yield the pictures of the site, and those that messages carry."""
    for path, version in versions(project, until=until).items():
        pixels = version.pixels
        if version.kind == "svg":  # its text is searched for customers, as that of pages is
            yield Artifact(path, version_bytes(version, project.made_pictures))
        elif file := version_file(version, project.made_pictures):
            yield Artifact(path, file, pixels=pixels)
        else:
            yield Artifact(path, partial(_made, project, version), version.key, pixels=pixels)


def _made(project: Project, version: Version) -> Iterable[bytes]:
    return [version_bytes(version, project.made_pictures)]


def _published(
    project: Project, paths: Iterable[str], use: Use, folder: str
) -> dict[str, Version]:
    pictures = (project.images[path] for path in sorted(paths) if path in project.images)
    shown = [picture.version(use) for picture in pictures]
    return {f"{folder}/{version.path}": version for version in shown}


def _of_pages(project: Project, until: dt.date) -> set[str]:
    pages = [entry for entry in project.entries if entry.kind == "page" and entry.date <= until]
    return {path for page in pages for path in (page.image, *local_targets(page.body))}


def pictures_of_messages(project: Project, until: dt.date) -> set[str]:
    """Return the paths that texts up to *until* name, of which messages may have a part."""
    entries = [entry for entry in project.entries if entry.kind != "page" and entry.date <= until]
    bodies = [entry.body for entry in entries]
    bodies += [issue.body for issue in project.issues if issue.date <= until]
    for practice in project.practices:
        bodies += [text for words in practice.words.values() for text in words.texts]
    return {entry.image for entry in entries}.union(*map(local_targets, bodies))
