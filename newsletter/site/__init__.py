"""The public pages, feeds and sitemap."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from newsletter.mailing.public import PublicWording
from newsletter.model.artifact import Artifact, Previous
from newsletter.model.duty import team_on
from newsletter.model.entry import IssuePage
from newsletter.model.project import Project
from newsletter.plan.issues import editions_of, issue_entries
from newsletter.plan.needs import columns
from newsletter.render.fragments import Fragments
from newsletter.site.artifacts import site_artifacts
from newsletter.site.pictures import picture_artifacts


def site_files(
    project: Project, fragments: Fragments, *, today: dt.date, previous: Previous
) -> Iterator[Artifact]:
    """
    Yield the files of the public site, with every issue up to *today* in public wording.

    It introduces the team without those who have left. Without a website there are no pages, but
    the pictures that messages carry.
    """
    if not project.has_site:
        return picture_artifacts(project, until=today)
    team = {"team": team_on(project.config, today)}
    project = replace(project, config=project.config.model_copy(update=team))
    wording = PublicWording(
        project, schema=columns(project), headers=project.people.headers, fragments=fragments
    )
    pages = [
        IssuePage(
            name=issue.name,
            language=issue.language,
            title=issue.title,
            date=issue.date,
            html=wording.html(issue.body, template=issue.template, language=issue.language),
            summary=wording.line(
                issue.preheader, template=issue.template, language=issue.language
            ),
            entries=tuple(entry.slug for entry in issue_entries(project, issue)),
        )
        for issue in project.issues
        if issue.date <= today
    ]
    return site_artifacts(
        project, issue_pages=pages, wording=wording, today=today, previous=previous
    )


def site_day(project: Project, name: str | None, today: dt.date) -> dt.date:
    """Return the day of the site. Messages of an issue link to it, so it may not be earlier."""
    dates = [issue.date for issue in editions_of(project, name)] if name else []
    return max([today, *dates])
