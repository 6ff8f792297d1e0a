"""Reads a project that has a care plan."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from newsletter.errors import NewsletterError, Place
from newsletter.model.project import Project
from newsletter.read.assembly import read_project

_HINT = (
    'write one: newsletter new practice "Thank you"; or begin a project elsewhere '
    "(newsletter init DIR) and copy its content/practices/ here"
)


def read_practising(root: Path, *, today: dt.date) -> Project:
    """Return the project; raise NewsletterError if it has no practices, or problems."""
    project = read_project(root, today=today)
    if not project.practices:
        at = Place(path="content/practices")
        raise NewsletterError.at("there are no practices, so nothing is planned", at, hint=_HINT)
    return project
