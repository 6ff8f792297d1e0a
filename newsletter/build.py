"""The pipeline on one page: read → facts → plan → render → merge → mailing → export → write."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from newsletter.check.leaks import find_leaks, public_lines, publishable, values_key
from newsletter.check.never_bought import never_bought
from newsletter.check.picture_remarks import unshown_pictures
from newsletter.check.remarks import of_days, of_texts, unwritten
from newsletter.check.unbuilt_texts import unbuilt_faults
from newsletter.errors import Problem, attempt, raise_all
from newsletter.export.calendar import calendars
from newsletter.export.clipping import clipped_remarks
from newsletter.export.issue_files import IssueFiles, issue_files
from newsletter.export.lists import excel_remarks, keep_filled, plan_file, worklists
from newsletter.export.pages.day import care_pages
from newsletter.export.pages.gifts import gift_list, gifts_to_buy
from newsletter.export.plain_text import text_for_people
from newsletter.export.practice_emails import PracticeEmails, practice_emails
from newsletter.export.print import print_remarks, printed
from newsletter.export.print.post import PostItem, post_items
from newsletter.export.print.typst import Press, open_press
from newsletter.mailing.mailings import practice_mailings
from newsletter.mailing.touches import tasks_of
from newsletter.mailing.words import wrong_words
from newsletter.model.artifact import Artifact
from newsletter.model.care import CarePlan, Touch
from newsletter.model.project import Project
from newsletter.model.report import BuildReport, Progress
from newsletter.plan.care_report import care_report
from newsletter.plan.issues import issue_to_build
from newsletter.plan.personal_links import tokens as customer_tokens
from newsletter.plan.upcoming import upcoming
from newsletter.read.assembly import read_whole_texts
from newsletter.read.in_git import private_in_git
from newsletter.render.fragments import Fragments
from newsletter.site import site_day, site_files
from newsletter.write import WriteReport, write_output
from newsletter.write.fragment_store import fragment_store
from newsletter.write.last_build import look_at, remember
from newsletter.write.last_plan import planned
from newsletter.write.ledger import Ledger, read_ledger
from newsletter.write.picture_store import with_made_pictures
from newsletter.write.program import program_version


def build(
    root: Path, *, output: Path, today: dt.date, issue: str | None, progress: Progress
) -> BuildReport:
    """
    Build everything: messages and merge files of one issue, the care plan and the public site.

    *issue* is the name of an issue; None: the newest that has not gone out, if there is one.

    Raises:
        NewsletterError: with every problem of the user's files. The output before is then whole.
    """
    started = time.monotonic()
    look = look_at(root, output, issue=issue, today=today)
    version = program_version()
    before = read_ledger(look.output, version=version)
    with progress.step("Reading files", 0):
        project, faults = _read(root, output=look.output, today=today)
    name = issue_to_build(project, issue, faults)
    day = site_day(project, name, today)
    project = with_made_pictures(project, before, until=day, problems=faults, progress=progress)
    with fragment_store(look.output, version=version) as store:
        fragments = Fragments(store)
        means = _Means(fragments, open_press(fonts=look.surroundings, results=fragments), before)
        with progress.step("Choosing who gets what", 0):
            parts = _prepared(project, means, faults, name=name, today=today)
        with progress.step("Searching the site for customers' data", 0):
            searched = _searched(project, parts, before)
        files = _artifacts(project, parts, means, progress)
        written = write_output(output, files, ledger=before, searched=searched)
    report = _report(project, parts, written, seconds=time.monotonic() - started)
    remember(
        look,
        report,
        folders=project.folders,
        timezone=project.config.timezone,
        written=written.written,
    )
    return report


def _read(root: Path, *, output: Path, today: dt.date) -> tuple[Project, list[Problem]]:
    """Return the project and the problems of its texts; if there are others, raise all."""
    project, faults = read_whole_texts(root, today=today)
    if not isinstance(project, Project):
        raise_all((*faults, *unbuilt_faults(project, today=today)))
    assert isinstance(project, Project)  # otherwise there were problems
    return project, [*faults, *private_in_git(project, output=output)]


def _report(
    project: Project, parts: _Parts, written: WriteReport, *, seconds: float
) -> BuildReport:
    """Return the editions with recipients, and the files written."""
    return BuildReport(
        issue=parts.issue.plan.name if parts.issue else "",
        editions=parts.issue.reports() if parts.issue else (),
        left_out=parts.issue.reasons() if parts.issue else {},
        customers_used=project.people.customers.height,
        bad_rows=len(project.people.bad_rows),
        written=len(written.written),
        unchanged=len(written.unchanged),
        removed=len(written.removed),
        seconds=seconds,
        open_first=_open_first(project, parts),
        care=care_report(parts.plan) if parts.work else None,
        remarks=parts.all_remarks(),
        language=project.config.language,
        has_site=project.has_site,
    )


def _searched(project: Project, parts: _Parts, before: Ledger) -> str:
    """Search the site for customers' data; return the key of the values searched for."""
    facts = parts.plan.everybody
    tokens = customer_tokens(facts["id"], secret=project.secret)
    allowed = publishable(project)
    searched = values_key(facts, allowed=allowed, tokens=tokens)
    new = before.unsearched(parts.site, searched)
    raise_all(find_leaks(facts, new, allowed=allowed, tokens=tokens, lines=public_lines(project)))
    return searched


@dataclass(frozen=True)
class _Means:
    """The cached texts, the press and the previous output, which all files share."""

    fragments: Fragments
    press: Press | None
    """None: typst is not installed."""
    before: Ledger


@dataclass(frozen=True, kw_only=True)
class _Work:
    """The tasks that people carry out on the day."""

    touches: Sequence[Touch]
    emails: PracticeEmails
    lists: Sequence[Artifact]
    """Today's work lists, and all filled-in lists that are not recorded."""
    post: Sequence[PostItem]
    remarks: tuple[Problem, ...]


@dataclass(frozen=True, kw_only=True)
class _Parts:
    """All parts of a build, ready to be written."""

    plan: CarePlan
    site: Sequence[Artifact]
    issue: IssueFiles | None
    work: _Work | None
    """None: the project has no practices."""
    remarks: tuple[Problem, ...]

    def all_remarks(self) -> tuple[Problem, ...]:
        """Return the remarks with those about finished messages, once these are made."""
        issue = [edition.messages for edition in self.issue.editions] if self.issue else []
        practices = self.work.emails.messages if self.work else ()
        return (*clipped_remarks([*issue, *practices]), *self.remarks)


def _prepared(
    project: Project, means: _Means, problems: list[Problem], *, name: str | None, today: dt.date
) -> _Parts:
    """Return all parts; raise *problems* and those of all parts at once."""
    day = site_day(project, name, today)
    plan = attempt(lambda: planned(project, today=today, issue=name, last=means.before), problems)
    issue = work = None
    problems += unwritten(project, plan) if plan else ()
    if plan and name:
        issue = attempt(
            lambda: issue_files(
                project, plan, name, today=day, fragments=means.fragments, press=means.press
            ),
            problems,
        )
    if plan and project.practices:
        work = _work(project, plan.of_the_day, means, problems)
    site = attempt(
        lambda: list(site_files(project, means.fragments, today=day, previous=means.before)),
        problems,
    )
    if problems:
        raise_all((*problems, *unbuilt_faults(project, today=today)))
    assert plan and site is not None
    remarks = _remarks(project, plan, issue, work)
    return _Parts(plan=plan, site=site, issue=issue, work=work, remarks=remarks)


def _work(
    project: Project, plan: CarePlan, means: _Means, problems: list[Problem]
) -> _Work | None:
    """
    Return the day's work with its texts; their problems go to *problems*.

    Searches the output for work lists that somebody has filled in.
    """
    fragments = means.fragments
    problems.extend(wrong_words(project, plan, fragments=fragments))
    mailings, wrong = practice_mailings(project, plan, fragments=fragments)
    tasks = tasks_of(project, plan, mailings)
    problems += (*wrong, *tasks.problems)
    emails = attempt(
        lambda: practice_emails(project, mailings, day=plan.day, results=fragments), problems
    )
    if emails is None:
        return None
    history, dates = project.people.tables["history"], project.config.dates
    lists, filled_in = keep_filled(
        means.before.output, worklists(project, plan, tasks.touches), history, dates=dates
    )
    post = post_items(project, plan, tasks.touches)
    remarks = (
        *filled_in,
        *(stopped.remark for stopped in tasks.stopped),
        *print_remarks(post, means.press),
        *excel_remarks(),
    )
    return _Work(touches=tasks.touches, emails=emails, lists=lists, post=post, remarks=remarks)


def _remarks(
    project: Project,
    plan: CarePlan,
    issue: IssueFiles | None,
    work: _Work | None,
) -> tuple[Problem, ...]:
    """Return each finding that does not stop a build, once."""
    people = project.people
    on_files = (*(issue.remarks() if issue else ()), *(work.remarks if work else ()))
    texts = (*of_texts(project), *never_bought(project), *unshown_pictures(project))
    remarks = (*texts, *of_days(project, plan), *people.bad_rows, *people.remarks, *on_files)
    return tuple(dict.fromkeys(remarks))


def _artifacts(
    project: Project, parts: _Parts, means: _Means, progress: Progress
) -> Iterator[Artifact]:
    """Yield every file."""
    yield from parts.site
    if parts.issue:
        yield from parts.issue.artifacts(progress)
    if parts.work:
        yield from _care(project, parts.plan, parts.work, means.press, progress)
    if remarks := parts.all_remarks():
        text = "\n\n".join(map(str, remarks)) + "\n"
        yield Artifact("private/remarks.txt", text_for_people(text))


def _care(
    project: Project, plan: CarePlan, work: _Work, press: Press | None, progress: Progress
) -> Iterator[Artifact]:
    """Yield every file of the care plan; pages come last because they link to the others."""
    paths = []
    to_buy = gifts_to_buy(project, plan.of_the_day)
    gifts = gift_list(project, plan.of_the_day, to_buy=to_buy)
    for artifact in chain(_care_files(project, plan, work, press, progress), gifts):
        paths.append(artifact.path)
        yield artifact
    yield from care_pages(project, plan.of_the_day, work.touches, files=paths, to_buy=to_buy)


def _care_files(
    project: Project, plan: CarePlan, work: _Work, press: Press | None, progress: Progress
) -> Iterator[Artifact]:
    today = plan.of_the_day
    noted = plan.gifts, work.touches
    with progress.step("Writing emails of practices", work.emails.total) as step:
        yield from work.emails.artifacts(step)
    with progress.step("Writing work lists, letters and calendars", 0):
        yield plan_file(plan.table, "private/care/plan.csv", project.config, *noted)
        yield from work.lists
        ahead, folder = upcoming(project, today), "private/care/print"
        yield from calendars(project, work.touches, upcoming=ahead, day=plan.day)
        yield from printed(project, work.post, press=press, day=plan.day, folder=folder)


def _open_first(project: Project, parts: _Parts) -> tuple[str, ...]:
    """Return the files to look at first, the most private first."""
    issue = ("private/index.html",) if parts.issue else ()
    care = ("private/care/index.html",) if parts.work else ()
    site = ("site/index.html",) if project.has_site else ()
    return (*issue, *care, *site)
