"""Which issue it is, its editions, and the time it reports on."""

from __future__ import annotations

import datetime as dt

from newsletter.errors import NewsletterError, did_you_mean
from newsletter.model.entry import Issue
from newsletter.model.project import Project

_WITHOUT_ISSUE_BEFORE = dt.timedelta(days=92)
"""A quarter: what the first issue looks back on."""


def newest_issue(project: Project) -> str | None:
    """
    Return the name of the newest issue that the history does not hold yet.

    None: there is none, but the project has practices, whose plan there is to make every day.
    """
    gone = set(project.people.tables["history"]["issue"].drop_nulls())
    waiting = {(issue.date, issue.name) for issue in project.issues if issue.name not in gone}
    if waiting:
        return max(waiting)[1]
    if project.practices:
        return None
    if not project.issues:
        hint = 'write one: newsletter new issue "News of the month"'
        raise NewsletterError.at("there is no issue in content/issues", hint=hint)
    hint = 'write the next one (newsletter new issue "…"), or name one with --issue'
    raise NewsletterError.at("every issue has gone out, as the history says", hint=hint)


def editions_of(project: Project, name: str) -> tuple[Issue, ...]:
    """Return the editions of an issue, that in the project's language first."""
    found = [issue for issue in project.issues if issue.name == name]
    if not found:
        names = sorted({issue.name for issue in project.issues})
        hint = did_you_mean(name, names) or "the issues are " + ", ".join(names)
        raise NewsletterError.at(f"there is no issue '{name}'", hint=hint)
    own = project.config.language
    return tuple(sorted(found, key=lambda issue: (issue.language != own, issue.language)))


def issue_since(project: Project, name: str) -> dt.date:
    """Return the first day an issue reports on: its own, the issue before it, or 92 days back."""
    issue = editions_of(project, name)[0]
    return issue.since or date_before(project, issue) or issue.date - _WITHOUT_ISSUE_BEFORE


def date_before(project: Project, issue: Issue) -> dt.date | None:
    """Return the day of the issue before, in whatever language it was."""
    others = [other.date for other in project.issues if other.name != issue.name]
    return max((day for day in others if day < issue.date), default=None)
