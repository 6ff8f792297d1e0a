"""Practices as mailings, by channel and language; issues by edition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import polars as pl

from newsletter.errors import Problem, attempt
from newsletter.facts.occasions import with_kinds
from newsletter.mailing import Mailing
from newsletter.mailing.phrases import phrases_in
from newsletter.mailing.prompts import notes_to
from newsletter.mailing.recipients import GIFT, WORDS, recipients
from newsletter.mailing.words import WordBinder
from newsletter.model.care import PRACTICE, CarePlan, EditionPlan, Note
from newsletter.model.channels import CHANNELS, PENNED
from newsletter.model.entry import Issue
from newsletter.model.gift import Gift
from newsletter.model.occasions import HAPPY
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
    gift: int | None
    """Its place in Practice.all_gifts."""
    people: pl.DataFrame
    rows: pl.DataFrame

    @property
    def name(self) -> str:
        """Return a name of the practice's mailing with this gift."""
        practice = self.practice
        if self.gift is None or len(practice.all_gifts) == 1:
            return practice.name
        return f"{practice.name}-{self.gift + 1}"

    @property
    def given(self) -> Gift | None:
        """Return the gift in the language of the text."""
        return None if self.gift is None else self.practice.gift_in(self.language, self.gift)


def practice_mailings(
    project: Project,
    plan: CarePlan,
    *,
    channels: Collection[str] = tuple(CHANNELS),
    fragments: Fragments | None = None,
) -> PracticeMailings:
    """Return the mailings of planned touchpoints by *channels*, and all drafts; no issues."""
    planned = plan.planned.with_row_index("_row")
    drafts = pl.col("practice").is_in([p.name for p in project.practices if p.draft])
    planned = planned.filter(PERSONAL & (pl.col("channel").is_in(list(channels)) | drafts))
    problems: list[Problem] = []
    notes = _notes(project, plan, planned)
    mailings = [
        attempt(partial(_mailing, project, plan, group, notes, fragments), problems)
        for group in _groups(project, plan, planned)
    ]
    return PracticeMailings([mailing for mailing in mailings if mailing], problems)


def _notes(project: Project, plan: CarePlan, planned: pl.DataFrame) -> Mapping[str, Note]:
    """Return customer → what the note to them may mention, in the language of the team."""
    customers = planned.filter(pl.col("channel").is_in(PENNED))["customer"].to_list()
    if not customers:
        return {}
    phrases = phrases_in(project, project.team_language)
    tables = {**project.people.tables, "occasions": _happy_occasions(project)}
    return notes_to(plan, tables, customers=customers, phrases=phrases)


def _happy_occasions(project: Project) -> pl.DataFrame:
    """Return the occasions that a note may mention: no death, no illness, and nothing unknown."""
    occasions = project.people.tables["occasions"]
    kinds = with_kinds(occasions, project.customs, language=project.config.language)
    return kinds.filter(pl.col("occasion_family").is_in(HAPPY)).select(occasions.columns)


def _groups(project: Project, plan: CarePlan, planned: pl.DataFrame) -> Iterator[_Group]:
    for practice, rows, people in recipients(project, plan, planned):
        kinds = pl.DataFrame([rows["channel"], people[WORDS], people[GIFT]])
        for kind in kinds.unique().sort("channel", WORDS, GIFT).iter_rows():
            channel, language, gift = kind
            same = (kinds["channel"] == channel) & (kinds[WORDS] == language)
            same &= kinds[GIFT].eq_missing(gift)
            yield _Group(practice, channel, language, gift, people.filter(same), rows.filter(same))


def _mailing(
    project: Project,
    plan: CarePlan,
    group: _Group,
    notes: Mapping[str, Note],
    fragments: Fragments | None,
) -> Mailing:
    practice, language = group.practice, group.language
    people = group.people
    by_hand = group.channel in PENNED
    if by_hand:
        about = [notes[customer].about for customer in people["id"]]
        people = people.with_columns(note_about=pl.Series(about, dtype=pl.String))
    if group.channel == "email" and not practice.draft:
        people = people.drop(WORDS, GIFT).with_columns(via=pl.lit("email"))
    return Mailing(
        practice=practice,
        name=f"{plan.day}/{group.name}",
        gift=group.given,
        language=language,
        channel=group.channel,
        day=plan.day,
        template=_template(project, plan, group, people, fragments),
        people=people,
        rows=group.rows,
        notes=notes if by_hand else {},
    )


def _template(
    project: Project,
    plan: CarePlan,
    group: _Group,
    people: pl.DataFrame,
    fragments: Fragments | None,
) -> MessageTemplate:
    practice, words = group.practice, group.practice.words[group.language]
    if group.channel == "email" and not practice.draft:
        edition = EditionPlan(
            issue=_letter(plan, group),
            entries=(),
            answers=(),
            recipients=people,
            layout=PRACTICE,
            gift=group.given,
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
                gift=edition.gift,
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
