"""Reads a whole project, and raises everything that is wrong with it at once."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from newsletter.errors import Place, Problem, raise_all
from newsletter.model.customs import Customs
from newsletter.model.entry import Entry, Issue, Segment
from newsletter.model.practice import Practice
from newsletter.model.project import Project
from newsletter.model.source import Source
from newsletter.read.content.body_links import check_links
from newsletter.read.content.customs_yml import read_customs
from newsletter.read.content.entry_files import read_entries
from newsletter.read.content.folders import Content, find_content, no_picture
from newsletter.read.content.issue_files import read_issues
from newsletter.read.content.newsletter_yml import ConfigFile, read_config
from newsletter.read.content.practice_files import read_practices
from newsletter.read.content.segments_yml import read_segments
from newsletter.read.content.theme import read_theme
from newsletter.read.parsed_files import READ_ONCE, ParsedFiles
from newsletter.read.people.people_files import read_people
from newsletter.read.text_files import read_text

LEAST_SECRET = 16
"""Characters; fewer can be guessed, and then so can the customers' tokens."""


def read_project(root: Path, *, today: dt.date, parsed: ParsedFiles = READ_ONCE) -> Project:
    """
    Return the project in the folder *root*.

    Raises NewsletterError with every problem of every file; bad customer rows are no error, but
    part of `people`. With a *parsed* that was passed before, only changed files are parsed.
    """
    problems: list[Problem] = []
    root = root.resolve()
    shown = "content/newsletter.yml"
    config_file = read_config(root / shown, shown=shown, problems=problems, parsed=parsed)
    content = find_content(root, problems=problems)
    texts = _texts(root, content, config_file, parsed=parsed, problems=problems)
    if config_file is None:
        raise_all(problems)
    assert config_file  # else there was a problem
    config = config_file.config
    problems.extend(_pictures(config_file, content))
    problems.extend(_future_consent(config_file, today))
    problems.extend(_start(config_file, texts.practices, today))
    theme = read_theme(root, config_file, problems=problems, parsed=parsed)
    folder = root / "content" / config.customers
    secret = _secret(folder, root, problems)
    people = read_people(
        folder, config, shown=_shown(folder, root), problems=problems, parsed=parsed
    )
    raise_all(problems)
    parsed.forget_unused()
    assert theme  # else there was a problem
    return Project(
        root=root,
        config=config,
        theme=theme,
        images=content.images,
        people=people,
        secret=secret.encode(),
        entries=texts.entries,
        issues=texts.issues,
        practices=texts.practices,
        segments=texts.segments,
        customs=texts.customs,
    )


class _Texts(NamedTuple):
    """What stands in content/ beside the settings and the customers."""

    entries: tuple[Entry, ...]
    issues: tuple[Issue, ...]
    practices: tuple[Practice, ...]
    segments: tuple[Segment, ...]
    customs: Customs


def _texts(
    root: Path,
    content: Content,
    config_file: ConfigFile | None,
    *,
    parsed: ParsedFiles,
    problems: list[Problem],
) -> _Texts:
    """Read each file by itself, then check what only all of them together can tell."""
    config = config_file.config if config_file else None
    language = config.language if config else "en"
    entries = read_entries(content, default_language=language, problems=problems, parsed=parsed)
    issues = read_issues(
        content, entries, default_language=language, problems=problems, parsed=parsed
    )
    practices = read_practices(
        content, config, default_language=language, problems=problems, parsed=parsed
    )
    shown = "content/segments.yml"
    segments = read_segments(root / shown, shown=shown, problems=problems, parsed=parsed)
    bodies = _bodies(entries, issues, practices)
    problems.extend(_wrong_links(bodies, entries, content))
    shown = "content/customs.yml"
    customs = read_customs(root / shown, shown=shown, problems=problems, parsed=parsed)
    return _Texts(entries, issues, practices, segments, customs)


def _bodies(
    entries: Iterable[Entry], issues: Iterable[Issue], practices: Iterable[Practice]
) -> Iterator[Source]:
    yield from (entry.body for entry in entries)
    yield from (issue.body for issue in issues)
    for practice in practices:
        for words in practice.words.values():
            # Words without a heading are those of several channels.
            yield from dict.fromkeys(words.bodies.values())


def _wrong_links(
    bodies: Iterable[Source], entries: Iterable[Entry], content: Content
) -> Iterable[Problem]:
    pages = {
        content.shown(file).partition("/")[2]
        for folder, files in content.files.items()
        for file in files
        if folder != "practices"
    }
    private = {entry.path.partition("/")[2] for entry in entries if not entry.public}
    for body in bodies:
        yield from check_links(body, pages=pages, private=private, images=content.images)


def _pictures(config_file: ConfigFile, content: Content) -> Iterable[Problem]:
    """Yield a problem for every picture that newsletter.yml names and that is not there."""
    team = config_file.config.team
    named: list[tuple[tuple[str | int, ...], str]] = [
        (("team", n, "photo"), team[n].photo) for n in range(len(team))
    ]
    named.append((("brand", "logo"), config_file.config.brand.get("logo", "")))
    for path, picture in named:
        if picture and picture not in content.images:
            at = config_file.document.value_place(path)
            yield no_picture(picture, at, content.images)


def _future_consent(config_file: ConfigFile, today: dt.date) -> Iterable[Problem]:
    since = config_file.config.consent.since
    if since and since > today:
        at = config_file.document.value_place(("consent", "since"))
        hint = "nobody can have agreed on a day to come"
        yield Problem(message=f"{since} lies in the future", at=at, hint=hint)


def _start(
    config_file: ConfigFile, practices: Sequence[Practice], today: dt.date
) -> Iterable[Problem]:
    if practices and config_file.config.start is None:
        message = "the care plan has no first day, and there are practices in content/practices/"
        hint = f"add 'start: {today}'; what was due before that day triggers nothing"
        at = Place(path=config_file.document.path)
        yield Problem(message=message, at=at, hint=hint)


def _secret(folder: Path, root: Path, problems: list[Problem]) -> str:
    """Return the key of ids and tokens: secret.txt in the folder of the customer data."""
    file = (folder if folder.is_dir() else folder.parent) / "secret.txt"
    shown = _shown(file, root)
    hint = f"write one line of {LEAST_SECRET} or more random letters into it, and keep it private"
    if not file.is_file():
        message = "the project's secret is missing; links in messages are signed with it"
        problems.append(Problem(message=message, at=Place(path=shown), hint=hint))
        return ""
    secret = (read_text(file, shown=shown, problems=problems) or "").strip()
    if 0 < len(secret) < LEAST_SECRET:
        message = f"the secret has fewer than {LEAST_SECRET} characters"
        problems.append(Problem(message=message, at=Place(path=shown), hint=hint))
    return secret


def _shown(path: Path, root: Path) -> str:
    """Return a path as the user would type it, also if it lies outside of the project."""
    return Path(os.path.relpath(path, root)).as_posix()
