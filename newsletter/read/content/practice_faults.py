"""Contradictions between the keys of a practice, its texts and other practices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from newsletter.errors import Place, Problem
from newsletter.model.channels import AT_LENGTH, Channel
from newsletter.model.practice import ISSUE, Practice
from newsletter.read.content.practice_front_matter import PracticeKeys
from newsletter.read.content.practice_sections import Sections
from newsletter.read.yaml import Document, Path


def contradictions(name: str, keys: PracticeKeys, document: Document) -> Iterator[Problem]:
    """Yield what is wrong between two keys of one practice."""

    def problem(path: Path, message: str, hint: str) -> Problem:
        return Problem(message=message, at=document.key_place(path), hint=hint)

    if keys.on and keys.every:
        hint = "keep the one that says when it is due"
        yield problem(("every",), "'on' and 'every' exclude each other", hint)
    if not (keys.on or keys.every or keys.when):
        hint = "write 'on: …', 'every: …', or the rule for whom it is due: 'when: …'"
        yield problem(("title",), "nothing says when it is due", hint)
    if keys.until and not keys.on:
        hint = "delete it: without an event it stays due until it is done"
        yield problem(("until",), "'until' counts from an event, and there is no 'on'", hint)
    if keys.counted_from and not keys.every:
        hint = "delete it, or write 'every: …'"
        yield problem(("counted_from",), "'counted_from' needs 'every'", hint)
    if _of_issues(keys) != (name == ISSUE):
        hint = "name the file issue.md and write 'on: issue'; for anything else use another name"
        yield problem(("on",), "the practice 'issue' is the newsletter, and no other is", hint)
    yield from _every(keys, document)
    yield from _gift(keys, document)
    yield from _channel(keys, document)


def wrong_words(
    keys: PracticeKeys, channels: Sequence[Channel], document: Document, sections: Sections
) -> Iterator[Problem]:
    """Yield the channels without words and the words without a channel in one file."""
    by_channel, general = sections.by_channel, sections.general
    if _of_issues(keys):
        for source in filter(None, [general, *by_channel.values()]):
            hint = "delete them; they stand in content/issues/"
            yield Problem(message="an issue has its own words", at=source.place(1), hint=hint)
        return
    if not channels:
        hint = "write them below the front matter, each channel's under its name: # Email, # Call"
        yield Problem(message="there are no words", at=Place(path=document.path), hint=hint)
    for channel in channels:
        if channel not in by_channel and general is None:
            hint = f"write them under a heading: # {channel.capitalize()}"
            at = document.value_place(("channel",))
            yield Problem(message=f"there are no words for '{channel}'", at=at, hint=hint)
    for name, at in sections.headings.items():
        if name not in channels:
            message = f"'{name}' is no channel of this practice"
            hint = "add it to 'channel' (or, if that is 'preferred', to the etiquette's channels)"
            yield Problem(message=message, at=at, hint=hint)


def _of_issues(keys: PracticeKeys) -> bool:
    return keys.on is not None and keys.on.event == ISSUE


def wrong_order(practices: Sequence[Practice]) -> Iterator[Problem]:
    """Yield a problem for each circle of practices that wait for each other."""
    after = {practice.name: practice.after for practice in practices if practice.after}
    for practice in practices:
        circle, name = [practice.name], after.get(practice.name, "")
        while name and name not in circle:
            circle.append(name)
            name = after.get(name, "")
        # Report a circle once, at the first of its names.
        if name == practice.name == min(circle):
            message = f"'{name}' waits for itself: {' → '.join([*circle, name])}"
            yield Problem(message=message, at=practice.at, hint="delete one 'after'")


def _every(keys: PracticeKeys, document: Document) -> Iterator[Problem]:
    if isinstance(keys.every, dict) and list(keys.every)[-1:] != ["everybody"]:
        stands = "everybody" in keys.every
        message = "what stands after 'everybody' counts for nobody"
        yield Problem(
            message=message if stands else "nothing is said of everybody else",
            at=document.key_place(("every", "everybody") if stands else ("every",)),
            hint="write 'everybody: …' last; who is to be left out, is by 'when: …'",
        )


def _gift(keys: PracticeKeys, document: Document) -> Iterator[Problem]:
    gift = keys.gift
    if gift and gift.kind == "item" and not gift.name:
        at = document.key_place(("gift",))
        yield Problem(message="the gift has no name", at=at, hint="add 'name: …': what it is")
    if gift and gift.cost and gift.cost.currency != gift.worth.currency:
        at = document.value_place(("gift", "cost"))
        hint = "write both in the same, or both without"
        yield Problem(message="worth and cost differ in their currency", at=at, hint=hint)


def _channel(keys: PracticeKeys, document: Document) -> Iterator[Problem]:
    for number, channel in enumerate(keys.channel):
        at = document.value_place(("channel", number))
        if channel in keys.channel[:number]:
            yield Problem(message=f"'{channel}' is listed twice", at=at, hint="delete one")
        elif channel == "preferred" and len(keys.channel) > 1:
            hint = "in a list the customer's own choice comes first anyway; delete it"
            yield Problem(message="'preferred' stands alone", at=at, hint=hint)
        elif _of_issues(keys) and channel not in ("preferred", *AT_LENGTH):
            hint = f"write one or both of {', '.join(AT_LENGTH)}"
            yield Problem(message=f"an issue cannot go by '{channel}'", at=at, hint=hint)
