"""The files of an issue: messages, letters, merge files, index page, and the rows to record."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

import polars as pl

from newsletter.errors import Problem, raise_all
from newsletter.export.lists import table_to_read
from newsletter.export.messages import Messages, message_files, without
from newsletter.export.pages.index import index_page
from newsletter.export.print import print_remarks, printed
from newsletter.export.print.post import PostItem, post_items
from newsletter.export.print.typst import Press
from newsletter.export.programs.exports import issue_exports, programs_of
from newsletter.export.table import machine_file
from newsletter.mailing.households import with_households
from newsletter.mailing.mailings import EditionMailings, issue_mailings
from newsletter.mailing.touches import merged_touches, parted
from newsletter.merge.failures import Failure, left_out_of, problems_of
from newsletter.model.artifact import Artifact
from newsletter.model.care import LEFT_OUT, CarePlan, EditionPlan, IssuePlan, Touch
from newsletter.model.project import Project
from newsletter.model.report import EditionReport, Progress
from newsletter.plan.missed import missed
from newsletter.render.fragments import Fragments


@dataclass(frozen=True)
class _Edition:
    """An edition with its messages, and its merged letters."""

    plan: EditionPlan
    messages: Messages
    letters: Sequence[Touch]
    no_letter: Sequence[Failure]

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The failed messages and letters; complete once all messages are taken."""
        return (*self.messages.failures, *self.no_letter)

    @cached_property
    def reached(self) -> pl.DataFrame:
        """The recipients, without those whose message or letter failed."""
        return without(self.plan.recipients, self.failures)


@dataclass(frozen=True)
class IssueFiles:
    """An issue ready to be written; its reports are complete once its artifacts are taken."""

    project: Project
    plan: IssuePlan
    editions: tuple[_Edition, ...]
    post: Sequence[PostItem]
    """The letters of the issue, in the order of the editions."""
    day: dt.date
    """The day of the build."""
    press: Press | None
    """None: typst is not installed."""
    lapsed: bool
    """Whether the care plan lists what lapsed in a time away."""

    def artifacts(self, progress: Progress) -> Iterator[Artifact]:
        """Yield every file of the issue; the pages about the messages come after them."""
        yield from self._messages(progress)
        raise_all(
            problem
            for edition in self.editions
            for problem in problems_of(edition.failures, edition.plan.recipients.height)
        )
        with progress.step("Writing merge files", 0):
            for edition in self.editions:
                yield from edition.messages.merge_files(edition.reached)
        if self.project.config.exports:
            messages = [edition.messages for edition in self.editions]
            with progress.step("Writing exports for other programs", 0):
                yield from issue_exports(self.project, messages, name=self.plan.name, day=self.day)
        folder = f"private/print/{self.plan.name}"
        on_paper = []
        for artifact in printed(
            self.project, self.post, press=self.press, day=self.day, folder=folder
        ):
            on_paper.append(artifact.path)
            yield artifact
        yield table_to_read(self.left_out, "private/left-out.csv", self.project.config)
        yield machine_file(f"private/record/{self.plan.name}.csv", self._to_record())
        yield self._index(on_paper)

    def remarks(self) -> tuple[Problem, ...]:
        """Return remarks to read before printing the letters."""
        return tuple(print_remarks(self.post, self.press))

    def reports(self) -> tuple[EditionReport, ...]:
        """Return the recipients of each edition by channel."""
        return tuple(_edition_report(edition) for edition in self.editions)

    def reasons(self) -> dict[str, int]:
        """Return how many customers are left out for each reason."""
        return dict(Counter(self.left_out["reason"].to_list()))

    @cached_property
    def left_out(self) -> pl.DataFrame:
        """Customers whom the issue does not reach: by plan, or because of a value in their row."""
        names = {
            key: name
            for edition in self.editions
            for key, name in edition.plan.recipients.select("id", "name").iter_rows()
        }
        failed = [
            (failure.customer, names[failure.customer], reason, None)
            for edition in self.editions
            for failure, reason in left_out_of(edition.failures, self.project.reasons)
        ]
        failed_rows = pl.DataFrame(failed, schema=LEFT_OUT, orient="row")
        return pl.concat([self.plan.left_out, failed_rows]).sort("reason", "customer")

    def _messages(self, progress: Progress) -> Iterator[Artifact]:
        parts = [edition.messages for edition in self.editions]
        total = sum(messages.mailing.people.height for messages in parts)
        with progress.step("Writing messages", total) as step:
            yield from message_files(parts, step, mbox=self._mbox)

    @property
    def _mbox(self) -> str:
        return f"private/messages/{self.plan.name}.mbox"

    def _index(self, on_paper: Sequence[str]) -> Artifact:
        editions = tuple(replace(e.plan, recipients=e.reached) for e in self.editions)
        mbox = [edition.messages for edition in self.editions if edition.messages.in_mbox]
        return index_page(
            self.project,
            replace(self.plan, editions=editions, left_out=self.left_out),
            [preview for edition in self.editions for preview in edition.messages.previews],
            mbox=self._mbox if mbox else "",
            printed=on_paper,
            lapsed=self.lapsed,
        )

    def _to_record(self) -> pl.DataFrame:
        """Return the rows to add to the history, without customers whose message failed."""
        failures = chain.from_iterable(edition.failures for edition in self.editions)
        failed = {failure.customer for failure in failures}
        return self.plan.record.filter(~pl.col("customer").is_in(list(failed))).sort("customer")


def issue_files(  # noqa: PLR0913  # each is a value of its own
    project: Project,
    plan: CarePlan,
    name: str,
    *,
    today: dt.date,
    fragments: Fragments,
    press: Press | None,
) -> IssueFiles:
    """
    Return the issue of that *name* with its message templates.

    *today* is the day on which its links must lead somewhere.

    Raises:
        NewsletterError: with what is wrong with its texts.
    """
    programs_of(project)
    mailings = issue_mailings(project, plan, name, today=today, fragments=fragments)
    editions = tuple(_edition(project, mailing, fragments) for mailing in mailings)
    letters = [touch for edition in editions for touch in edition.letters]
    post = post_items(project, plan, with_households(project, letters))
    lapsed = missed(project, plan) is not None
    return IssueFiles(project, plan.issues[name], editions, post, plan.day, press, lapsed)


def _edition(project: Project, mailings: EditionMailings, fragments: Fragments) -> _Edition:
    messages = Messages(project, mailings.by_email, within="private", results=fragments)
    letters, failures = parted(merged_touches(project, mailings.by_letter))
    if len(letters) > project.config.output.most_single_files:
        letters = []  # large numbers of letters are printed elsewhere, from the merge file
    return _Edition(mailings.plan, messages, letters, failures)


def _edition_report(edition: _Edition) -> EditionReport:
    counts = edition.reached["via"].value_counts().sort("via")
    return EditionReport(language=edition.plan.issue.language, recipients=dict(counts.iter_rows()))
