"""The part of a build that is about one issue: its messages, merge files and index page."""

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
from newsletter.model.tables import HISTORY
from newsletter.render.filters import language_filters
from newsletter.render.issue import render_edition


@dataclass(frozen=True)
class IssueBuild:
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
        """Return the history's rows of everybody whom the issue reaches: for `record`."""
        rows = [_history(edition, self.plan.name) for edition in self.editions]
        return pl.concat(rows).sort("customer")


def prepare_issue(project: Project, plan: IssuePlan, *, today: dt.date) -> IssueBuild:
    """Return the issue with its message templates; raises what is wrong with them."""
    editions = tuple(
        Edition(
            plan=edition,
            template=render_edition(project, edition, today=today),
            config=project.config,
            secret=project.secret,
            filters=language_filters(edition.issue.language, business=project.config.business),
        )
        for edition in plan.editions
    )
    return IssueBuild(project, plan, editions)


def _in_one_file(editions: Sequence[Edition], step: Step) -> Iterator[bytes]:
    return chain.from_iterable(edition.mbox(step) for edition in editions)


def _edition_report(edition: Edition) -> EditionReport:
    counts = edition.reached["via"].value_counts().sort("via")
    return EditionReport(language=edition.plan.issue.language, recipients=dict(counts.iter_rows()))


def _history(edition: Edition, issue: str) -> pl.DataFrame:
    plan = edition.plan
    shown = [
        pl.when(pl.col(entry.flag)).then(pl.lit(entry.slug))
        for entry in (*plan.entries, *plan.answers)
    ]
    no_entries = pl.lit([], dtype=pl.List(pl.String()))
    entries = pl.concat_list(shown).list.drop_nulls() if shown else no_entries
    known = edition.reached.select(
        customer="id",
        date=pl.lit(plan.issue.date),
        practice=pl.lit("issue"),
        channel="via",
        issue=pl.lit(issue),
        entries=entries,
        key=pl.lit(issue),
    )
    missing = [pl.lit(None, kind).alias(n) for n, kind in HISTORY.items() if n not in known]
    return known.with_columns(missing).select(pl.col(n).cast(kind) for n, kind in HISTORY.items())
