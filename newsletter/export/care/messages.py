"""Practices by email: the same messages and merge files as of an issue, below private/care/."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

import polars as pl

from newsletter.errors import NewsletterError, Problem, attempt, raise_all
from newsletter.export.edition import Edition
from newsletter.export.pages.previews import message_index
from newsletter.mailing.recipients import WORDS, known
from newsletter.mailing.words import Stopped
from newsletter.merge.failures import left_out_of, problems_of
from newsletter.model.artifact import Artifact
from newsletter.model.care import CarePlan
from newsletter.model.entry import Issue
from newsletter.model.plan import PRACTICE, EditionPlan
from newsletter.model.practice import PERSONAL, Practice, Words
from newsletter.model.project import Project
from newsletter.model.report import Step
from newsletter.model.source import Source
from newsletter.plan.reach import on_list
from newsletter.render.filters import language_filters
from newsletter.render.fragments import Fragments
from newsletter.render.issue import render_edition

_WITHIN = "private/care"


def care_messages(
    project: Project,
    plan: CarePlan,
    step: Step,
    *,
    stopped: list[Stopped] | None = None,
    fragments: Fragments | None = None,
) -> Iterator[Artifact]:
    """
    Yield the emails of a day, for each practice and language, and a page to look at them all.

    messages/DAY/PRACTICE/LANGUAGE/ holds each as .eml and page, messages/DAY/PRACTICE.mbox all of
    a practice; merge/DAY/PRACTICE/ the merge files; messages/DAY/index.html who gets what. *step*
    advances by one for each of `by_email`. A value that cannot stand in a message stops that one,
    which is added to *stopped*.

    Raises:
        NewsletterError: with all words that are broken, or print what a customer does not have.
    """
    _check(project, by_email(plan))
    batches = list(_batches(project, plan, fragments))
    for batch in batches:
        yield from _files(batch, step)
    raise_all(
        problem
        for batch in batches
        for e in batch.editions
        for problem in problems_of(e.failures, e.plan.recipients.height)
    )
    for batch in batches:
        for edition in batch.editions:
            yield from edition.merge_files()
    stops = [stop for batch in batches for stop in _stopped(batch)]
    if stopped is not None:
        stopped += stops
    if batches:
        yield Artifact(
            f"{_WITHIN}/messages/{plan.day}/index.html",
            message_index(
                project,
                {
                    batch.practice.name: [p for e in batch.editions for p in e.previews]
                    for batch in batches
                },
                stopped=stops,
                day=plan.day,
            ),
        )


def by_email(plan: CarePlan) -> pl.DataFrame:
    """Return the rows of the plan that become emails; the newsletter issue has its own."""
    return plan.kept.filter((pl.col("channel") == "email") & PERSONAL)


@dataclass(frozen=True)
class _Batch:
    """A practice in all languages."""

    practice: Practice
    editions: Sequence[Edition]
    day: dt.date


def _check(project: Project, kept: pl.DataFrame) -> None:
    """
    Look once more, in the tables themselves, that all of *kept* may be emailed.

    The plan has seen to it; but what leaves the house leaves here.
    """
    agreed = project.people.customers.filter(
        pl.col("consent_email")
        & pl.col("email").is_not_null()
        & ~pl.col("closed").fill_null(value=False)
        & ~on_list(project.people.tables["suppressed"])
    )
    others = kept.filter(~pl.col("customer").is_in(agreed["id"].implode()))
    if others.height:
        message = f"the plan has an email to {others['customer'][0]}, who must not get any"
        hint = "this is a fault of the program: please report it, and send nothing"
        raise NewsletterError.at(message, hint=hint)


def _batches(project: Project, plan: CarePlan, fragments: Fragments | None) -> Iterator[_Batch]:
    problems: list[Problem] = []
    found = []
    for practice in project.practices:
        kept = by_email(plan).filter(pl.col("practice") == practice.name)
        people = known(project, plan, practice, kept=kept).with_columns(via=pl.lit("email"))
        editions = [
            attempt(partial(_edition, project, edition, fragments), problems)
            for edition in _plans(practice, people, plan.day)
        ]
        found.append((practice, editions))
    raise_all(problems)
    for practice, editions in found:
        if editions:
            yield _Batch(practice, [e for e in editions if e], plan.day)


def _plans(practice: Practice, people: pl.DataFrame, day: dt.date) -> Iterator[EditionPlan]:
    for language in people[WORDS].unique().sort():
        own = people.filter(pl.col(WORDS) == language).drop(WORDS)
        yield EditionPlan(
            issue=_letter(practice, practice.words[language], day),
            entries=(),
            answers=(),
            recipients=own.sort("id"),
            layout=PRACTICE,
            gift=practice.gift_in(language),
        )


def _letter(practice: Practice, words: Words, day: dt.date) -> Issue:
    """Return the practice as what layouts print; its greeting is what a mailbox shows first."""
    body = words.bodies["email"]
    return Issue(
        name=practice.name,
        language=words.language,
        title=words.title,
        date=day,
        subject=words.subject or Source(words.title, practice.at),
        preheader=Source("", body.at),
        template=words.template,
        body=body,
    )


def _edition(project: Project, plan: EditionPlan, fragments: Fragments | None) -> Edition:
    config, language = project.config, plan.issue.language
    return Edition(
        plan=plan,
        template=render_edition(project, plan, today=plan.issue.date, fragments=fragments),
        config=config,
        secret=project.secret,
        filters=language_filters(language, business=config.business),
        within=_WITHIN,
    )


def _files(batch: _Batch, step: Step) -> Iterator[Artifact]:
    for edition in batch.editions:
        yield from edition.messages(step)
        edition.try_out(step)
    if any(edition.in_mbox for edition in batch.editions):
        path = f"{_WITHIN}/messages/{batch.day}/{batch.practice.name}.mbox"
        yield Artifact(
            path, lambda: chain.from_iterable(edition.mbox(step) for edition in batch.editions)
        )


def _stopped(batch: _Batch) -> Iterator[Stopped]:
    for edition in batch.editions:
        for customer, reason in left_out_of(edition.failures):
            yield Stopped(
                customer=customer, practice=batch.practice.name, channel="email", reason=reason
            )
