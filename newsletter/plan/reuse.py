"""What a plan reads of a project: while that is the same, so is the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from newsletter.model.care import CarePlan, EditionPlan, IssuePlan
from newsletter.model.entry import Entry, Issue
from newsletter.model.picture_addresses import photo_addresses
from newsletter.model.project import Project
from newsletter.model.source import Source


def read_by_plans(project: Project) -> tuple[object, ...]:
    """Return everything that a plan reads of a project, but for the tables of its people."""
    return (
        project.config,
        photo_addresses(project),
        project.secret,
        project.segments,
        project.customs,
        project.reasons.headings,  # the rest of its words follows from the configuration
        _without_texts(project.entries),
        _without_texts(project.issues),
        [replace(practice, words={}) for practice in project.practices],
    )


def with_texts(plan: CarePlan, project: Project) -> CarePlan:
    """Return a plan with the texts of its issues and entries as they are in *project*."""
    issues = {(issue.name, issue.language): issue for issue in project.issues}
    entries = {entry.path: entry for entry in project.entries}

    def edition(old: EditionPlan) -> EditionPlan:
        return replace(
            old,
            issue=issues[old.issue.name, old.issue.language],
            entries=tuple(entries[entry.path] for entry in old.entries),
            answers=tuple(entries[answer.path] for answer in old.answers),
        )

    def issue(old: IssuePlan) -> IssuePlan:
        return replace(old, editions=tuple(map(edition, old.editions)))

    return replace(plan, issues={name: issue(old) for name, old in plan.issues.items()})


def _without_texts(pages: Sequence[Entry | Issue]) -> list[Entry | Issue]:
    """Return entries or issues without the texts that only messages and pages read."""
    return [
        replace(page, body=_emptied(page.body))
        if isinstance(page, Entry)
        else replace(
            page,
            body=_emptied(page.body),
            subject=_emptied(page.subject),
            preheader=_emptied(page.preheader),
        )
        for page in pages
    ]


def _emptied(source: Source) -> Source:
    return Source("", replace(source.at, line=1))
