"""Remarks on pictures that mail programs do not show, or that make messages large."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from newsletter.errors import Place, Problem
from newsletter.model.picture import Picture
from newsletter.model.project import Project
from newsletter.site.pictures import pictures_of_messages

_MOST_BYTES = 1_000_000
"""Of an animation, which is never made smaller."""


def unshown_pictures(project: Project) -> Iterator[Problem]:
    """Yield a remark for each picture that many readers will not see as it is."""
    in_messages = pictures_of_messages(project, dt.date.max)
    for path, picture in project.images.items():
        if picture.lost:
            message = f"left out of this drawing when it is published: {', '.join(picture.lost)}"
            hint = "a picture runs no scripts and loads nothing: export it as plain SVG, or as PNG"
            yield Problem(message, Place(path=picture.shown), hint=hint)
        if picture.small or path in in_messages:
            yield from _remarks(picture)


def _remarks(picture: Picture) -> Iterator[Problem]:
    at = Place(path=picture.shown)
    if picture.kind == "svg":
        message = "mail programs show no SVG, so messages lack this picture"
        yield Problem(message, at, hint="save it as PNG, some 600 pixels wide, and name that file")
    elif picture.version("message").as_it_is and picture.size > _MOST_BYTES:
        megabytes = f"{picture.size / 1_000_000:.1f} MB"
        message = f"this animation has {megabytes}, which phones take long to load"
        yield Problem(message, at, hint="use fewer frames, or a photo")
