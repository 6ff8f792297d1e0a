"""The pipeline on one page: read → facts → plan → render → merge → export → write."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from newsletter.build.issue import IssueBuild, prepare_issue
from newsletter.check.leaks import find_leaks, publishable
from newsletter.check.unfinished import unfinished
from newsletter.errors import Problem, attempt, raise_all
from newsletter.facts import add_facts
from newsletter.facts.segments import add_segments
from newsletter.merge.public import PublicWording
from newsletter.model.artifact import Artifact
from newsletter.model.issue_page import IssuePage
from newsletter.model.project import Project
from newsletter.model.report import BuildReport, Progress
from newsletter.plan.entries import issue_entries
from newsletter.plan.issue import plan_issue
from newsletter.plan.issues import editions_of, issue_since, newest_issue
from newsletter.read.project import read_project
from newsletter.site.artifacts import site_artifacts
from newsletter.write import write_output


def build(
    root: Path, *, output: Path, today: dt.date, issue: str | None, progress: Progress
) -> BuildReport:
    """
    Build everything: the messages and merge files of one issue, and the public site.

    *issue* is the name of an issue; None: the newest that has not gone out.

    Raises:
        NewsletterError: with every problem of the user's files. The output before is then whole.
    """
    started = time.monotonic()
    with progress.step("Reading files", 0):
        project = read_project(root, today=today)
    with progress.step("Choosing who gets what", 0):
        name = issue or newest_issue(project)
        facts = facts_of(project, name=name, today=today)
        made, site = _prepared(project, facts, name=name, today=today)
    with progress.step("Searching the site for customers' data", 0):
        raise_all(find_leaks(facts, site, allowed=publishable(project), tokens=made.tokens))
    written = write_output(output, _artifacts(project, made, site, progress))
    return BuildReport(
        issue=name,
        editions=made.reports(),
        left_out=made.reasons(),
        customers_used=project.people.customers.height,
        bad_rows=len(project.people.bad_rows),
        written=len(written.written),
        unchanged=len(written.unchanged),
        removed=len(written.removed),
        seconds=time.monotonic() - started,
        open_first=("private/index.html", "site/index.html"),
        remarks=_remarks(project),
    )


def facts_of(project: Project, *, name: str, today: dt.date) -> pl.DataFrame:
    """Return what is known of each customer on the day, for one issue: facts and segments."""
    since = issue_since(project, name)
    facts = add_facts(project.people, project.config, today=today, since=since)
    return add_segments(facts, project.segments)


def _prepared(
    project: Project, facts: pl.DataFrame, *, name: str, today: dt.date
) -> tuple[IssueBuild, list[Artifact]]:
    """Return the issue and the site; raise what is wrong with either of them at once."""
    # Messages link to the pages of the issue's day, so the site is there before that day.
    day = max(today, *(issue.date for issue in editions_of(project, name)))
    problems: list[Problem] = []
    plan = attempt(lambda: plan_issue(project, facts, name=name, today=today), problems)
    made = attempt(lambda: prepare_issue(project, plan, today=day), problems) if plan else None
    site = attempt(lambda: list(_site(project, facts, today=day)), problems)
    raise_all(problems)
    assert made is not None and site is not None
    return made, site


def _site(project: Project, facts: pl.DataFrame, *, today: dt.date) -> Iterator[Artifact]:
    """Yield the public site, with the public wording of every issue until that day."""
    wording = PublicWording(project, schema=facts.schema, today=today)
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
    return site_artifacts(project, issue_pages=pages, wording=wording, today=today)


def _artifacts(
    project: Project, made: IssueBuild, site: Sequence[Artifact], progress: Progress
) -> Iterator[Artifact]:
    """Yield every file."""
    yield from site
    yield from made.artifacts(progress)
    if remarks := _remarks(project):
        yield Artifact("private/remarks.txt", _lines(remarks))


def _remarks(project: Project) -> tuple[Problem, ...]:
    """Return what does not stop a build, but somebody should know."""
    return (*unfinished(project), *project.people.bad_rows, *project.people.remarks)


def _lines(remarks: Sequence[Problem]) -> bytes:
    return ("\n\n".join(map(str, remarks)) + "\n").encode()
