"""Mailings that people carry out: each touchpoint with everything needed for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from newsletter.errors import Problem
from newsletter.facts.greeting import solemn
from newsletter.mailing import Mailing
from newsletter.mailing.agenda import agendas
from newsletter.mailing.households import with_households
from newsletter.mailing.phrases import closing, gift_text, phrases_in
from newsletter.mailing.postal import address_lines
from newsletter.mailing.words import MergedWords, Stopped, merge_words
from newsletter.merge.failures import Failure, left_out_of, problems_of
from newsletter.model.care import OWED_TOGETHER, Also, CarePlan, Note, Touch
from newsletter.model.channels import AT_LENGTH, CHANNELS, SPOKEN
from newsletter.model.practice import Practice
from newsletter.model.project import Project
from newsletter.model.reasons import Reasons
from newsletter.rules.in_words import numbers_in_words


@dataclass(frozen=True)
class Tasks:
    """The tasks that people carry out on a day."""

    touches: tuple[Touch, ...]
    """In the order of the plan."""
    stopped: tuple[Stopped, ...]
    """Touchpoints whose text fails because of a customer's value."""
    problems: tuple[Problem, ...]
    """Texts that print a missing value, or are too long."""


@dataclass(frozen=True)
class _Known:
    """Customer → what those who carry out a task need to know."""

    agendas: Mapping[str, tuple[str, ...]]
    also: Mapping[str, tuple[Also, ...]]
    """What else is owed and goes with it."""


def tasks_of(project: Project, plan: CarePlan, mailings: Iterable[Mailing]) -> Tasks:
    """Return the tasks of the *mailings* of practices, without emails that are no drafts."""
    by_hand = [mailing for mailing in mailings if mailing.by_hand]
    known = _Known(_agendas(project, plan, by_hand), _also(project, plan))
    merged = [merged_touches(project, mailing, known=known) for mailing in by_hand]
    placed, stopped, problems = [], list[Stopped](), list[Problem]()
    for mailing, results in zip(by_hand, merged, strict=True):
        touches, failures = parted(results)
        rows = zip(mailing.rows["_row"], results, strict=True)
        placed += [(row, touch) for row, touch in rows if isinstance(touch, Touch)]
        stopped += stopped_of(mailing, failures, project.reasons)
        problems += _too_long(mailing, touches)
        problems += problems_of(failures, mailing.people.height)
    in_order = sorted(placed, key=lambda pair: pair[0])
    done = with_households(project, [touch for _, touch in in_order])
    return Tasks(tuple(done), tuple(stopped), tuple(problems))


def merged_touches(
    project: Project, mailing: Mailing, *, known: _Known = _Known({}, {})
) -> list[Touch | Failure]:
    """Return the touchpoints of a mailing, row by row; a bad value stops only its own."""
    rows = mailing.rows.iter_rows(named=True)
    persons = mailing.people.iter_rows(named=True)
    merged = merge_words(project, mailing.template, mailing.people)
    return [
        words
        if isinstance(words, Failure)
        else _touch(project, mailing, row=row, person=person, words=words, known=known)
        for row, person, words in zip(rows, persons, merged, strict=True)
    ]


def parted(merged: Iterable[Touch | Failure]) -> tuple[list[Touch], list[Failure]]:
    """Return the touchpoints and the failures, each in order."""
    touches, failures = list[Touch](), list[Failure]()
    for result in merged:
        if isinstance(result, Failure):
            failures.append(result)
        else:
            touches.append(result)
    return touches, failures


def stopped_of(
    mailing: Mailing, failures: Iterable[Failure], reasons: Reasons
) -> Iterator[Stopped]:
    """Yield the touchpoints of a mailing that failed because of a customer's value."""
    for failure, reason in left_out_of(failures, reasons):
        yield Stopped(
            customer=failure.customer,
            practice=mailing.practice.name,
            channel=mailing.channel,
            reason=reason,
            message=failure.message,
        )


def _agendas(
    project: Project, plan: CarePlan, mailings: Iterable[Mailing]
) -> dict[str, tuple[str, ...]]:
    return agendas(
        plan,
        project,
        customers=_customers(mailing for mailing in mailings if _has_agenda(mailing)),
        phrases=phrases_in(project, project.team_language),
    )


def _also(project: Project, plan: CarePlan) -> dict[str, tuple[Also, ...]]:
    """Return what is owed to customers besides the task that it goes with."""
    titles = {practice.name: practice.title for practice in project.practices}
    rows = plan.table.filter(pl.col("rule") == OWED_TOGETHER).sort("customer", "arrives", "key")
    also: dict[str, tuple[Also, ...]] = {}
    for row in rows.iter_rows(named=True):
        practice, customer = row["practice"], row["customer"]
        task = Also(practice, titles[practice], row["key"], row["because"])
        also[customer] = (*also.get(customer, ()), task)
    return also


def _has_agenda(mailing: Mailing) -> bool:
    """Return whether people need to know what stands between us: to talk, or to finish a draft."""
    return mailing.channel in SPOKEN or mailing.practice.draft


def _customers(mailings: Iterable[Mailing]) -> list[str]:
    return [customer for mailing in mailings for customer in mailing.rows["customer"]]


def _too_long(mailing: Mailing, touches: Sequence[Touch]) -> Iterator[Problem]:
    """Yield the problems of texts that are too long for their channel, for some customer."""
    kind = CHANNELS[mailing.channel]
    longest = max((len(touch.text) for touch in touches), default=0)
    if kind.longest is not None and longest > kind.longest:
        body = mailing.practice.words[mailing.language].bodies[mailing.channel]
        message = f"this {kind.noun} has {longest} characters, but at most {kind.longest} fit"
        yield Problem(message=message, at=body.place(1), hint="use fewer words")


def _touch(  # noqa: PLR0913  # each is a value of its own
    project: Project,
    mailing: Mailing,
    *,
    row: Mapping[str, Any],
    person: Mapping[str, Any],
    words: MergedWords,
    known: _Known,
) -> Touch:
    config, customer, channel = project.config, row["customer"], mailing.channel
    country, language = config.business.country, mailing.language
    gift = mailing.gift
    return Touch(
        **{name: row[name] for name in _OF_PLAN},
        because=_because(mailing.practice, row["because"], person, project.reasons),
        entry=row["entry"] or "",
        title=mailing.practice.title,
        rule_text=mailing.practice.rule_text,
        channel=channel,
        language=language,
        email=person["email"] or "",
        phone=person["phone"] or "",
        address=address_lines(person, business_country=country, language=config.language),
        country=person["country"] or country,
        subject=words.subject,
        html=words.html,
        text=words.text,
        greeting=_greeting(person, language),
        formality=person["formality"] or config.formality,
        closing=closing(project, language=language, formality=person["formality"]),
        prompts=mailing.notes.get(customer, Note()).prompts if _may_mention(person) else (),
        agenda=known.agendas.get(customer, ()) if _has_agenda(mailing) else (),
        draft=mailing.practice.draft and channel in AT_LENGTH,
        also=known.also.get(customer, ()) if row["owed"] else (),
        not_to_mention=person["not_to_mention"] or "",
        gift=gift_text(project, gift, language=language, conditions=True) if gift else "",
        code=person.get("voucher_code") or "",
        expires=person.get("voucher_expires"),
    )


def _greeting(person: Mapping[str, Any], language: str) -> str:
    greeting = str(person["greeting"])
    return (
        solemn(greeting, language=language, title=person.get("title"))
        if _condoles(person)
        else greeting
    )


def _may_mention(person: Mapping[str, Any]) -> bool:
    """Return whether a note has prompts: a note of condolence is about nothing else."""
    return not _condoles(person)


def _condoles(person: Mapping[str, Any]) -> bool:
    return person.get("occasion_family") == "condole"


def _because(practice: Practice, because: str, person: Mapping[str, Any], reasons: Reasons) -> str:
    """Return the reason with the customer's numbers: … (here: last order 64 days ago)."""
    told = numbers_in_words(practice.when, person, reasons) if practice.when else []
    values = "; ".join(text for text in told if text not in because)
    return reasons.phrase("here", because=because, values=values) if values else because


_OF_PLAN = (
    "date", "customer", "name", "member", "practice", "arrives", "key", "priority",
    "owed",
)  # fmt: skip
