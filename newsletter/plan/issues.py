"""Which issue is next, what period it covers, and who gets which of its entries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

import polars as pl

from newsletter.errors import NewsletterError, Place, Problem, did_you_mean, raise_all
from newsletter.model.entry import Entry, Issue
from newsletter.model.language import first_match
from newsletter.model.project import Project
from newsletter.rules.to_polars import compile_rule

_WITHOUT_ISSUE_BEFORE = dt.timedelta(days=92)
"""A quarter: the period of the first issue."""


def newest_issue(project: Project) -> str | None:
    """
    Return the name of the newest issue that the history does not hold yet.

    Among issues of one day it is the first by name, which the plan places first.
    Returns None if no issue waits but the project has practices: they are planned every day.
    Raises NewsletterError if there are no practices either.
    """
    gone = set(project.people.tables["history"]["issue"].drop_nulls())
    waiting = [issue for issue in project.issues if issue.name not in gone]
    if waiting:
        newest = max(issue.date for issue in waiting)
        return min(issue.name for issue in waiting if issue.date == newest)
    if project.practices:
        return None
    if not project.issues:
        hint = 'write one: newsletter new issue "News of the month"'
        raise NewsletterError.at("there is no issue in content/issues", hint=hint)
    hint = 'write the next one (newsletter new issue "…"), or name one with --issue'
    raise NewsletterError.at("every issue has gone out according to the history", hint=hint)


def issue_to_build(project: Project, named: str | None, faults: Sequence[Problem]) -> str | None:
    """
    Return *named*, else the newest issue, as `newest_issue` does.

    With *faults* of texts, an issue that is missing may be one of those that cannot be read.
    """
    if named and faults and all(issue.name != named for issue in project.issues):
        return None
    try:
        return named or newest_issue(project)
    except NewsletterError:
        raise_all(faults)
        raise


def issues_on(project: Project, day: dt.date) -> tuple[str, ...]:
    """Return the names of the issues of a day that the history does not hold."""
    gone = set(project.people.tables["history"]["issue"].drop_nulls())
    names = sorted({issue.name for issue in project.issues if issue.name not in gone})
    return tuple(name for name in names if editions_of(project, name)[0].date == day)


def editions_of(project: Project, name: str) -> tuple[Issue, ...]:
    """Return the editions of an issue; the one in the project's language comes first."""
    editions = [issue for issue in project.issues if issue.name == name]
    if not editions:
        names = sorted({issue.name for issue in project.issues})
        hint = did_you_mean(name, names) or "the issues are " + ", ".join(names)
        raise NewsletterError.at(f"there is no issue '{name}'", hint=hint)
    main_language = project.config.language
    return tuple(
        sorted(editions, key=lambda issue: (issue.language != main_language, issue.language))
    )


def issue_since(project: Project, name: str) -> dt.date:
    """Return the first day an issue covers: its `since`, the issue before, or 92 days back."""
    issue = editions_of(project, name)[0]
    return issue.since or date_before(project, issue) or issue.date - _WITHOUT_ISSUE_BEFORE


def date_before(project: Project, issue: Issue) -> dt.date | None:
    """Return the day of the issue before, in any language."""
    others = [other.date for other in project.issues if other.name != issue.name]
    return max((day for day in others if day < issue.date), default=None)


KINDS_IN_ISSUES = ("update", "event", "offer", "story", "article")
"""Default order of entries. Pages never go out; answers have their own place."""


def issue_entries(project: Project, issue: Issue) -> tuple[Entry, ...]:
    """
    Return the entries of an edition in editorial order, in its language if translated.

    Raises NewsletterError if the issue names an entry that is missing or cannot go out that day.
    """
    problems: list[Problem] = []
    entries = candidates(project, issue, problems=problems)
    raise_all(problems)
    return entries


def candidates(project: Project, issue: Issue, *, problems: list[Problem]) -> tuple[Entry, ...]:
    """Return the same as `issue_entries`, but append what is wrong to *problems*."""
    if issue.entries:
        entries = list(_listed(project, issue, problems=problems))
    else:
        entries = [
            entry for entry in _translated(project, issue) if _is_news(project, issue, entry)
        ]
        entries.sort(
            key=lambda entry: (
                KINDS_IN_ISSUES.index(entry.kind),
                -entry.date.toordinal(),
                entry.slug,
            )
        )
    problems.extend(_clashes(entries))
    return tuple(entries)


def answers(project: Project, issue: Issue) -> tuple[Entry, ...]:
    """Return the answers to feedback that are written by the day of the issue, oldest first."""
    timely = [
        entry
        for entry in _translated(project, issue)
        if entry.kind == "answer" and not _untimely(entry, issue.date)
        if entry.slug not in issue.entries
    ]
    return tuple(sorted(timely, key=lambda entry: (entry.date, entry.slug)))


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
    """Return whether an entry is newer than the issue before, which had those of its own day."""
    before = date_before(project, issue)
    if issue.since is None and before is not None:
        fresh = entry.date > before
    else:
        fresh = entry.date >= issue_since(project, issue.name)
    return entry.kind in KINDS_IN_ISSUES and fresh and not _untimely(entry, issue.date)


def _untimely(entry: Entry, day: dt.date) -> str:
    """Return why an entry cannot go out on that day; empty if it can."""
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


def choose(
    recipients: pl.DataFrame, entries: Sequence[Entry], *, answers: Sequence[Entry], most: int
) -> pl.DataFrame:
    """
    Add a Boolean column `Entry.flag` for each entry and answer.

    A customer gets an entry if its audience rule holds, they share an interest, and they have not
    had it. Customers and entries without interests match all. The first *most* entries go out.
    A customer gets an answer if they gave the feedback, its audience rule holds, and they have
    not had it. Answers do not count towards *most*.
    """
    flags = {}
    count = pl.Series([0], dtype=pl.UInt32).new_from_index(0, recipients.height)
    for entry in entries:
        fits = recipients.select(interested(entry) & _fits(entry, recipients))[entry.flag]
        flags[entry.flag] = fits & (count < most)
        count = count + fits.cast(pl.UInt32)
    given = [asked(answer) & _fits(answer, recipients) for answer in answers]
    return recipients.with_columns(**flags).with_columns(given)


def interested(entry: Entry) -> pl.Expr:
    """Return whether a customer shares an interest with the entry, or one of the two has none."""
    interests = pl.col("interests")
    shared = [interests.list.contains(pl.lit(interest.lower())) for interest in entry.interests]
    everybody = pl.lit(not entry.interests) | interests.is_null() | (interests.list.len() == 0)
    return pl.any_horizontal(*shared, everybody).alias(entry.flag)


def asked(answer: Entry) -> pl.Expr:
    """Return whether a customer gave feedback that the answer names."""
    ids = pl.col("feedback_ids")
    named = pl.any_horizontal(
        pl.lit(value=False), *(ids.list.contains(pl.lit(i)) for i in answer.answers)
    )
    return named.alias(answer.flag)


def _fits(entry: Entry, recipients: pl.DataFrame) -> pl.Expr:
    fits = ~pl.col("had").list.contains(pl.lit(entry.slug))
    if entry.audience:
        fits = fits & compile_rule(entry.audience, recipients.schema)
    return fits.alias(entry.flag)
