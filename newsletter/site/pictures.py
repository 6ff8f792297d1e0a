"""Finds the pictures of the site: those on its pages, and those that messages load."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path

from newsletter.model.permalink import local_target
from newsletter.model.project import Project
from newsletter.model.source import Source
from newsletter.read.content.body_links import find_links


def pictures(project: Project, *, until: dt.date) -> Mapping[str, Path]:
    """
    Return path on the site → file for the logo, team photos, and pictures up to *until*.

    Entries for some customers only are included, because messages load pictures from the site.
    """
    wanted = {project.theme.values.get("logo", ""), *(m.photo for m in project.config.team)}
    for entry in project.entries:
        if entry.date <= until:
            wanted |= {entry.image, *_targets(entry.body)}
    for issue in project.issues:
        if issue.date <= until:
            wanted |= set(_targets(issue.body))
    return {path: file for path, file in sorted(project.images.items()) if path in wanted}


def _targets(body: Source) -> Iterator[str]:
    for link in find_links(body.text):
        target = local_target(link.href, body.at.path.removeprefix("content/"))
        if target:
            yield target
