"""The pipeline on one page: read → facts → plan → render → merge → export → write."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

import polars as pl

from newsletter.check.leaks import find_leaks, publishable
from newsletter.check.unfinished import unfinished
from newsletter.errors import Problem, attempt, raise_all
from newsletter.export.edition import Edition
from newsletter.export.index import index_page
from newsletter.export.table import machine_csv
from newsletter.facts import add_facts
from newsletter.facts.segments import add_segments
from newsletter.merge.failures import left_out_of, problems_of
from newsletter.merge.public import PublicWording
from newsletter.model.artifact import Artifact
from newsletter.model.issue_page import IssuePage
from newsletter.model.plan import LEFT_OUT, IssuePlan
from newsletter.model.project import Project
from newsletter.model.report import BuildReport, EditionReport, Progress
from newsletter.plan.entries import issue_entries
from newsletter.plan.issue import plan_issue
from newsletter.plan.issues import editions_of, issue_since, newest_issue
from newsletter.read.project import read_project
from newsletter.render.filters import language_filters
from newsletter.render.issue import render_edition
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
        plan, editions, site = _prepared(project, facts, name=name, today=today)
    with progress.step("Searching the site for customers' data", 0):
        tokens = [token for edition in plan.editions for token in edition.recipients["token"]]
        raise_all(find_leaks(facts, site, allowed=publishable(project), tokens=tokens))
    written = write_output(output, _artifacts(project, plan, site, editions, progress))
    return BuildReport(
        issue=name,
        editions=tuple(_edition_report(edition) for edition in editions),
        left_out=dict(Counter(_left_out(plan, editions)["reason"].to_list())),
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
) -> tuple[IssuePlan, list[Edition], list[Artifact]]:
    """Return the plan, its editions and the site; raise what is wrong with any of them at once."""
    # Messages link to the pages of the issue's day, so the site is there before that day.
    day = max(today, *(issue.date for issue in editions_of(project, name)))
    problems: list[Problem] = []
    plan = attempt(lambda: plan_issue(project, facts, name=name, today=today), problems)
    editions = attempt(lambda: _editions(project, plan, today=day), problems) if plan else None
    site = attempt(lambda: list(_site(project, facts, today=day)), problems)
    raise_all(problems)
    assert plan is not None and editions is not None and site is not None
    return plan, editions, site


def _editions(project: Project, plan: IssuePlan, *, today: dt.date) -> list[Edition]:
    return [
        Edition(
            plan=edition,
            template=render_edition(project, edition, today=today),
            config=project.config,
            secret=project.secret,
            filters=language_filters(edition.issue.language, business=project.config.business),
        )
        for edition in plan.editions
    ]


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
    project: Project,
    plan: IssuePlan,
    site: Sequence[Artifact],
    editions: Sequence[Edition],
    progress: Progress,
) -> Iterator[Artifact]:
    """Yield every file; the pages about the messages come after them."""
    yield from site
    mbox = f"private/messages/{plan.name}.mbox" if any(e.in_mbox for e in editions) else ""
    total = sum(edition.by_email.height for edition in editions)
    with progress.step("Writing messages", total) as step:
        for edition in editions:
            yield from edition.messages(step)
            edition.try_out(step)
        if mbox:
            yield Artifact(mbox, lambda: chain.from_iterable(e.mbox(step) for e in editions))
    raise_all(
        problem
        for e in editions
        for problem in problems_of(e.failures, e.template.slots, e.plan.recipients.height)
    )
    with progress.step("Writing merge files", 0):
        for edition in editions:
            yield from edition.merge_files()
    left_out = _left_out(plan, editions)
    reached = tuple(replace(edition.plan, recipients=edition.reached) for edition in editions)
    yield Artifact("private/left-out.csv", lambda: machine_csv([left_out]))
    if remarks := _remarks(project):
        yield Artifact("private/remarks.txt", _lines(remarks))
    page = index_page(
        replace(plan, editions=reached, left_out=left_out),
        [preview for edition in editions for preview in edition.previews],
        business=project.config.business.name,
        mbox=mbox,
    )
    yield Artifact("private/index.html", page)


def _remarks(project: Project) -> tuple[Problem, ...]:
    """Return what does not stop a build, but somebody should know."""
    return (*unfinished(project), *project.people.bad_rows, *project.people.remarks)


def _lines(remarks: Sequence[Problem]) -> bytes:
    return ("\n\n".join(map(str, remarks)) + "\n").encode()


def _left_out(plan: IssuePlan, editions: Sequence[Edition]) -> pl.DataFrame:
    """Return everybody whom the issue does not reach: by plan, or by a value in their row."""
    names = {
        key: name
        for edition in editions
        for key, name in edition.plan.recipients.select("id", "name").iter_rows()
    }
    failed = [
        (key, names[key], reason, None)
        for edition in editions
        for key, reason in left_out_of(edition.failures)
    ]
    failed_rows = pl.DataFrame(failed, schema=LEFT_OUT, orient="row")
    return pl.concat([plan.left_out, failed_rows]).sort("reason", "customer")


def _edition_report(edition: Edition) -> EditionReport:
    counts = edition.reached["via"].value_counts().sort("via")
    return EditionReport(language=edition.plan.issue.language, recipients=dict(counts.iter_rows()))
