"""The files of an issue: its messages, merge files, index page, and what `record` adds."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import chain

import polars as pl

from newsletter.errors import raise_all
from newsletter.export.edition import Edition
from newsletter.export.pages.index import index_page
from newsletter.export.table import machine_csv
from newsletter.merge.failures import left_out_of, problems_of
from newsletter.model.artifact import Artifact
from newsletter.model.plan import LEFT_OUT, IssuePlan
from newsletter.model.project import Project
from newsletter.model.report import EditionReport, Progress, Step
from newsletter.render.filters import language_filters
from newsletter.render.fragments import Fragments
from newsletter.render.issue import render_edition


@dataclass(frozen=True)
class IssueFiles:
    """An issue ready to be written; its reports are complete when its artifacts were taken."""

    project: Project
    plan: IssuePlan
    editions: tuple[Edition, ...]

    def artifacts(self, progress: Progress) -> Iterator[Artifact]:
        """Yield every file of the issue; the pages about the messages come after them."""
        yield from self._messages(progress)
        raise_all(
            problem
            for e in self.editions
            for problem in problems_of(e.failures, e.plan.recipients.height)
        )
        with progress.step("Writing merge files", 0):
            for edition in self.editions:
                yield from edition.merge_files()
        yield Artifact("private/left-out.csv", lambda: machine_csv([self.left_out]))
        record = f"private/record/{self.plan.name}.csv"
        yield Artifact(record, lambda: machine_csv([self._to_record()]))
        yield Artifact("private/index.html", self._index())

    def reports(self) -> tuple[EditionReport, ...]:
        """Return who gets which edition, and how."""
        return tuple(_edition_report(edition) for edition in self.editions)

    def reasons(self) -> dict[str, int]:
        """Return how many are left out for each reason."""
        return dict(Counter(self.left_out["reason"].to_list()))

    @cached_property
    def left_out(self) -> pl.DataFrame:
        """Everybody whom the issue does not reach: by plan, or by a value in their row."""
        names = {
            key: name
            for edition in self.editions
            for key, name in edition.plan.recipients.select("id", "name").iter_rows()
        }
        failed = [
            (key, names[key], reason, None)
            for edition in self.editions
            for key, reason in left_out_of(edition.failures)
        ]
        failed_rows = pl.DataFrame(failed, schema=LEFT_OUT, orient="row")
        return pl.concat([self.plan.left_out, failed_rows]).sort("reason", "customer")

    def _messages(self, progress: Progress) -> Iterator[Artifact]:
        total = sum(edition.by_email.height for edition in self.editions)
        with progress.step("Writing messages", total) as step:
            for edition in self.editions:
                yield from edition.messages(step)
                edition.try_out(step)
            if self._mbox:
                content = partial(_in_one_file, self.editions, step)
                yield Artifact(self._mbox, content)

    @property
    def _mbox(self) -> str:
        if not any(edition.in_mbox for edition in self.editions):
            return ""
        return f"private/messages/{self.plan.name}.mbox"

    def _index(self) -> bytes:
        reached = tuple(replace(e.plan, recipients=e.reached) for e in self.editions)
        return index_page(
            self.project,
            replace(self.plan, editions=reached, left_out=self.left_out),
            [preview for edition in self.editions for preview in edition.previews],
            mbox=self._mbox,
        )

    def _to_record(self) -> pl.DataFrame:
        """Return the rows of the history but for those whose message could not be made."""
        failed = {failure.customer for edition in self.editions for failure in edition.failures}
        return self.plan.record.filter(~pl.col("customer").is_in(list(failed))).sort("customer")


def issue_files(
    project: Project, plan: IssuePlan, *, today: dt.date, fragments: Fragments | None = None
) -> IssueFiles:
    """Return the issue with its message templates; raises what is wrong with them."""
    editions = tuple(
        Edition(
            plan=edition,
            template=render_edition(project, edition, today=today, fragments=fragments),
            config=project.config,
            secret=project.secret,
            filters=language_filters(edition.issue.language, business=project.config.business),
        )
        for edition in plan.editions
    )
    return IssueFiles(project, plan, editions)


def _in_one_file(editions: Sequence[Edition], step: Step) -> Iterator[bytes]:
    return chain.from_iterable(edition.mbox(step) for edition in editions)


def _edition_report(edition: Edition) -> EditionReport:
    counts = edition.reached["via"].value_counts().sort("via")
    return EditionReport(language=edition.plan.issue.language, recipients=dict(counts.iter_rows()))
