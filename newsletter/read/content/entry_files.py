"""Reads the entries (content/updates, articles, stories …) and the issues, a file per language."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from newsletter.errors import Place, Problem, did_you_mean
from newsletter.model.entry import KINDS, Entry, Issue
from newsletter.model.permalink import local_target
from newsletter.model.source import Source
from newsletter.read.content.folders import Content, no_picture
from newsletter.read.content.front_matter import (
    ENTRY_KEYS,
    ButtonKeys,
    EntryKeys,
    IssueKeys,
    keys_elsewhere,
)
from newsletter.read.content.gift_keys import gift_of, wrong_gift
from newsletter.read.forms import validate
from newsletter.read.markdown_files import (
    FileName,
    Page,
    read_pages,
    slugs_of,
    split_page,
    wrong_names,
)
from newsletter.read.project_files import ProjectFiles
from newsletter.read.yaml import Document

T = TypeVar("T")
Keys = TypeVar("Keys", EntryKeys, IssueKeys)

_CHANGE = "change one of the two dates"


@dataclass(frozen=True)
class _File(Generic[T]):
    """The result of one file, and the places of values that depend on other files."""

    value: T
    places: tuple[Place, ...]
    """The places where an entry names its picture, or an issue its entries."""


def read_entries(content: Content, files: ProjectFiles, *, language: str) -> tuple[Entry, ...]:
    """
    Return every entry: by kind, newest first, then by slug, translations beside each other.

    *language* is that of files that name none.
    """
    read: list[_File[Entry]] = []
    for folder, kind in KINDS.items():
        pages = content.pages.get(folder, {})
        read += read_pages(pages, _parse_entry, files=files, language=language, kind=kind)
    for file in read:
        image = file.value.image
        if image and image not in content.images:
            files.problems.append(no_picture(image, file.places[0], content.images))
    entries = [file.value for file in read]
    paths = {path for folder in KINDS for path in content.pages.get(folder, ())}
    # An issue names entries of all kinds by slug alone, but never pages: they may share slugs.
    for are_pages in (False, True):
        names = [(e.path, e.slug, e.language) for e in entries if (e.kind == "page") is are_pages]
        files.problems.extend(wrong_names(names, paths, default_language=language))
    return _sorted_entries(entries, language)


def _sorted_entries(entries: list[Entry], language: str) -> tuple[Entry, ...]:
    newest = {(e.kind, e.slug): -e.date.toordinal() for e in reversed(entries)}
    kinds = list(KINDS.values())

    def order(e: Entry) -> tuple[int, int, str, bool, str]:
        day = newest[e.kind, e.slug]
        return kinds.index(e.kind), day, e.slug, e.language != language, e.language

    return tuple(sorted(entries, key=order))


def _parse_entry(
    text: str, *, shown: str, kind: str, name: FileName | None, problems: list[Problem]
) -> _File[Entry] | None:
    read = _keys(text, ENTRY_KEYS[kind], shown=shown, name=name, problems=problems)
    if name is None or read is None:
        return None
    page, keys = read
    document = page.document
    values = keys.model_dump()
    audience = values["audience"]
    values |= {
        "source_name": values.pop("source", ""),
        "audience": document.source(("audience",), audience) if audience else None,
        "public": not audience if keys.public is None else keys.public,
        "image": _image(keys.image, shown),
        "button": _button(keys.button, document),
        "url": values.get("url") or "",
    }
    entry = Entry(kind=kind, slug=name.slug, language=name.language, body=page.body, **values)
    problems.extend(_contradictions(entry, document))
    return _File(entry, (document.value_place(("image",)),))


def _keys(
    text: str,
    model: type[Keys],
    *,
    shown: str,
    name: FileName | None,
    problems: list[Problem],
) -> tuple[Page, Keys] | None:
    """Return a page and its keys; without a usable name only the form of the text is checked."""
    page = split_page(text, shown=shown, problems=problems)
    if page is None or name is None:
        return None
    keys = validate(model, page.document, problems=problems, elsewhere=keys_elsewhere())
    return (page, keys) if keys else None


def _image(written: str, shown: str) -> str:
    """Return the path below content/: `images/x.png`, `/images/x.png` and `../images/x.png`."""
    written = written.replace("\\", "/")
    if written.startswith("."):
        return local_target(written, shown.partition("/")[2]) or written
    return posixpath.normpath(written.lstrip("/")) if written else ""


def _button(keys: ButtonKeys | None, document: Document) -> Source | None:
    """Return the button in Markdown, at the place of its address."""
    if keys is None:
        return None
    return document.source(("button", "to"), f"[{keys.text}]({keys.to}){{.button}}")


def _contradictions(entry: Entry, document: Document) -> Iterator[Problem]:
    """Yield the contradictions between two keys of one entry."""
    problem = document.value_problem
    if entry.image and not entry.image_alt.strip():
        hint = "add 'image_alt: …' and say what the picture shows"
        yield problem("the picture has no alternative text", "image", hint=hint)
    if entry.expires and entry.expires < entry.date:
        yield problem(f"'expires' is before 'date', {entry.date}", "expires", hint=_CHANGE)
    if entry.starts and entry.ends and entry.ends < entry.starts:
        yield problem(
            f"'ends' is before 'starts', {entry.starts:%Y-%m-%d %H:%M}", "ends", hint=_CHANGE
        )
    if entry.customer and not entry.consent:
        hint = "ask first, then write 'consent: yes'; or take the name out"
        yield problem(f"'{entry.customer}' is named without consent", "customer", hint=hint)


def read_issues(
    content: Content,
    entries: Sequence[Entry],
    files: ProjectFiles,
    *,
    language: str,
    currency: str = "",
) -> tuple[Issue, ...]:
    """
    Return every edition, sorted by name and language, the original first.

    *currency* is that of vouchers that name none.
    """
    pages = content.pages.get("issues", {})
    read = read_pages(pages, _parse_issue, files=files, language=language, currency=currency)
    slugs = slugs_of(
        path
        for folder, kind in KINDS.items()
        if kind != "page"
        for path in content.pages.get(folder, ())
    )
    for file in read:
        files.problems.extend(_unknown_entries(file, entries, slugs))
    issues = [file.value for file in read]
    names = [(issue.path, issue.name, issue.language) for issue in issues]
    files.problems.extend(wrong_names(names, pages, default_language=language))
    return tuple(sorted(issues, key=lambda i: (i.name, i.language != language, i.language)))


def _parse_issue(
    text: str, *, shown: str, currency: str, name: FileName | None, problems: list[Problem]
) -> _File[Issue] | None:
    read = _keys(text, IssueKeys, shown=shown, name=name, problems=problems)
    if name is None or read is None:
        return None
    page, keys = read
    document = page.document
    if keys.since and keys.since > keys.date:
        message = f"'since' is after 'date', {keys.date}"
        problems.append(document.value_problem(message, "since", hint=_CHANGE))
    if keys.voucher:
        problems.extend(wrong_gift(keys.voucher, document, "voucher"))
    values = keys.model_dump(exclude={"voucher"}) | {
        "voucher": gift_of(keys.voucher, currency=currency) if keys.voucher else None,
        "subject": document.source(("subject",), keys.subject),
        "preheader": document.source(("preheader",), keys.preheader),
        "audience": document.source(("audience",), keys.audience) if keys.audience else None,
    }
    issue = Issue(name=name.slug, language=name.language, body=page.body, **values)
    places = [document.value_place(("entries", n)) for n in range(len(issue.entries))]
    return _File(issue, tuple(places))


def _unknown_entries(
    file: _File[Issue], entries: Sequence[Entry], slugs: Collection[str]
) -> Iterator[Problem]:
    """Yield what is wrong with the entries of an issue; *slugs* are those of all files."""
    pages = {entry.slug for entry in entries if entry.kind == "page"}
    listed = file.value.entries
    for number, (slug, at) in enumerate(zip(listed, file.places, strict=True)):
        if slug in listed[:number]:
            yield Problem(f"'{slug}' is listed twice", at, hint="delete one of the two")
        elif slug in pages:
            hint = "an issue can link to a page, but not contain it"
            yield Problem(f"'{slug}' is a page", at, hint=hint)
        elif slug not in slugs:
            hint = did_you_mean(slug, slugs) or "write the file name without folder and .md"
            yield Problem(f"there is no entry '{slug}'", at, hint=hint)
