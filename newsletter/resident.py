"""A project that stays in memory: after a save, only what the saved file touches is new."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import polars as pl

from newsletter.errors import NewsletterError, raise_all
from newsletter.mailing.mailings import practice_mailings
from newsletter.mailing.words import MergedWords, merge_words
from newsletter.merge.failures import Failure
from newsletter.merge.merge import Merger
from newsletter.model.artifact import Question
from newsletter.model.care import CarePlan
from newsletter.model.picture_addresses import carried
from newsletter.model.practice import ISSUE, practice_called
from newsletter.model.project import People, Project
from newsletter.model.template import MessageTemplate
from newsletter.plan.issues import newest_issue
from newsletter.plan.planning import plan_day
from newsletter.plan.reuse import read_by_plans, with_texts
from newsletter.read.assembly import read_project
from newsletter.read.project_files import ParsedFiles
from newsletter.render.fragments import Fragments, Store
from newsletter.render.language_filters import language_filters
from newsletter.render.message_template import render_edition
from newsletter.site import site_day, site_files
from newsletter.site.links import file_of

_MOST_PLANS = 8
"""Plans in memory: of several days, with several issues."""

T = TypeVar("T")


class Resident:
    """
    Answers questions about the project in the folder *root*.

    Every answer looks at the files first. Problems that stop a build raise NewsletterError until
    the file is fixed. *store* saves bound texts between processes. Not thread-safe.
    """

    def __init__(self, root: Path, *, today: dt.date, store: Store | None = None) -> None:
        self.today = today
        """The day of the answers; the caller changes it at midnight."""
        self.planned = 0
        """Counts the plans that were made."""
        self._root, self._parsed, self._fragments = root, ParsedFiles(), Fragments(store)
        self._plans: dict[tuple[dt.date, str | None], _Planned] = {}
        self._site: dict[str, _Page] = {}

    def plan(self, day: dt.date | None = None, *, issue: str | None = None) -> CarePlan:
        """Return the plan of a day (default: today) with an issue (default: the waiting one)."""
        project = self._project(day or self.today)
        return self._plan(project, day or self.today, issue or newest_issue(project))

    def message(
        self,
        customer: str,
        *,
        practice: str = ISSUE,
        issue: str | None = None,
        day: dt.date | None = None,
    ) -> MergedWords:
        """
        Return the message of a *practice* to one customer on a day (default: today).

        A practice may be named by its title. That of issues sends an *issue* (default: the
        waiting one), whatever its date.

        Raises:
            NewsletterError: the customer does not get it, or a value of their row spoils it.
        """
        day = day or self.today
        project = self._project(day)
        if customer not in project.people.customers["id"]:
            raise NewsletterError.at(f"there is no customer '{customer}'")
        sender = practice_called(project.planned_practices, practice)
        issue = issue or newest_issue(project)
        plan = self._plan(project, day, issue)
        if sender.is_issue:
            return self._of_issue(project, plan, customer, issue)
        return self._of_practice(project, plan, customer, sender.name)

    def carried_pictures(self) -> Mapping[str, Path]:
        """Return Content-ID → file, of the pictures that messages carry."""
        versions = carried(self._project(self.today))
        return {cid: version.picture.file for cid, version in versions.items()}

    def page(self, path: str) -> bytes | Path:
        """
        Return a file of the site (`/updates/`, `/assets/style.css`).

        For a copied file, returns the path of its source.

        Raises:
            NewsletterError: the site has no such file.
        """
        project = self._project(self.today)
        file = f"site/{file_of(path)}"
        before = _PagesBefore(self._site, file)
        day = site_day(project, newest_issue(project), self.today)
        for artifact in site_files(project, self._fragments, today=day, previous=before):
            if artifact.path != file:
                continue
            if isinstance(artifact.content, Path):
                return artifact.content
            if before.holds(file, artifact.key) and file in self._site:
                return self._site[file].content
            content = artifact.content
            page = content if isinstance(content, bytes) else b"".join(content())
            if artifact.key:
                self._site[file] = _Page(artifact.key, artifact.asked, page)
            return page
        raise NewsletterError.at(f"the site has no page {path}")

    def _project(self, day: dt.date) -> Project:
        """Return the project; parses only files that changed."""
        return read_project(self._root, today=day, parsed=self._parsed)

    def _plan(self, project: Project, day: dt.date, issue: str | None) -> CarePlan:
        key = day, issue
        last = self._plans.pop(key, None)
        if last is None or not _is_planned_alike(last.project, project):
            plan = plan_day(project, today=day, issue=issue)
            self.planned += 1
        else:
            plan = with_texts(last.plan, project)
        if len(self._plans) >= _MOST_PLANS:
            del self._plans[next(iter(self._plans))]
        self._plans[key] = _Planned(project, plan)
        return plan

    def _of_issue(
        self, project: Project, plan: CarePlan, customer: str, name: str | None
    ) -> MergedWords:
        if name is None:
            raise NewsletterError.at("no issue is left to send", hint="name an issue")
        for edition in plan.issues[name].editions:
            person = edition.recipients.filter(pl.col("id") == customer)
            if person.height:
                template = render_edition(
                    project,
                    edition,
                    today=site_day(project, name, plan.day),
                    channel=person["via"].item(),
                    fragments=self._fragments,
                )
                return _merged(project, template, person)
        left_out = plan.issues[name].left_out.filter(pl.col("customer") == customer)
        raise _does_not_get(customer, name, left_out["reason"])

    def _of_practice(
        self, project: Project, plan: CarePlan, customer: str, name: str
    ) -> MergedWords:
        touchpoints = plan.table.filter(
            (pl.col("customer") == customer) & (pl.col("practice") == name)
        )
        mailings, problems = practice_mailings(
            project, replace(plan, table=touchpoints), fragments=self._fragments
        )
        raise_all(problems)
        if not mailings:
            reasons = touchpoints["skipped_because"]
            raise _does_not_get(customer, f"{name} on {plan.day}", reasons)
        mailing = mailings[0]
        if mailing.channel == "email":
            return _merged(project, mailing.template, mailing.people)
        return _unless_failed(next(merge_words(project, mailing.template, mailing.people)))


def _merged(project: Project, template: MessageTemplate, people: pl.DataFrame) -> MergedWords:
    filters = language_filters(template.language, business=project.config.business)
    result = next(Merger(template, filters=filters).texts(people))
    subject, text, html = _unless_failed(result)
    return MergedWords(html=html, text=text, subject=subject)


def _unless_failed(result: T | Failure) -> T:
    """Return the merged message; raise its failure."""
    if isinstance(result, Failure):
        at = result.slot.at if result.slot else None
        raise NewsletterError.at(f"{result.customer}: {result.message}", at)
    return result


def _does_not_get(customer: str, name: str, reasons: pl.Series) -> NewsletterError:
    reason = "; ".join(reasons) if len(reasons) else "it is not due"
    hint = f"newsletter explain {customer}"
    return NewsletterError.at(f"{customer} does not get {name}: {reason}", hint=hint)


@dataclass(frozen=True)
class _Planned:
    """A plan, and the project it was made from."""

    project: Project
    plan: CarePlan


@dataclass(frozen=True)
class _Page:
    """A page, and the key of its sources."""

    key: str
    asked: tuple[Question, ...]
    content: bytes


@dataclass(frozen=True)
class _PagesBefore:
    """Implements model.artifact.Previous: claims all pages, so that only *wanted* is made."""

    pages: Mapping[str, _Page]
    wanted: str

    def asked(self, path: str) -> tuple[Question, ...]:
        """Return the lookups made for the page."""
        return self.pages[path].asked if path in self.pages else ()

    def holds(self, path: str, key: str) -> bool:
        """Return whether the page need not be made."""
        if path != self.wanted:
            return True
        return path in self.pages and bool(key) and self.pages[path].key == key


def _is_planned_alike(before: Project, now: Project) -> bool:
    """Return whether everything that a plan reads is the same in both projects."""
    return read_by_plans(before) == read_by_plans(now) and _has_equal_tables(
        before.people, now.people
    )


def _has_equal_tables(before: People, now: People) -> bool:
    pairs = [
        (before.customers, now.customers),
        *((table, now.tables[name]) for name, table in before.tables.items()),
    ]
    return all(a is b or (a.schema == b.schema and a.equals(b)) for a, b in pairs)
