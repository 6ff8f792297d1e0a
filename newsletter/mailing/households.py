"""Customers who share an address get one letter or card, which greets all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from newsletter.mailing.phrases import Phrases, phrases_in
from newsletter.model.care import Touch
from newsletter.model.channels import POSTED
from newsletter.model.config import Config
from newsletter.model.household import ONE_FORM, household
from newsletter.model.project import Project


def with_households(project: Project, touches: Sequence[Touch]) -> list[Touch]:
    """
    Return *touches*; of those that are one letter or card, the first is for everybody.

    It greets them all, and its address has all names. The others say with whose letter they go.
    Their words must be the same: a letter about somebody's own orders stays their own.
    """
    shared = {practice.name for practice in project.planned_practices if practice.household}
    groups: dict[tuple[object, ...], list[int]] = {}
    homes = _homes(touches, project.config)
    for number, (touch, home) in enumerate(zip(touches, homes, strict=True)):
        if touch.practice in shared and _may_share(touch):
            groups.setdefault((*_letter(touch), home), []).append(number)
    together = list(touches)
    for numbers in groups.values():
        members = [touches[number] for number in numbers]
        for number, touch in zip(numbers, _joined(project, members), strict=True):
            together[number] = touch
    return together


def _may_share(touch: Touch) -> bool:
    if touch.channel not in POSTED or not touch.address or touch.code:
        return False
    named = set(touch.address[0].split()) & set(touch.greeting.split())
    return bool(named) and (touch.language in ONE_FORM or touch.formality == "formal")


def _homes(touches: Sequence[Touch], config: Config) -> list[str]:
    """Return what the touchpoints of one household have in common."""
    rows = [("\n".join(touch.address[1:]), touch.name) for touch in touches]
    table = pl.DataFrame(rows, schema=dict.fromkeys(("lines", "name"), pl.String), orient="row")
    home = household(pl.col("lines"), pl.col("name"), by=config.etiquette.households)
    return table.select(home=home)["home"].to_list()


def _letter(touch: Touch) -> tuple[object, ...]:
    """Return what touchpoints of one letter have in common besides the address."""
    what = (touch.practice, touch.key, touch.date, touch.channel, touch.member, touch.language)
    return (*what, touch.formality == "formal", touch.subject, touch.html)


def _joined(project: Project, members: Sequence[Touch]) -> Iterator[Touch]:
    first, *others = members
    if not others:
        yield first
        return
    phrases = phrases_in(project, first.language)
    name = _list([touch.address[0] for touch in members], phrases)
    yield replace(
        first,
        name=name,
        address=(name, *first.address[1:]),
        greeting=_greeting([touch.greeting for touch in members], phrases),
    )
    team = phrases_in(project, project.team_language)
    for touch in others:
        yield replace(touch, goes_with=team.say("care_goes_with", name=first.name))


def _greeting(greetings: Sequence[str], phrases: Phrases) -> str:
    """Return `Dear Anna Alt and Bert Alt`, or `Chère Madame Alt, cher Monsieur Alt`."""
    words = [greeting.split() for greeting in greetings]
    begin, most = 0, min(map(len, words)) - 1
    while begin < most and len({part[begin] for part in words}) == 1:
        begin += 1
    # In `Sehr geehrte Frau Alt`, `Sehr` alone is not what both begin with.
    if not begin or any(part[begin][0].islower() for part in words):
        first, *others = greetings
        return ", ".join([first, *(other[:1].lower() + other[1:] for other in others)])
    names = [" ".join(part[begin:]) for part in words]
    return " ".join([*words[0][:begin], _list(names, phrases)])


def _list(names: Sequence[str], phrases: Phrases) -> str:
    *most, last = names
    return phrases.say("several_names", names=", ".join(most), last=last)
