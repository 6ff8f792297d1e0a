"""Reads the issues, one file per edition: content/issues/2026-11.md, 2026-11.de.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from newsletter.errors import Place, Problem, did_you_mean
from newsletter.model.entry import Entry, Issue
from newsletter.read.content.folders import Content
from newsletter.read.content.front_matter import IssueKeys, keys_elsewhere
from newsletter.read.forms import validate
from newsletter.read.markdown_files import FileName, Page, parse_name, read_page


def read_issues(
    content: Content,
    entries: Sequence[Entry],
    *,
    default_language: str,
    problems: list[Problem],
) -> tuple[Issue, ...]:
    """Return every edition, sorted by name and language, the original first."""
    issues = []
    for file in content.files.get("issues", ()):
        shown = content.shown(file)
        name = parse_name(
            file.name, shown=shown, default_language=default_language, problems=problems
        )
        page = read_page(file, shown=shown, problems=problems)
        if name and page:
            issue = _issue(name, page, problems=problems)
            if issue:
                issues.append(issue)
                problems.extend(_unknown_entries(issue, page, entries))
    problems.extend(_duplicates(issues))
    problems.extend(_orphans(issues, default_language))
    return tuple(
        sorted(issues, key=lambda i: (i.name, i.language != default_language, i.language))
    )


def _issue(name: FileName, page: Page, *, problems: list[Problem]) -> Issue | None:
    document = page.document
    found = validate(IssueKeys, document, problems=problems, elsewhere=keys_elsewhere())
    if found is None:
        return None
    if found.since and found.since > found.date:
        at = document.value_place(("since",))
        message = f"begins after the issue's date {found.date}"
        problems.append(Problem(message=message, at=at, hint="change one of the two"))
    values = found.model_dump()
    values |= {
        "subject": document.source(("subject",), found.subject),
        "preheader": document.source(("preheader",), found.preheader),
        "audience": document.source(("audience",), found.audience) if found.audience else None,
    }
    return Issue(name=name.slug, language=name.language, body=page.body, **values)


def _unknown_entries(issue: Issue, page: Page, entries: Sequence[Entry]) -> Iterable[Problem]:
    known = {entry.slug for entry in entries if entry.kind != "page"}
    pages = {entry.slug for entry in entries if entry.kind == "page"}
    for number, slug in enumerate(issue.entries):
        at = page.document.value_place(("entries", number))
        if slug in issue.entries[:number]:
            yield Problem(message=f"'{slug}' is listed twice", at=at, hint="delete one of the two")
        elif slug in pages:
            hint = "an issue can link to a page, but not contain it"
            yield Problem(message=f"'{slug}' is a page", at=at, hint=hint)
        elif slug not in known:
            hint = did_you_mean(slug, known) or "write the file name without folder and .md"
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


def _orphans(issues: Iterable[Issue], default_language: str) -> Iterable[Problem]:
    originals = {issue.name for issue in issues if issue.language == default_language}
    for issue in issues:
        if issue.name not in originals:
            original = f"content/issues/{issue.name}.md"
            yield Problem(
                message=f"this is a translation, but there is no {original}",
                at=Place(path=issue.path),
                hint=f"write {original} in '{default_language}', the language of newsletter.yml",
            )
