"""Which entries an edition has to offer, in which order and which language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from newsletter.errors import Place, Problem, did_you_mean, raise_all
from newsletter.model.entry import Entry, Issue
from newsletter.model.language import first_match
from newsletter.model.project import Project
from newsletter.plan.issues import date_before, issue_since

_KINDS = ("update", "event", "offer", "story", "article")
"""Editorial order where the issue gives none. Pages never go out; answers have their own place."""


def issue_entries(project: Project, issue: Issue) -> tuple[Entry, ...]:
    """
    Return the entries of an edition in editorial order, in its language as far as they are.

    Raises NewsletterError where the issue names an entry that there is not, or not then.
    """
    problems: list[Problem] = []
    entries = candidates(project, issue, problems=problems)
    raise_all(problems)
    return entries


def candidates(project: Project, issue: Issue, *, problems: list[Problem]) -> tuple[Entry, ...]:
    """Return what `issue_entries` does; what is wrong goes to *problems*."""
    if issue.entries:
        found = list(_listed(project, issue, problems=problems))
    else:
        found = [entry for entry in _translated(project, issue) if _is_news(project, issue, entry)]
        found.sort(
            key=lambda entry: (_KINDS.index(entry.kind), -entry.date.toordinal(), entry.slug)
        )
    problems.extend(_clashes(found))
    return tuple(found)


def answers(project: Project, issue: Issue) -> tuple[Entry, ...]:
    """Return the answers to feedback that are written by the day of the issue, oldest first."""
    found = [
        entry
        for entry in _translated(project, issue)
        if entry.kind == "answer" and not _untimely(entry, issue.date)
        if entry.slug not in issue.entries
    ]
    return tuple(sorted(found, key=lambda entry: (entry.date, entry.slug)))


def _listed(project: Project, issue: Issue, *, problems: list[Problem]) -> Iterator[Entry]:
    """Yield the entries that the issue names."""
    by_slug = {entry.slug: entry for entry in _translated(project, issue)}
    at = Place(path=issue.path)
    for slug in dict.fromkeys(issue.entries):
        entry = by_slug.get(slug)
        if entry is None:
            hint = did_you_mean(slug, by_slug) or "write the file name without language and .md"
            problems.append(Problem(message=f"there is no entry '{slug}'", at=at, hint=hint))
        elif why := _untimely(entry, issue.date):
            message = f"entry '{slug}' {why}"
            hint = f"take it out of 'entries', or change the date in {entry.path}"
            problems.append(Problem(message=message, at=at, hint=hint))
        else:
            yield entry


def _translated(project: Project, issue: Issue) -> Iterator[Entry]:
    """Yield each entry once: in the edition's language, else the project's, else any."""
    groups: dict[tuple[str, str], dict[str, Entry]] = {}
    for entry in project.entries:
        groups.setdefault((entry.kind, entry.slug), {})[entry.language] = entry
    for languages in groups.values():
        nearest = first_match(languages, issue.language, project.config.language)
        yield nearest or languages[min(languages)]


def _is_news(project: Project, issue: Issue, entry: Entry) -> bool:
    """Tell whether an entry came since the issue before: that day's own were in that one."""
    before = date_before(project, issue)
    if issue.since is None and before is not None:
        fresh = entry.date > before
    else:
        fresh = entry.date >= issue_since(project, issue.name)
    return entry.kind in _KINDS and fresh and not _untimely(entry, issue.date)


def _untimely(entry: Entry, day: dt.date) -> str:
    """Say why an entry cannot go out on that day; empty: it can."""
    over = (entry.ends or entry.starts) if entry.kind == "event" else None
    if entry.date > day:
        return f"is dated {entry.date}, after the issue ({day})"
    if entry.expires and entry.expires < day:
        return f"expires on {entry.expires}, before the issue ({day})"
    if over and over.date() < day:
        return f"is over on {over.date()}, before the issue ({day})"
    return ""


def _clashes(entries: Iterable[Entry]) -> Iterator[Problem]:
    """Yield a problem for entries that would share one yes/no column."""
    taken: dict[str, Entry] = {}
    for entry in entries:
        other = taken.setdefault(entry.flag, entry)
        if other is not entry:
            yield Problem(
                message=f"'{entry.slug}' and {other.path} cannot be told apart in one issue",
                at=Place(path=entry.path),
                hint="rename one of the two files",
            )
