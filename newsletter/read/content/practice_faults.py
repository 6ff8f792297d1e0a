"""Faults of a practice: contradicting keys, missing texts, prices where it must not sell."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from babel.numbers import list_currencies

from newsletter.errors import Place, Problem
from newsletter.model.channels import AT_LENGTH, SPOKEN, Channel
from newsletter.model.language import first_match
from newsletter.model.permalink import local_target
from newsletter.model.practice import ISSUE, Practice
from newsletter.model.source import Source
from newsletter.read.content.body_links import find_links
from newsletter.read.content.gift_keys import wrong_gifts
from newsletter.read.content.practice_front_matter import PracticeKeys
from newsletter.read.yaml import Document, packaged_yaml


@dataclass(frozen=True)
class Sections:
    """The body of one file."""

    general: Source | None
    """The text above the first heading of a channel."""
    by_channel: Mapping[str, Source]
    """Channel → the text below its heading."""
    headings: Mapping[str, Place]
    """Channel → the place of its heading."""


def contradictions(name: str, keys: PracticeKeys, document: Document) -> Iterator[Problem]:
    """Yield the contradictions between two keys of one practice."""
    problem = document.key_problem
    if keys.on and keys.every:
        hint = "keep the one that says when it is due"
        yield problem("'on' and 'every' exclude each other", "every", hint=hint)
    if not (keys.on or keys.every or keys.when):
        hint = "write 'on: …', 'every: …', or the rule for whom it is due: 'when: …'"
        yield problem("nothing says when it is due", "title", hint=hint)
    if keys.until and not keys.on:
        hint = "delete it: without an event it stays due until it is done"
        yield problem("'until' counts from an event, and there is no 'on'", "until", hint=hint)
    if keys.belated and not keys.on:
        hint = "delete it: without an event nothing is late"
        yield problem("'belated' counts from an event, and there is no 'on'", "belated", hint=hint)
    if keys.counted_from and not keys.every:
        hint = "delete it, or write 'every: …'"
        yield problem("'counted_from' needs 'every'", "counted_from", hint=hint)
    if keys.own_rhythm and not keys.every:
        hint = "delete it, or write 'every: …'"
        yield problem("'own_rhythm' needs 'every'", "own_rhythm", hint=hint)
    if keys.is_issue != (name == ISSUE):
        hint = "name the file issue.md and write 'on: issue'; for anything else use another name"
        yield problem("only the practice 'issue' is the newsletter", "on", hint=hint)
    if keys.together and (keys.event != "order" or keys.once_per not in ("", "event", "order")):
        hint = "delete it, or write 'on: … after order' without 'once_per'"
        yield problem("'together' joins orders, each thanked once", "together", hint=hint)
    if "consent" in (keys.exempt or ()) and not set(keys.channel) <= {*SPOKEN}:
        hint = f"list only {' or '.join(SPOKEN)}: it is a question for the team, never a message"
        yield problem("no message goes out without consent", "exempt", hint=hint)
    yield from _every(keys, document)
    yield from wrong_gifts(keys.gift, keys.gifts, document)
    yield from _channel(keys, document)


def unknown_answer(
    name: str, keys: PracticeKeys, document: Document, answered_by: Collection[str]
) -> Iterator[Problem]:
    """Yield a problem if feedback would stay open although this practice answers it."""
    if keys.owed and keys.event == "feedback" and name not in answered_by:
        listed = ", ".join([*answered_by, name])
        hint = f"write into newsletter.yml: feedback: {{answered_by: [{listed}]}}"
        yield document.key_problem(f"'{name}' would not count as an answer", "owed", hint=hint)


def _every(keys: PracticeKeys, document: Document) -> Iterator[Problem]:
    if isinstance(keys.every, dict) and list(keys.every)[-1:] != ["everybody"]:
        hint = "write 'everybody: …' last; to leave customers out, write a rule under 'when:'"
        if "everybody" in keys.every:
            message = "lines after 'everybody' apply to nobody"
            yield document.key_problem(message, "every", "everybody", hint=hint)
        else:
            yield document.key_problem("there is no line for everybody else", "every", hint=hint)


def _channel(keys: PracticeKeys, document: Document) -> Iterator[Problem]:
    for number, channel in enumerate(keys.channel):
        at = document.value_place(("channel", number))
        if channel in keys.channel[:number]:
            yield Problem(f"'{channel}' is listed twice", at, hint="delete one of the two")
        elif channel == "preferred" and len(keys.channel) > 1:
            hint = "delete it: in a list the customer's own choice comes first anyway"
            yield Problem("'preferred' cannot be part of a list", at, hint=hint)
        elif keys.is_issue and channel not in ("preferred", *AT_LENGTH):
            hint = f"write one or both of {', '.join(AT_LENGTH)}"
            yield Problem(f"an issue cannot go out by '{channel}'", at, hint=hint)


def wrong_words(
    keys: PracticeKeys, channels: Sequence[Channel], document: Document, sections: Sections
) -> Iterator[Problem]:
    """Yield the channels without text and the texts without a channel in one file."""
    by_channel, general = sections.by_channel, sections.general
    if keys.is_issue:
        for source in filter(None, [general, *by_channel.values()]):
            hint = "delete this text; the text of an issue is in content/issues/"
            yield Problem("the practice of the newsletter has no text", source.place(1), hint=hint)
        return
    if not channels:
        hint = "write it below the front matter, each channel's under its name: # Email, # Call"
        yield Problem("there is no text", Place(path=document.path), hint=hint)
    for channel in channels:
        if channel not in by_channel and general is None:
            hint = f"write it under a heading: # {channel.capitalize()}"
            yield document.value_problem(f"there is no text for '{channel}'", "channel", hint=hint)
    for name, at in sections.headings.items():
        if name not in channels:
            hint = "add it to 'channel' (or, if that is 'preferred', to the etiquette's channels)"
            yield Problem(f"'{name}' is not a channel of this practice", at, hint=hint)


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
            yield Problem(message, practice.at, hint="delete one 'after'")


_HINT = "rephrase it, or write 'sells: yes' into the practice"


def find_selling(practices: Iterable[Practice]) -> Iterator[Problem]:
    """Yield a problem for every price, discount and offer in a practice that must not sell."""
    for practice in practices:
        for words in () if practice.sells else practice.words.values():
            pattern = _words(words.language, vouchers=not _gives_voucher(practice))
            for text in (*filter(None, [words.subject]), *words.texts):
                yield from _selling(text, pattern)


def _gives_voucher(practice: Practice) -> bool:
    return any(gift.kind == "voucher" for gift in practice.all_gifts)


def _selling(text: Source, words: re.Pattern[str]) -> Iterator[Problem]:
    matches = dict(_matches(text, words))  # of several matches that begin here, the last
    for start, what in sorted(matches.items()):
        message = f"{what}, but this practice sells nothing"
        yield Problem(message, text.place_of(start), hint=_HINT)


def _matches(text: Source, words: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """Yield each match: its offset in the text, and what it is."""
    visible = _UNSEEN.sub(lambda code: " " * len(code.group()), text.text)
    for match in words.finditer(visible):
        yield match.start(), f"'{match.group()}' sells"
    has_number = re.search(r"\d", visible)
    for pattern, what in ((_PERCENT, "a discount"), (_prices(), "a price")):
        for match in pattern.finditer(visible) if has_number else ():
            yield match.start(), f"'{match.group().strip()}' is {what}"
    for match in _MONEY.finditer(text.text):
        yield match.start(), "this prints an amount of money"
    source = text.at.path.partition("/")[2]
    for link in find_links(text.text):
        target = local_target(link.href, source) or ""
        if target.startswith("offers/") or "/offers/" in link.href:
            yield link.start, f"'{link.href}' is an offer"


_UNSEEN = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\]\([^)\s]*", re.DOTALL)
"""Names of fields, and addresses: customers do not see them."""
_MONEY = re.compile(r"\{\{[^}]*\|\s*money\b[^}]*\}\}")
_NUMBER = r"\d[\d.,'\u2019\u00a0\u202f]*"
_PERCENT = re.compile(
    rf"[-–−]\s?{_NUMBER}\s?%"
    rf"|{_NUMBER}\s?(?:%|percent|per cent|Prozent|pour cent)\s?"
    r"(?:off\b|less\b|cheaper\b|discount|weniger\b|günstiger|billiger|Nachlass|Rabatt"
    r"|de (?:moins|remise|réduction|rabais)\b)",
    re.IGNORECASE,
)
_CURRENCIES = r"euros?|dollars?|pounds?|pence|cents?|franken|francs?|kronen|złoty"


@cache
def _prices() -> re.Pattern[str]:
    codes = "|".join(sorted(map(str, list_currencies())))
    return re.compile(
        rf"(?:[€$£¥]|\b(?:{codes}))\s?{_NUMBER}"
        rf"|{_NUMBER}\s?(?:[€$£¥]|(?:{codes})\b|(?i:{_CURRENCIES})\b)|{_NUMBER},[-–—]"
    )


@cache
def _words(language: str, *, vouchers: bool) -> re.Pattern[str]:
    """Return the pattern of the words that sell, in English if not known in *language*."""
    parts: Mapping[str, Mapping[str, Sequence[str]]] = _selling_words()
    listed: list[str] = []
    for part in ("words", "vouchers") if vouchers else ("words",):
        listed += first_match(parts[part], language) or parts[part]["en"]
    return re.compile(rf"\b(?:{'|'.join(listed)})\b", re.IGNORECASE)


@cache
def _selling_words() -> Any:
    return packaged_yaml("selling.yml").data
