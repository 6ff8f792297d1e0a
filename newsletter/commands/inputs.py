"""Reads what a command works with: the customer tables alone, or a project with a care plan."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from newsletter.errors import NewsletterError, Place, Problem, raise_all
from newsletter.model.config import Config
from newsletter.model.project import People, Project
from newsletter.read.assembly import read_project
from newsletter.read.content.newsletter_yml import read_config
from newsletter.read.people.people_files import read_people

_NO_PRACTICES_HINT = (
    'write one: newsletter new practice "Thank you"; or begin a project elsewhere '
    "(newsletter init DIR) and copy its content/practices/ here"
)


def read_customers(root: Path) -> tuple[Config, People]:
    """Return settings and customer tables, without content and theme; raises NewsletterError."""
    config = read_settings(root)
    problems: list[Problem] = []
    shown = f"content/{config.customers}"
    people = read_people(
        root / "content" / config.customers, config, shown=shown, problems=problems
    )
    raise_all(problems)
    return config, people


def read_settings(root: Path) -> Config:
    """Return newsletter.yml alone; raises NewsletterError with all that is wrong with it."""
    problems: list[Problem] = []
    shown = "content/newsletter.yml"
    config_file = read_config(root / shown, shown=shown, problems=problems)
    raise_all(problems)
    assert config_file  # an unreadable file has raised its problem
    return config_file.config


def read_practising(root: Path, *, today: dt.date) -> Project:
    """Return the project; raises NewsletterError if it has no practices, or problems."""
    project = read_project(root, today=today)
    if not project.practices:
        at = Place(path="content/practices")
        message = "there are no practices, so nothing is planned"
        raise NewsletterError.at(message, at, hint=_NO_PRACTICES_HINT)
    return project
