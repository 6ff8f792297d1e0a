"""The pipeline on one page: read → facts → plan → render → merge → export → write."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from newsletter.build.care import CareBuild, prepare_care
from newsletter.build.issue import IssueBuild, prepare_issue
from newsletter.check.calendars import ended_calendars
from newsletter.check.leaks import find_leaks, publishable, values_key
from newsletter.check.unfinished import unfinished
from newsletter.errors import Problem, attempt, raise_all
from newsletter.facts import add_facts
from newsletter.facts.segments import add_segments
from newsletter.merge.public import PublicWording
from newsletter.model.artifact import Artifact, Previous
from newsletter.model.issue_page import IssuePage
from newsletter.model.project import Project
from newsletter.model.report import BuildReport, Progress
from newsletter.plan.addresses import tokens as customer_tokens
from newsletter.plan.entries import issue_entries
from newsletter.plan.issue import plan_issue
from newsletter.plan.issues import editions_of, issue_since, newest_issue
from newsletter.read.assembly import read_project
from newsletter.site.artifacts import site_artifacts
from newsletter.write import write_output
from newsletter.write.ledger import Ledger, read_ledger
from newsletter.write.program import program_version


def build(
    root: Path, *, output: Path, today: dt.date, issue: str | None, progress: Progress
) -> BuildReport:
    """
    Build everything: the messages and merge files of one issue, the care plan and the public site.

    *issue* is the name of an issue; None: the newest that has not gone out, if there is one.

    Raises:
        NewsletterError: with every problem of the user's files. The output before is then whole.
    """
    started = time.monotonic()
    before = read_ledger(output, version=program_version())
    with progress.step("Reading files", 0):
        project = read_project(root, today=today)
    with progress.step("Choosing who gets what", 0):
        name = issue or newest_issue(project)
        facts = facts_of(project, name=name, today=today)
        made = _prepared(project, facts, name=name, today=today, before=before)
    with progress.step("Searching the site for customers' data", 0):
        tokens = customer_tokens(facts["id"], secret=project.secret)
        allowed = publishable(project)
        searched = values_key(facts, allowed=allowed, tokens=tokens)
        new = before.unsearched(made.site, searched)
        raise_all(find_leaks(facts, new, allowed=allowed, tokens=tokens))
    remarks = (*_remarks(project, today), *(made.care.remarks if made.care else ()))
    written = write_output(
        output, made.artifacts(remarks, progress), ledger=before, searched=searched
    )
    return BuildReport(
        issue=name or "",
        editions=made.issue.reports() if made.issue else (),
        left_out=made.issue.reasons() if made.issue else {},
        customers_used=project.people.customers.height,
        bad_rows=len(project.people.bad_rows),
        written=len(written.written),
        unchanged=len(written.unchanged),
        removed=len(written.removed),
        seconds=time.monotonic() - started,
        open_first=made.open_first,
        care=made.care.report() if made.care else None,
        remarks=remarks,
    )


def facts_of(project: Project, *, name: str | None, today: dt.date) -> pl.DataFrame:
    """Return what is known of each customer on the day, for one issue: facts and segments."""
    since = issue_since(project, name) if name else today
    facts = add_facts(
        project.people, project.config, today=today, since=since, customs=project.customs
    )
    return add_segments(facts, project.segments)


@dataclass(frozen=True, kw_only=True)
class _Made:
    """All parts of a build, ready to be written."""

    site: Sequence[Artifact]
    issue: IssueBuild | None
    care: CareBuild | None

    def artifacts(self, remarks: Sequence[Problem], progress: Progress) -> Iterator[Artifact]:
        """Yield every file."""
        yield from self.site
        for part in (self.issue, self.care):
            if part:
                yield from part.artifacts(progress)
        if remarks:
            text = "\n\n".join(map(str, remarks)) + "\n"
            yield Artifact("private/remarks.txt", text.encode())

    @property
    def open_first(self) -> tuple[str, ...]:
        """What to look at first, most private first."""
        issue = ("private/index.html",) if self.issue else ()
        care = ("private/care/index.html",) if self.care else ()
        return (*issue, *care, "site/index.html")


def _prepared(
    project: Project, facts: pl.DataFrame, *, name: str | None, today: dt.date, before: Ledger
) -> _Made:
    """Return all parts; raise what is wrong with any of them at once."""
    # Messages link to the pages of the issue's day, so the site is there before that day.
    dates = [issue.date for issue in editions_of(project, name)] if name else []
    day = max([today, *dates])
    problems: list[Problem] = []
    issue = _issue(project, facts, name=name, today=today, day=day, problems=problems)
    care = None
    if project.practices:
        care = prepare_care(project, output=before.output, today=today, problems=problems)
    site = attempt(lambda: list(_site(project, facts, today=day, previous=before)), problems)
    raise_all(problems)
    assert site is not None
    return _Made(site=site, issue=issue, care=care)


def _issue(  # noqa: PLR0913 - each is a value of its own
    project: Project,
    facts: pl.DataFrame,
    *,
    name: str | None,
    today: dt.date,
    day: dt.date,
    problems: list[Problem],
) -> IssueBuild | None:
    """Return the issue as it will look on *day*; None without one, or after a problem."""
    if name is None:
        return None
    plan = attempt(lambda: plan_issue(project, facts, name=name, today=today), problems)
    return attempt(lambda: prepare_issue(project, plan, today=day), problems) if plan else None


def _site(
    project: Project, facts: pl.DataFrame, *, today: dt.date, previous: Previous
) -> Iterator[Artifact]:
    """Yield the public site, with the public wording of every issue until that day."""
    wording = PublicWording(project, schema=facts.schema)
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


def _remarks(project: Project, today: dt.date) -> tuple[Problem, ...]:
    """Return what does not stop a build, but somebody should know."""
    people = project.people
    ended = ended_calendars(project, today=today)
    return (*unfinished(project), *ended, *people.bad_rows, *people.remarks)
