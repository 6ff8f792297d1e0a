"""Kept touchpoints with everything that the one who carries them out needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from newsletter.errors import Problem, attempt, raise_all
from newsletter.mailing.agenda import agendas
from newsletter.mailing.phrases import gift_text, phrases_in
from newsletter.mailing.postal import address_lines
from newsletter.mailing.prompts import prompts
from newsletter.mailing.recipients import WORDS, known
from newsletter.mailing.words import Said, Stopped, bind_words, merge_words
from newsletter.merge.failures import Failure, left_out_of, problems_of
from newsletter.model.care import CarePlan, Prompt, Touch
from newsletter.model.channels import BY_HAND, CHANNELS, PENNED, SPOKEN
from newsletter.model.practice import PERSONAL, Practice
from newsletter.model.project import Project
from newsletter.model.source import Source
from newsletter.render.fragments import Fragments


def touches(
    project: Project,
    plan: CarePlan,
    *,
    stopped: list[Stopped] | None = None,
    fragments: Fragments | None = None,
) -> list[Touch]:
    """
    Return every kept touchpoint but emails and the newsletter issue, in the order of the plan.

    A value that cannot stand in the words stops that touchpoint: it is added to *stopped*.

    Raises:
        NewsletterError: with all words that are broken, or print what a customer does not have.
    """
    by_hand = plan.kept.with_row_index("_row").filter(pl.col("channel").is_in(BY_HAND) & PERSONAL)
    day = _Day(
        project,
        plan,
        _prompts(project, plan, by_hand),
        _agendas(project, plan, by_hand),
        fragments,
    )
    made = [touch for group in _groups(day, by_hand) for touch in _touches(day, group)]
    raise_all(day.problems)
    if stopped is not None:
        stopped += day.stopped
    return [touch for _, touch in sorted(made, key=lambda placed: placed[0])]


@dataclass(frozen=True)
class _Day:
    """What all touchpoints of a day share; problems and stops are collected."""

    project: Project
    plan: CarePlan
    prompts: Mapping[str, tuple[Prompt, ...]]
    agendas: Mapping[str, tuple[str, ...]]
    fragments: Fragments | None
    problems: list[Problem] = field(default_factory=list)
    stopped: list[Stopped] = field(default_factory=list)


@dataclass(frozen=True)
class _Group:
    """Touchpoints with the same words; *people* (of `known`) stand row by row beside *kept*."""

    practice: Practice
    channel: str
    language: str
    kept: pl.DataFrame
    people: pl.DataFrame


def _prompts(
    project: Project, plan: CarePlan, by_hand: pl.DataFrame
) -> dict[str, tuple[Prompt, ...]]:
    notes = by_hand.filter(pl.col("channel").is_in(PENNED))["customer"]
    phrases = phrases_in(project, project.config.language)
    return prompts(plan, project.people.tables, customers=notes.to_list(), phrases=phrases)


def _agendas(
    project: Project, plan: CarePlan, by_hand: pl.DataFrame
) -> dict[str, tuple[str, ...]]:
    talks = by_hand.filter(pl.col("channel").is_in(SPOKEN))["customer"]
    return agendas(
        plan,
        project.people.tables,
        customers=talks.to_list(),
        config=project.config,
        phrases=phrases_in(project, project.config.language),
    )


def _groups(day: _Day, by_hand: pl.DataFrame) -> Iterator[_Group]:
    for practice in day.project.practices:
        kept = by_hand.filter(pl.col("practice") == practice.name)
        if kept.is_empty():
            continue
        people = known(day.project, day.plan, practice, kept=kept)
        kinds = pl.DataFrame([kept["channel"], people[WORDS]])
        for channel, language in kinds.unique().sort("channel", WORDS).iter_rows():
            own = (kinds["channel"] == channel) & (kinds[WORDS] == language)
            yield _Group(practice, channel, language, kept.filter(own), people.filter(own))


def _touches(day: _Day, group: _Group) -> Iterator[tuple[int, Touch]]:
    """Yield the touchpoints of a group with their places in the plan."""
    rows = group.kept.iter_rows(named=True)
    persons = group.people.iter_rows(named=True)
    for row, person, said in zip(rows, persons, _said(day, group), strict=True):
        if said:
            yield row["_row"], _touch(day, group, row=row, person=person, said=said)


def _said(day: _Day, group: _Group) -> Sequence[Said | None]:
    """Return the words for each row; what is wrong with them, or stops one, is collected."""
    words = group.practice.words[group.language]
    template = attempt(
        lambda: bind_words(
            day.project,
            words,
            group.channel,
            schema=group.people.schema,
            today=day.plan.day,
            fragments=day.fragments,
        ),
        day.problems,
    )
    if template is None:
        return [None] * group.people.height
    made = list(merge_words(day.project, template, group.people))
    failures = [one for one in made if isinstance(one, Failure)]
    said = [None if isinstance(one, Failure) else one for one in made]
    day.problems.extend(_too_long(said, group.channel, words.bodies[group.channel]))
    day.problems.extend(problems_of(failures, group.people.height))
    day.stopped.extend(
        Stopped(
            customer=customer, practice=group.practice.name, channel=group.channel, reason=reason
        )
        for customer, reason in left_out_of(failures)
    )
    return said


def _too_long(said: Sequence[Said | None], channel: str, body: Source) -> Iterator[Problem]:
    """Yield what is wrong with words that are too long for their channel, for somebody."""
    kind, longest = CHANNELS[channel], max((len(one.text) for one in said if one), default=0)
    if kind.longest is not None and longest > kind.longest:
        message = f"this {kind.noun} has {longest} characters; {kind.longest} are the most"
        yield Problem(message=message, at=body.place(1), hint="say it in fewer words")


def _touch(
    day: _Day, group: _Group, *, row: Mapping[str, Any], person: Mapping[str, Any], said: Said
) -> Touch:
    practice, config, customer = group.practice, day.project.config, row["customer"]
    business, gift = config.business, practice.gift_in(group.language)
    lines = address_lines(person, business_country=business.country, language=config.language)
    written, spoken = group.channel in PENNED, group.channel in SPOKEN
    language = group.language
    return Touch(
        **{name: row[name] for name in _OF_PLAN},
        entry=row["entry"] or "",
        title=practice.title,
        channel=group.channel,
        language=language,
        email=person["email"] or "",
        phone=person["phone"] or "",
        address=lines,
        country=person["country"] or business.country,
        subject=said.subject,
        html=said.html,
        text=said.text,
        greeting=person["greeting"],
        prompts=day.prompts.get(customer, ()) if written else (),
        agenda=day.agendas.get(customer, ()) if spoken else (),
        not_to_mention=person["not_to_mention"] or "",
        gift=gift_text(day.project, gift, language=language, conditions=True) if gift else "",
        code=person["voucher_code"] or "",
        expires=person["voucher_expires"],
    )


_OF_PLAN = (
    "date", "customer", "name", "member", "practice", "arrives", "key", "because", "priority",
    "owed",
)  # fmt: skip
