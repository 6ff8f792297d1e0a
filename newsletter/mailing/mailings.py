"""Practices as mailings, by channel and language; issues by edition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import polars as pl

from newsletter.errors import Problem, attempt
from newsletter.mailing import Mailing
from newsletter.mailing.recipients import WORDS, recipients
from newsletter.mailing.words import WordBinder
from newsletter.model.care import PRACTICE, CarePlan, EditionPlan
from newsletter.model.channels import CHANNELS
from newsletter.model.entry import Issue
from newsletter.model.practice import PERSONAL, Practice
from newsletter.model.project import Project
from newsletter.model.source import Source
from newsletter.model.template import MessageTemplate
from newsletter.render.fragments import Fragments
from newsletter.render.message_template import render_edition


class PracticeMailings(NamedTuple):
    """The mailings of a day's practices, and the problems of texts that cannot be sent."""

    mailings: list[Mailing]
    """In the order of the practices; of each by channel and language."""
    problems: list[Problem]


class _Group(NamedTuple):
    """Customers who get the same text."""

    practice: Practice
    channel: str
    language: str
    people: pl.DataFrame
    rows: pl.DataFrame


def practice_mailings(
    project: Project,
    plan: CarePlan,
    *,
    channels: Collection[str] = tuple(CHANNELS),
    fragments: Fragments | None = None,
) -> PracticeMailings:
    """Return the mailings of planned touchpoints by *channels*, without issues."""
    planned = plan.planned.with_row_index("_row")
    planned = planned.filter(PERSONAL & pl.col("channel").is_in(list(channels)))
    problems: list[Problem] = []
    mailings = [
        attempt(partial(_mailing, project, plan, group, fragments), problems)
        for group in _groups(project, plan, planned)
    ]
    return PracticeMailings([mailing for mailing in mailings if mailing], problems)


def _groups(project: Project, plan: CarePlan, planned: pl.DataFrame) -> Iterator[_Group]:
    for practice, rows, people in recipients(project, plan, planned):
        kinds = pl.DataFrame([rows["channel"], people[WORDS]])
        for channel, language in kinds.unique().sort("channel", WORDS).iter_rows():
            same = (kinds["channel"] == channel) & (kinds[WORDS] == language)
            yield _Group(practice, channel, language, people.filter(same), rows.filter(same))


def _mailing(
    project: Project, plan: CarePlan, group: _Group, fragments: Fragments | None
) -> Mailing:
    practice, language = group.practice, group.language
    people = group.people
    if group.channel == "email":
        people = people.drop(WORDS).with_columns(via=pl.lit("email"))
    return Mailing(
        practice=practice,
        name=f"{plan.day}/{practice.name}",
        language=language,
        channel=group.channel,
        day=plan.day,
        template=_template(project, plan, group, people, fragments),
        people=people,
        rows=group.rows,
    )


def _template(
    project: Project,
    plan: CarePlan,
    group: _Group,
    people: pl.DataFrame,
    fragments: Fragments | None,
) -> MessageTemplate:
    practice, words = group.practice, group.practice.words[group.language]
    if group.channel == "email":
        edition = EditionPlan(
            issue=_letter(plan, group),
            entries=(),
            answers=(),
            recipients=people,
            layout=PRACTICE,
            gift=practice.gift_in(group.language),
        )
        return render_edition(project, edition, today=plan.day, fragments=fragments)
    binder = WordBinder(project, today=plan.day, fragments=fragments)
    return binder.bind(words, group.channel, schema=people.schema)


def _letter(plan: CarePlan, group: _Group) -> Issue:
    """Return the practice as layouts print it; mail programs preview its greeting."""
    practice, words = group.practice, group.practice.words[group.language]
    body = words.bodies["email"]
    return Issue(
        name=practice.name,
        language=words.language,
        title=words.title,
        date=plan.day,
        subject=words.subject or Source(words.title, practice.at),
        preheader=Source("", body.at),
        template=words.template,
        body=body,
    )


@dataclass(frozen=True)
class EditionMailings:
    """One edition by the two channels of an issue; either may have no recipients."""

    plan: EditionPlan
    by_email: Mailing
    by_letter: Mailing


def issue_mailings(
    project: Project,
    plan: CarePlan,
    name: str,
    *,
    today: dt.date,
    fragments: Fragments | None = None,
) -> tuple[EditionMailings, ...]:
    """
    Return the planned issue of that *name*, edition by edition.

    *today* is the day on which its links must work. Raises the problems of its texts.
    """
    practice = next(practice for practice in project.planned_practices if practice.is_issue)
    rows = plan.planned.with_row_index("_row").filter(~PERSONAL & (pl.col("key") == name))
    mailings = []
    for edition in plan.issues[name].editions:
        by_email, by_letter = (
            Mailing(
                practice=practice,
                name=name,
                language=edition.issue.language,
                channel=channel,
                day=edition.issue.date,
                template=render(channel=channel),
                people=people,
                rows=people.select(customer="id").join(
                    rows, on="customer", how="left", maintain_order="left"
                ),
            )
            for render in [
                partial(render_edition, project, edition, today=today, fragments=fragments)
            ]
            for channel in ("email", "letter")
            for people in [edition.recipients.filter(pl.col("via") == channel)]
        )
        mailings.append(EditionMailings(edition, by_email, by_letter))
    return tuple(mailings)
