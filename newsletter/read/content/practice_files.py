"""Reads the practices: content/practices/NAME.md, with their translations NAME.de.md."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from newsletter.errors import Place, Problem, did_you_mean
from newsletter.model.channels import AT_LENGTH, CHANNELS, Channel
from newsletter.model.config import Config
from newsletter.model.practice import FOR_ISSUES, OwnRhythms, Practice, Rhythm, Span, Words
from newsletter.model.source import Source
from newsletter.read.content.body_links import without_blocks
from newsletter.read.content.folders import Content
from newsletter.read.content.gift_keys import gift_of
from newsletter.read.content.practice_faults import (
    Sections,
    contradictions,
    find_selling,
    unknown_answer,
    wrong_order,
    wrong_words,
)
from newsletter.read.content.practice_front_matter import (
    FORMER,
    ORIGINAL_ONLY,
    PracticeKeys,
    TranslationKeys,
)
from newsletter.read.forms import validate
from newsletter.read.markdown_files import FileName, read_pages, slugs_of, split_page, wrong_names
from newsletter.read.project_files import ProjectFiles
from newsletter.read.yaml import Document

_HEADING = re.compile(r"^# +(.*?)[ #]*$", re.MULTILINE)
_UNTIL = Span(7, "day")
_OWN_RHYTHM: Mapping[str, OwnRhythms] = {"contact": "follow"}
"""What a rhythm is counted from → the default of `own_rhythm`; others have `limit`."""
_PLACES = ("every", "once_per", "after", "gifts")
"""Keys whose values are compared with those of other files."""
_AS_WRITTEN = {
    "title",
    "after",
    "priority",
    "most",
    "does",
    "draft",
    "owed",
    "together",
    "sells",
    "advice",
}
"""Keys whose values a Practice has under the same name."""


@dataclass(frozen=True, eq=False)
class _PracticeFile:
    """One file, the original or a translation. Two readings of a file are never equal."""

    name: FileName
    document: Document
    sections: Sections


def read_practices(
    content: Content, config: Config | None, files: ProjectFiles, *, language: str
) -> tuple[Practice, ...]:
    """Return the practices, sorted by name; *language* is that of files that name none."""
    pages = content.pages.get("practices", {})
    read = read_pages(pages, _parse, files=files, language=language)
    names = [(file.document.path, file.name.slug, file.name.language) for file in read]
    files.problems.extend(wrong_names(names, pages, default_language=language))
    by_name: dict[str, dict[str, _PracticeFile]] = {}
    for file in read:
        by_name.setdefault(file.name.slug, {}).setdefault(file.name.language, file)
    practices = []
    for by_language in by_name.values():
        if original := by_language.get(language):
            practice = _assembled(original, list(by_language.values()), config, files)
            practices += [practice] if practice else []
    practices.sort(key=lambda practice: practice.name)
    files.problems.extend(_unknown_after(practices, slugs_of(pages)))
    files.problems.extend(wrong_order(practices))
    return tuple(practices)


def _parse(
    text: str, *, shown: str, name: FileName | None, problems: list[Problem]
) -> _PracticeFile | None:
    page = split_page(text, shown=shown, problems=problems)
    if page is None or name is None:
        return None
    return _PracticeFile(name, page.document, split_sections(page.body, problems=problems))


def split_sections(body: Source, *, problems: list[Problem]) -> Sections:
    """
    Return the sections of a body; every line keeps its place.

    A heading of level 1 names a channel. Other names, repeated ones and empty sections are
    problems.
    """
    headings = _headings(body, problems=problems)
    lines = body.text.split("\n")
    ends = [*(line for line, _ in headings), len(lines)][1:]
    by_channel: dict[str, Source] = {}
    places: dict[str, Place] = {}
    for (line, channel), end in zip(headings, ends, strict=True):
        at = body.place(line + 1, 1)
        section = _part(body, lines, line + 1, end)
        if channel in by_channel:
            hint = "make one section of the two"
            problems.append(Problem(f"'{channel}' has a section already", at, hint=hint))
        elif section is None:
            hint = "write it below the heading, or delete the heading"
            problems.append(Problem(f"there is no text for '{channel}'", at, hint=hint))
        if channel in CHANNELS:
            by_channel.setdefault(channel, section or body)
            places.setdefault(channel, at)
    first = headings[0][0] if headings else len(lines)
    return Sections(_part(body, lines, 0, first), by_channel, places)


def _headings(body: Source, *, problems: list[Problem]) -> list[tuple[int, str]]:
    """Return line (from 0) and name of each heading of level 1 outside code."""
    headings = []
    for match in _HEADING.finditer(without_blocks(body.text)):
        name = match[1].lower()
        headings.append((body.text.count("\n", 0, match.start()), name))
        if name not in CHANNELS:
            hint = did_you_mean(name, CHANNELS) or (
                f"a heading with one # names a channel ({', '.join(CHANNELS)}); "
                "for others write ##"
            )
            message = f"'{match[1]}' is not a channel"
            problems.append(Problem(message, body.place_of(match.start() + 2), hint=hint))
    return headings


def _part(body: Source, lines: list[str], start: int, end: int) -> Source | None:
    """Return these lines (from 0) without the empty ones around them; None if there are none."""
    while start < end and not lines[start].strip():
        start += 1
    text = "\n".join(lines[start:end]).rstrip()
    at = Place(path=body.at.path, line=body.at.line + start)
    return Source(f"{text}\n", at) if text else None


def _assembled(
    original: _PracticeFile,
    languages: Sequence[_PracticeFile],
    config: Config | None,
    files: ProjectFiles,
) -> Practice | None:
    """Return the practice made from its files and three settings of newsletter.yml."""

    def assemble(errors: list[Problem]) -> Practice | None:
        practice = _practice(original, languages, config, problems=errors)
        errors.extend(find_selling([practice]) if practice else ())
        return practice

    settings = (
        (config.etiquette.channels, config.business.currency, config.feedback.answered_by)
        if config
        else ()
    )
    key = (_assembled, original, *languages, *settings)
    return files.parsed.result(key, assemble, problems=files.problems)


def _unknown_after(practices: Sequence[Practice], names: Collection[str]) -> Iterator[Problem]:
    """Yield a problem for each practice that waits for one that does not exist."""
    for practice in practices:
        if practice.after and practice.after not in names:
            at = practice.places["after"]
            hint = did_you_mean(practice.after, names) or "write the file name without .md"
            yield Problem(f"there is no practice '{practice.after}'", at, hint=hint)


def _practice(
    file: _PracticeFile,
    languages: Sequence[_PracticeFile],
    config: Config | None,
    *,
    problems: list[Problem],
) -> Practice | None:
    keys = validate(PracticeKeys, file.document, problems=problems, elsewhere=FORMER)
    by_language: dict[str, PracticeKeys | TranslationKeys | None] = {
        other.name.language: validate(
            TranslationKeys, other.document, problems=problems, elsewhere=ORIGINAL_ONLY
        )
        for other in languages
        if other.name.language != file.name.language
    }
    if keys is None:
        return None
    by_language[file.name.language] = keys
    problems.extend(contradictions(file.name.slug, keys, file.document))
    if config:
        answered_by = config.feedback.answered_by
        problems.extend(unknown_answer(file.name.slug, keys, file.document, answered_by))
    channels = _channels(keys, file.sections, config)
    words = {}
    for each in languages:
        problems.extend(wrong_words(keys, channels, each.document, each.sections))
        if its_keys := by_language[each.name.language]:
            words[each.name.language] = _words(each, its_keys, channels, template=keys.template)
    return _from_keys(keys, file, channels=channels, words=words, config=config)


def _from_keys(
    keys: PracticeKeys,
    file: _PracticeFile,
    *,
    channels: tuple[Channel, ...],
    words: Mapping[str, Words],
    config: Config | None,
) -> Practice:
    """Return the practice, with defaults for missing keys."""
    document, exempt = file.document, FOR_ISSUES if keys.is_issue else ()
    currency = config.business.currency if config else ""
    return Practice(
        name=file.name.slug,
        at=document.key_place(("title",)),
        event=keys.event,
        date=keys.on.date if keys.on else "",
        offset=keys.on.offset if keys.on else Span(0, "day"),
        every=_rhythms(keys),
        counted_from=keys.counted_from or "contact",
        own_rhythm=keys.own_rhythm or _OWN_RHYTHM.get(keys.counted_from or "contact", "limit"),
        until=keys.until or (_UNTIL if keys.on and not keys.owed else None),
        belated=keys.belated,
        once_per=_once_per(keys),
        once_in=keys.once_per if isinstance(keys.once_per, Span) else None,
        peace_after=keys.peace_after,
        when=document.source(("when",), keys.when) if keys.when else None,
        channels=channels,
        first=keys.is_issue if keys.first is None else keys.first,
        exempt=exempt if keys.exempt is None else tuple(dict.fromkeys(keys.exempt)),
        household=keys.is_shared,
        gift=gift_of(keys.gift, currency=currency) if keys.gift else None,
        gifts=tuple(gift_of(choice, currency=currency) for choice in keys.gifts),
        words=words,
        places={key: document.value_place((key,)) for key in _PLACES},
        **keys.model_dump(include=_AS_WRITTEN),
    )


def _channels(
    keys: PracticeKeys, sections: Sections, config: Config | None
) -> tuple[Channel, ...]:
    """Return the channels in the order in which they are tried."""
    listed = tuple(dict.fromkeys(c for c in keys.channel if c != "preferred"))
    if listed:
        return listed
    if keys.is_issue:
        return AT_LENGTH
    order = config.etiquette.channels if config else tuple(CHANNELS)
    general = AT_LENGTH if sections.general else ()
    return tuple(channel for channel in order if channel in (*sections.by_channel, *general))


def _rhythms(keys: PracticeKeys) -> tuple[Rhythm, ...]:
    if isinstance(keys.every, Span):
        return (Rhythm("", keys.every),)
    steps = (keys.every or {}).items()
    return tuple(Rhythm("" if name == "everybody" else name, span) for name, span in steps)


def _once_per(keys: PracticeKeys) -> str:
    """Return the value of `once_per`; the name of the practice's event means `event`."""
    if isinstance(keys.once_per, Span):
        return "event"
    if keys.on or keys.every:
        event_names = ("", "event", keys.event, *keys.event.split())
        return "event" if keys.once_per in event_names else keys.once_per
    return "customer" if keys.once_per in ("", "event") else keys.once_per


def _words(
    file: _PracticeFile,
    keys: PracticeKeys | TranslationKeys,
    channels: Sequence[Channel],
    *,
    template: bool,
) -> Words:
    sections = file.sections
    bodies = {c: sections.by_channel.get(c) or sections.general for c in channels}
    return Words(
        language=file.name.language,
        title=keys.title,
        subject=file.document.source(("subject",), keys.subject) if keys.subject else None,
        bodies={channel: body for channel, body in bodies.items() if body},
        template=template,
        gift_name=keys.gift.name if keys.gift else "",
        gift_conditions=keys.gift.conditions if keys.gift else "",
        gifts=tuple((gift.name, gift.conditions) for gift in keys.gifts),
    )
