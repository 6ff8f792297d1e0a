"""Reads what a command works with: the customer tables alone, or a project with a care plan."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from newsletter.errors import NewsletterError, Place, raise_all
from newsletter.model.config import Config
from newsletter.model.project import People, Project
from newsletter.read.assembly import read_project
from newsletter.read.content.settings_files import read_settings
from newsletter.read.people.people_files import read_people
from newsletter.read.project_files import ProjectFiles

_NO_PRACTICES_HINT = (
    'write one: newsletter new practice "Thank you"; or begin a project elsewhere '
    "(newsletter init DIR) and copy its content/practices/ here"
)


def read_customers(root: Path) -> tuple[Config, People]:
    """Return settings and customer tables, without content and theme; raises NewsletterError."""
    config, files = read_settings(root), ProjectFiles(root)
    people = read_people(config, files)
    raise_all(files.problems)
    return config, people


def read_practising(root: Path, *, today: dt.date) -> Project:
    """Return the project; raises NewsletterError if it has no practices, or problems."""
    project = read_project(root, today=today)
    if not project.practices:
        at = Place(path="content/practices")
        message = "there are no practices, so nothing is planned"
        raise NewsletterError.at(message, at, hint=_NO_PRACTICES_HINT)
    return project
