"""The pipeline on one page: read → facts → plan → render → merge → export → write."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from newsletter.check.leaks import find_leaks
from newsletter.errors import raise_all
from newsletter.export.edition import Edition
from newsletter.export.index import index_page
from newsletter.export.table import machine_csv
from newsletter.facts import add_facts
from newsletter.facts.segments import add_segments
from newsletter.merge.failures import left_out_of, problems_of
from newsletter.merge.public import public_html, public_line
from newsletter.model.artifact import Artifact
from newsletter.model.entry import Issue
from newsletter.model.issue_page import IssuePage
from newsletter.model.plan import LEFT_OUT, IssuePlan
from newsletter.model.project import Project
from newsletter.model.report import BuildReport, EditionReport, Progress
from newsletter.plan import issue_entries, issue_since, newest_issue, plan_issue
from newsletter.read.project import read_project
from newsletter.render.filters import language_filters
from newsletter.render.issue import edition_names, render_edition
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
    project = read_project(root, today=today)
    name = issue or newest_issue(project)
    facts = facts_of(project, name=name, today=today)
    plan = plan_issue(project, facts, name=name, today=today)
    editions = _editions(project, plan, today=today)
    site = list(_site(project, facts, name=name, today=today))
    raise_all(find_leaks(facts, site))
    written = write_output(output, _artifacts(project, plan, site, editions, progress))
    return BuildReport(
        issue=name,
        editions=tuple(_edition_report(edition) for edition in editions),
        left_out=dict(Counter(_left_out(plan, editions)["reason"].to_list())),
        customers_used=project.people.customers.height,
        bad_rows=len(project.people.bad_rows),
        written=written.written,
        unchanged=written.unchanged,
        removed=written.removed,
        seconds=time.monotonic() - started,
        open_first=("private/index.html", "site/index.html"),
        remarks=project.people.bad_rows + project.people.remarks,
    )


def facts_of(project: Project, *, name: str, today: dt.date) -> pl.DataFrame:
    """Return what is known of each customer on the day, for one issue: facts and segments."""
    since = issue_since(project, name)
    facts = add_facts(project.people, project.config, today=today, since=since)
    return add_segments(facts, project.segments)


def _editions(project: Project, plan: IssuePlan, *, today: dt.date) -> list[Edition]:
    currency = project.config.business.currency
    return [
        Edition(
            plan=edition,
            template=render_edition(project, edition, today=today),
            config=project.config,
            secret=project.secret,
            filters=language_filters(edition.issue.language, currency=currency),
        )
        for edition in plan.editions
    ]


def _site(project: Project, facts: pl.DataFrame, *, name: str, today: dt.date) -> Iterator[Artifact]:
    """Yield the public site; messages link to the page of the issue, so it is there before its day."""
    pages = [
        _issue_page(project, issue, facts)
        for issue in project.issues
        if issue.date <= today or issue.name == name
    ]
    return site_artifacts(project, issue_pages=pages, today=today)


def _issue_page(project: Project, issue: Issue, facts: pl.DataFrame) -> IssuePage:
    names = edition_names(project, issue.language)
    wording = {"template": issue.template, "language": issue.language, "schema": facts.schema}
    return IssuePage(
        name=issue.name,
        language=issue.language,
        title=issue.title,
        date=issue.date,
        html=public_html(issue.body, names=names, **wording),
        summary=public_line(issue.preheader, names=names, **wording),
        entries=tuple(entry.slug for entry in issue_entries(project, issue)),
    )


def _artifacts(
    project: Project,
    plan: IssuePlan,
    site: Sequence[Artifact],
    editions: Sequence[Edition],
    progress: Progress,
) -> Iterator[Artifact]:
    """Yield every file; the pages about the messages come after them."""
    yield from site
    total = sum(edition.by_email.height for edition in editions)
    with progress.step("Writing messages", total) as step:
        for edition in editions:
            yield from edition.artifacts(step)
    raise_all(
        problem
        for edition in editions
        for problem in problems_of(edition.failures, edition.template.slots, edition.by_email.height)
    )
    left_out = _left_out(plan, editions)
    yield Artifact("private/left-out.csv", machine_csv([left_out.columns, *left_out.iter_rows()]))
    page = index_page(
        plan,
        [preview for edition in editions for preview in edition.previews],
        business=project.config.business.name,
        mbox="",
    )
    yield Artifact("private/index.html", page)


def _left_out(plan: IssuePlan, editions: Sequence[Edition]) -> pl.DataFrame:
    """Return everybody whom the issue does not reach: by plan, or because of a value in their row."""
    failed = {key: reason for edition in editions for key, reason in left_out_of(edition.failures)}
    names = {key: name for e in editions for key, name in e.plan.recipients.select("id", "name").iter_rows()}
    rows = [(key, names[key], reason, None) for key, reason in failed.items()]
    return pl.concat([plan.left_out, pl.DataFrame(rows, schema=LEFT_OUT, orient="row")]).sort("reason", "customer")


def _edition_report(edition: Edition) -> EditionReport:
    counts = edition.reached["via"].value_counts().sort("via")
    return EditionReport(language=edition.plan.issue.language, recipients=dict(counts.iter_rows()))
