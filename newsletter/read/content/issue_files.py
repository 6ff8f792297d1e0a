"""Reads the issues, one file per edition: content/issues/2026-11.md, 2026-11.de.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from newsletter.errors import Place, Problem, did_you_mean
from newsletter.model.entry import Entry, Issue
from newsletter.read.content.folders import Content
from newsletter.read.content.front_matter import IssueKeys, keys_elsewhere
from newsletter.read.forms import validate
from newsletter.read.markdown_files import FileName, orphans, parse_name, split_page
from newsletter.read.parsed_files import READ_ONCE, ParsedFiles


@dataclass(frozen=True)
class _IssueFile:
    """One file, by itself."""

    issue: Issue
    entries_at: tuple[Place, ...]
    """Where each of its entries is named."""


def read_issues(
    content: Content,
    entries: Sequence[Entry],
    *,
    default_language: str,
    problems: list[Problem],
    parsed: ParsedFiles = READ_ONCE,
) -> tuple[Issue, ...]:
    """Return every edition, sorted by name and language, the original first."""
    files = list(_files(content, default_language, parsed=parsed, problems=problems))
    for file in files:
        problems.extend(_unknown_entries(file, entries))
    issues = [file.issue for file in files]
    problems.extend(_duplicates(issues))
    pages = [(issue.path, issue.name) for issue in issues]
    problems.extend(orphans(pages, content.shown_in("issues"), default_language=default_language))
    return tuple(
        sorted(issues, key=lambda i: (i.name, i.language != default_language, i.language))
    )


def _files(
    content: Content, default_language: str, *, parsed: ParsedFiles, problems: list[Problem]
) -> Iterator[_IssueFile]:
    for path in content.files.get("issues", ()):
        shown = content.shown(path)
        name = parse_name(
            path.name, shown=shown, default_language=default_language, problems=problems
        )
        file = parsed.of_text(path, _parse, shown=shown, problems=problems, name=name)
        if file:
            yield file


def _parse(
    text: str, *, shown: str, name: FileName | None, problems: list[Problem]
) -> _IssueFile | None:
    """Return the issue in a file. Without a usable *name* only the form of the text is judged."""
    page = split_page(text, shown=shown, problems=problems)
    if page is None or name is None:
        return None
    document = page.document
    keys = validate(IssueKeys, document, problems=problems, elsewhere=keys_elsewhere())
    if keys is None:
        return None
    if keys.since and keys.since > keys.date:
        at = document.value_place(("since",))
        message = f"begins after the issue's date {keys.date}"
        problems.append(Problem(message=message, at=at, hint="change one of the two"))
    values = keys.model_dump()
    values |= {
        "subject": document.source(("subject",), keys.subject),
        "preheader": document.source(("preheader",), keys.preheader),
        "audience": document.source(("audience",), keys.audience) if keys.audience else None,
    }
    issue = Issue(name=name.slug, language=name.language, body=page.body, **values)
    numbers = range(len(issue.entries))
    places = tuple(document.value_place(("entries", number)) for number in numbers)
    return _IssueFile(issue, places)


def _unknown_entries(file: _IssueFile, entries: Sequence[Entry]) -> Iterator[Problem]:
    slugs = {entry.slug for entry in entries if entry.kind != "page"}
    pages = {entry.slug for entry in entries if entry.kind == "page"}
    listed = file.issue.entries
    for number, (slug, at) in enumerate(zip(listed, file.entries_at, strict=True)):
        if slug in listed[:number]:
            yield Problem(message=f"'{slug}' is listed twice", at=at, hint="delete one of the two")
        elif slug in pages:
            hint = "an issue can link to a page, but not contain it"
            yield Problem(message=f"'{slug}' is a page", at=at, hint=hint)
        elif slug not in slugs:
            hint = did_you_mean(slug, slugs) or "write the file name without folder and .md"
            yield Problem(message=f"there is no entry '{slug}'", at=at, hint=hint)


def _duplicates(issues: Iterable[Issue]) -> Iterable[Problem]:
    seen: dict[tuple[str, str], Issue] = {}
    for issue in issues:
        first = seen.setdefault((issue.name, issue.language), issue)
        if first is not issue:
            yield Problem(
                message=f"the issue '{issue.name}' is there in {issue.language} already",
                at=Place(path=issue.path),
                hint=f"rename this file or {first.path}",
            )
