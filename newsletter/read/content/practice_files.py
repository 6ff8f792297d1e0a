"""Reads the practices: content/practices/NAME.md, with their translations NAME.de.md."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from newsletter.errors import Place, Problem, did_you_mean
from newsletter.model.channels import AT_LENGTH, CHANNELS, Channel
from newsletter.model.config import Config
from newsletter.model.practice import (
    FOR_ISSUES,
    ISSUE,
    Exemption,
    Gift,
    Practice,
    Rhythm,
    Span,
    Words,
)
from newsletter.read.content.folders import Content
from newsletter.read.content.practice_faults import contradictions, wrong_order, wrong_words
from newsletter.read.content.practice_front_matter import (
    ORIGINAL_ONLY,
    GiftKeys,
    PracticeKeys,
    TranslationKeys,
)
from newsletter.read.content.practice_sections import Sections, split_words
from newsletter.read.content.selling import find_selling
from newsletter.read.forms import validate
from newsletter.read.markdown_files import FileName, orphans, parse_name, split_page
from newsletter.read.parsed_files import READ_ONCE, ParsedFiles
from newsletter.read.yaml import Document

_UNTIL = Span(7, "day")


@dataclass(frozen=True, eq=False)
class _PracticeFile:
    """One file, the original or a translation. Two readings of a file are never equal."""

    name: FileName
    document: Document
    sections: Sections


def read_practices(
    content: Content,
    config: Config | None,
    *,
    default_language: str,
    problems: list[Problem],
    parsed: ParsedFiles = READ_ONCE,
) -> tuple[Practice, ...]:
    """Return the practices, sorted by name; errors are appended to *problems*."""
    files = list(_files(content, default_language, parsed=parsed, problems=problems))
    problems.extend(_duplicates(files))
    pages = [(file.document.path, file.name.slug) for file in files]
    paths = content.shown_in("practices")
    problems.extend(orphans(pages, paths, default_language=default_language))
    languages: dict[str, dict[str, _PracticeFile]] = {}
    for file in files:
        languages.setdefault(file.name.slug, {}).setdefault(file.name.language, file)
    practices = []
    for by_language in languages.values():
        if original := by_language.get(default_language):
            translations = list(by_language.values())
            practice = _assembled(original, translations, config, parsed=parsed, problems=problems)
            practices += [practice] if practice else []
    problems.extend(_unknown_after(practices, languages))
    practices.sort(key=lambda practice: practice.name)
    problems.extend(wrong_order(practices))
    return tuple(practices)


def _files(
    content: Content, default_language: str, *, parsed: ParsedFiles, problems: list[Problem]
) -> Iterator[_PracticeFile]:
    for path in content.files.get("practices", ()):
        shown = content.shown(path)
        name = parse_name(
            path.name, shown=shown, default_language=default_language, problems=problems
        )
        file = parsed.of_text(path, _parse, shown=shown, problems=problems, name=name)
        if file:
            yield file


def _parse(
    text: str, *, shown: str, name: FileName | None, problems: list[Problem]
) -> _PracticeFile | None:
    page = split_page(text, shown=shown, problems=problems)
    if page is None or name is None:
        return None
    sections = split_words(page.body, problems=problems)
    return _PracticeFile(name, page.document, sections)


def _duplicates(files: Sequence[_PracticeFile]) -> Iterator[Problem]:
    """Yield a problem for each file of a name that is taken."""
    seen: dict[FileName, _PracticeFile] = {}
    for file in files:
        first = seen.setdefault(file.name, file)
        if first is not file:
            message = f"the practice '{file.name.slug}' is there in {file.name.language} already"
            hint = f"rename this file or {first.document.path}"
            yield Problem(message=message, at=Place(path=file.document.path), hint=hint)


def _assembled(
    original: _PracticeFile,
    languages: Sequence[_PracticeFile],
    config: Config | None,
    *,
    parsed: ParsedFiles,
    problems: list[Problem],
) -> Practice | None:
    """Return the practice that its files and two settings of newsletter.yml make."""

    def assemble(errors: list[Problem]) -> Practice | None:
        practice = _practice(original, languages, config, problems=errors)
        errors.extend(find_selling([practice]) if practice else ())
        return practice

    settings = (config.etiquette.channels, config.business.currency) if config else ()
    key = (_assembled, original, *languages, *settings)
    return parsed.result(key, assemble, problems=problems)


def _unknown_after(practices: Sequence[Practice], names: Collection[str]) -> Iterator[Problem]:
    """Yield a problem for each practice that waits for one that is not there."""
    for practice in practices:
        if practice.after and practice.after not in names:
            at = practice.places["after"]
            hint = did_you_mean(practice.after, names) or "write the file name without .md"
            message = f"there is no practice '{practice.after}'"
            yield Problem(message=message, at=at, hint=hint)


def _practice(
    file: _PracticeFile,
    languages: Sequence[_PracticeFile],
    config: Config | None,
    *,
    problems: list[Problem],
) -> Practice | None:
    document, name = file.document, file.name.slug
    keys = validate(PracticeKeys, document, problems=problems)
    translated = {
        other.name.language: validate(
            TranslationKeys, other.document, problems=problems, elsewhere=ORIGINAL_ONLY
        )
        for other in languages
        if other.name.language != file.name.language
    }
    if keys is None:
        return None
    problems.extend(contradictions(name, keys, document))
    channels = _channels(keys, file.sections, config)
    for each in languages:
        problems.extend(wrong_words(keys, channels, each.document, each.sections))
    by_language = {file.name.language: keys, **translated}
    words = {
        each.name.language: _words(each, own_keys, channels, template=keys.template)
        for each in languages
        if (own_keys := by_language[each.name.language])
    }
    event = keys.on.event if keys.on else ""
    is_issue = event == ISSUE
    return Practice(
        name=name,
        at=document.key_place(("title",)),
        title=keys.title,
        event=event,
        date=keys.on.date if keys.on else "",
        offset=keys.on.offset if keys.on else Span(0, "day"),
        every=_rhythms(keys),
        counted_from=keys.counted_from or "contact",
        until=keys.until or (_UNTIL if event else None),
        once_per=_once_per(keys, event),
        when=document.source(("when",), keys.when) if keys.when else None,
        channels=channels,
        after=keys.after,
        priority=keys.priority,
        first=is_issue if keys.first is None else keys.first,
        exempt=_exempt(keys, is_issue=is_issue),
        owed=keys.owed,
        sells_nothing=keys.sells_nothing,
        gift=_gift(keys.gift, config) if keys.gift else None,
        advice=keys.advice,
        words=words,
        places={key: document.value_place((key,)) for key in ("every", "once_per", "after")},
    )


def _channels(
    keys: PracticeKeys, sections: Sections, config: Config | None
) -> tuple[Channel, ...]:
    """Return the channels in the order in which they are tried."""
    listed = tuple(dict.fromkeys(c for c in keys.channel if c != "preferred"))
    if listed:
        return listed
    if keys.on and keys.on.event == ISSUE:
        return AT_LENGTH
    order = config.etiquette.channels if config else tuple(CHANNELS)
    general = AT_LENGTH if sections.general else ()
    return tuple(channel for channel in order if channel in (*sections.by_channel, *general))


def _exempt(keys: PracticeKeys, *, is_issue: bool) -> tuple[Exemption, ...]:
    if keys.exempt is None:
        return FOR_ISSUES if is_issue else ()
    return tuple(dict.fromkeys(keys.exempt))


def _rhythms(keys: PracticeKeys) -> tuple[Rhythm, ...]:
    if isinstance(keys.every, Span):
        return (Rhythm("", keys.every),)
    steps = (keys.every or {}).items()
    return tuple(Rhythm("" if name == "everybody" else name, span) for name, span in steps)


def _once_per(keys: PracticeKeys, event: str) -> str:
    """Return the value of `once_per`; the name of its own event means `event`."""
    if keys.on or keys.every:
        event_names = ("", "event", event, *event.split())
        return "event" if keys.once_per in event_names else keys.once_per
    return "customer" if keys.once_per in ("", "event") else keys.once_per


def _gift(keys: GiftKeys, config: Config | None) -> Gift:
    cost = keys.cost or keys.worth
    return Gift(
        kind=keys.kind,
        name=keys.name,
        worth=keys.worth.amount,
        cost=cost.amount,
        currency=keys.worth.currency or (config.business.currency if config else ""),
        valid_days=keys.valid_days,
        conditions=keys.conditions,
    )


def _words(
    file: _PracticeFile,
    keys: PracticeKeys | TranslationKeys,
    channels: Sequence[Channel],
    *,
    template: bool,
) -> Words:
    sections = file.sections
    bodies = {c: sections.by_channel.get(c) or sections.general for c in channels}
    subject = keys.subject
    return Words(
        language=file.name.language,
        title=keys.title,
        subject=file.document.source(("subject",), subject) if subject else None,
        bodies={channel: body for channel, body in bodies.items() if body},
        template=template,
        gift_name=keys.gift.name if keys.gift else "",
        gift_conditions=keys.gift.conditions if keys.gift else "",
    )
