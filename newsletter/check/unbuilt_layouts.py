"""Faults of the layouts of messages in a project that cannot be built."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import polars as pl

from newsletter.errors import Problem, attempt
from newsletter.mailing.recipients import ADDED
from newsletter.model.artifact import NothingBefore
from newsletter.model.care import PRACTICE, EditionPlan
from newsletter.model.entry import Entry, Issue
from newsletter.model.practice import Practice
from newsletter.model.project import PartOfProject, Project
from newsletter.model.source import Source
from newsletter.plan.issues import KINDS_IN_ISSUES
from newsletter.plan.practice_names import names_of
from newsletter.read.content.reason_phrases import read_reasons
from newsletter.render.fragments import Fragments
from newsletter.render.message_template import render_edition
from newsletter.site import site_files


def layout_faults(
    part: PartOfProject, columns: Mapping[str, pl.DataType], *, today: dt.date
) -> list[Problem]:
    """
    Return the faults of the layouts of issues and practices in each of their languages.

    They are filled with texts that stand in for those of the project, for nobody. *columns* are
    those of the customers. Without settings and theme, layouts cannot be judged.
    """
    problems: list[Problem] = []
    if project := _whole(part):
        for edition in (*_issues(project, columns), *_practices(project, columns, today)):
            attempt(partial(render_edition, project, edition, today=today), problems)
        site = partial(site_files, project, Fragments(), today=today, previous=NothingBefore())
        attempt(lambda: list(site()), problems)
    return problems


def _whole(part: PartOfProject) -> Project | None:
    """Return *part* with what layouts do not print, as far as they can be filled."""
    if isinstance(part, Project):
        return part
    if part.config is None or part.theme is None or part.people is None:
        return None
    reasons = read_reasons(part.config)
    return Project(**vars(part), root=Path(), secret=b"", reasons=reasons)


def _issues(project: Project, columns: Mapping[str, pl.DataType]) -> Iterator[EditionPlan]:
    by_language = {issue.language: issue for issue in project.issues}
    for language, issue in by_language.items():
        entries = tuple(_blank(project.entries, language))
        flags = dict.fromkeys((entry.flag for entry in entries), pl.Boolean())
        yield EditionPlan(
            issue=_with_stand_ins(issue),
            entries=entries,
            answers=(),
            recipients=_nobody({**columns, **flags}),
            gift=issue.voucher,
        )


def _blank(entries: Iterable[Entry], language: str) -> Iterator[Entry]:
    """Yield one entry of each kind in *language*, with a stand-in for its text."""
    of_kinds = {entry.kind: entry for entry in entries if entry.language == language}
    for kind in KINDS_IN_ISSUES:
        if entry := of_kinds.get(kind):
            yield replace(entry, body=entry.body.stand_in(), button=None)


def _practices(
    project: Project, columns: Mapping[str, pl.DataType], today: dt.date
) -> Iterator[EditionPlan]:
    by_language: dict[str, Practice] = {}
    for practice in project.practices:
        for language, words in practice.words.items():
            if "email" in words.bodies and not practice.draft:
                by_language.setdefault(language, practice)
    for language, practice in by_language.items():
        text = practice.words[language].bodies["email"].stand_in()
        letter = Issue(
            name=practice.name,
            language=language,
            title=practice.words[language].title,
            date=today,
            subject=text,
            preheader=text,
            body=text,
        )
        yield EditionPlan(
            issue=letter,
            entries=(),
            answers=(),
            recipients=_nobody(names_of(practice, columns)),
            layout=PRACTICE,
        )


def _nobody(columns: Mapping[str, pl.DataType]) -> pl.DataFrame:
    return pl.DataFrame(schema={**columns, **ADDED, "via": pl.String()})


def _with_stand_ins(issue: Issue) -> Issue:
    subject, preheader, body = map(Source.stand_in, (issue.subject, issue.preheader, issue.body))
    return replace(issue, subject=subject, preheader=preheader, body=body)
