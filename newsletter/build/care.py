"""The part of a build that is about the care plan: today's touchpoints, and all that is needed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from newsletter.errors import Problem, attempt
from newsletter.export.calendar import calendars
from newsletter.export.care.messages import by_email, care_messages
from newsletter.export.lists import excel_remarks, keep_filled, plan_file, worklists
from newsletter.export.pages.day import care_pages
from newsletter.export.pages.gifts import gift_list
from newsletter.export.print import print_remarks, printed
from newsletter.export.print.post import post_items
from newsletter.merge.touches import touches
from newsletter.merge.words import Stopped, wrong_words
from newsletter.model.artifact import Artifact
from newsletter.model.care import CarePlan, Touch
from newsletter.model.plan import ISSUE
from newsletter.model.project import Project
from newsletter.model.report import CareReport, Progress
from newsletter.plan.care import plan_day
from newsletter.plan.upcoming import upcoming


@dataclass(frozen=True, kw_only=True)
class CareBuild:
    """The plan of a day ready to be written."""

    project: Project
    plan: CarePlan
    touches: Sequence[Touch]
    lists: Sequence[Artifact]
    """Today's work lists, and all that somebody has filled in and not recorded."""
    remarks: tuple[Problem, ...]
    """What does not stop a build, but somebody should know."""

    def artifacts(self, progress: Progress) -> Iterator[Artifact]:
        """Yield every file of the plan; the pages come last, for they link to the others."""
        paths = []
        for artifact in self._files(progress):
            paths.append(artifact.path)
            yield artifact
        yield from care_pages(self.project, self.plan, self.touches, files=paths)

    def _files(self, progress: Progress) -> Iterator[Artifact]:
        project, plan, made = self.project, self.plan, self.touches
        with progress.step("Writing emails of practices", by_email(plan).height) as step:
            yield from care_messages(project, plan, step)
        with progress.step("Writing what people carry out", 0):
            yield plan_file(plan.table, "private/care/plan.csv", project.config)
            yield from self.lists
            yield from gift_list(project, plan)
            yield from calendars(project, made, upcoming=upcoming(project, plan), day=plan.day)
            items = post_items(project, plan, made)
            yield from printed(project, items, day=plan.day, folder="private/care/print")

    def report(self) -> CareReport:
        """Return how much there is to do, and how much is skipped by which rule."""
        own = self.plan.table.filter(pl.col("practice") != ISSUE)
        kept = own.filter(pl.col("skipped_because").is_null())
        return CareReport(
            day=str(self.plan.day),
            kept=_counts(kept["channel"]),
            skipped=_counts(own["rule"].drop_nulls()),
        )


def prepare_care(
    project: Project, *, output: Path, today: dt.date, problems: list[Problem]
) -> CareBuild | None:
    """
    Return the plan of the day with its words; what is wrong with them goes to *problems*.

    *output* is looked through for work lists that somebody has filled in.
    """
    plan = attempt(lambda: plan_day(project, today=today), problems)
    if plan is None:
        return None
    problems.extend(wrong_words(project, plan))
    stopped: list[Stopped] = []
    made = attempt(lambda: touches(project, plan, stopped=stopped), problems)
    if made is None:
        return None
    history, dates = project.people.tables["history"], project.config.dates
    lists, kept = keep_filled(output, worklists(project, plan, made), history, dates=dates)
    items = post_items(project, plan, made)
    remarks = (*kept, *map(_remark, stopped), *print_remarks(items), *excel_remarks())
    return CareBuild(project=project, plan=plan, touches=made, lists=lists, remarks=remarks)


def _counts(values: pl.Series) -> dict[str, int]:
    return dict(sorted(Counter(values.to_list()).items(), key=lambda pair: (-pair[1], pair[0])))


def _remark(stopped: Stopped) -> Problem:
    what = f"{stopped.practice} ({stopped.channel}) cannot be written to {stopped.customer}"
    hint = "correct the value in the customer's row; until then the touchpoint is left out"
    return Problem(message=f"{what}: {stopped.reason}", hint=hint)
