"""Reads the entries: content/updates, articles, stories, offers, events, answers and pages."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from pathlib import Path

from newsletter.errors import Place, Problem
from newsletter.model.entry import KINDS, Entry
from newsletter.model.links import local_target
from newsletter.read.content.folders import Content, no_picture
from newsletter.read.content.front_matter import ENTRY_KEYS, keys_elsewhere
from newsletter.read.forms import validate
from newsletter.read.markdown_files import FileName, Page, parse_name, read_page
from newsletter.read.yaml import Document


def read_entries(
    content: Content, *, default_language: str, problems: list[Problem]
) -> tuple[Entry, ...]:
    """Return every entry: by kind, newest first, then by slug, translations beside each other."""
    entries = []
    for folder, kind in KINDS.items():
        for file in content.files.get(folder, ()):
            shown = content.shown(file)
            name = parse_name(
                file.name, shown=shown, default_language=default_language, problems=problems
            )
            page = read_page(file, shown=shown, problems=problems)
            if name and page:
                entry = _entry(kind, name, page, images=content.images, problems=problems)
                entries.extend([entry] if entry else [])
    problems.extend(_duplicates(entries))
    problems.extend(_orphans(entries, default_language))
    newest = {(e.kind, e.slug): -e.date.toordinal() for e in reversed(entries)}
    order = list(KINDS.values())
    return tuple(
        sorted(
            entries,
            key=lambda e: (
                order.index(e.kind),
                newest[e.kind, e.slug],
                e.slug,
                e.language != default_language,
                e.language,
            ),
        )
    )


def _entry(
    kind: str,
    name: FileName,
    page: Page,
    *,
    images: Mapping[str, Path],
    problems: list[Problem],
) -> Entry | None:
    document = page.document
    found = validate(ENTRY_KEYS[kind], document, problems=problems, elsewhere=keys_elsewhere())
    if found is None:
        return None
    values = found.model_dump()
    source_name = values.pop("source", "")
    audience = values["audience"]
    values |= {
        "audience": document.source(("audience",), audience) if audience else None,
        "public": not audience if found.public is None else found.public,
        "image": _image(found.image, document.path),
        "url": values.get("url") or "",
    }
    entry = Entry(
        kind=kind,
        slug=name.slug,
        language=name.language,
        source_name=source_name,
        body=page.body,
        **values,
    )
    problems.extend(_contradictions(entry, page.document))
    if entry.image and entry.image not in images:
        problems.append(no_picture(entry.image, document.value_place(("image",)), images))
    return entry


def _image(written: str, shown: str) -> str:
    """Return the path below content/: `images/x.png`, `/images/x.png` and `../images/x.png`."""
    if written.startswith("."):
        return local_target(written, shown.partition("/")[2]) or written
    return posixpath.normpath(written.lstrip("/")) if written else ""


def _contradictions(entry: Entry, document: Document) -> Iterable[Problem]:
    """Yield what is wrong between two keys of one entry."""

    def problem(key: str, message: str, hint: str) -> Problem:
        return Problem(message=message, at=document.value_place((key,)), hint=hint)

    if entry.image and not entry.image_alt.strip():
        hint = "add 'image_alt: …' and say what the picture shows"
        yield problem("image", "the picture has no alternative text", hint)
    if entry.expires and entry.expires < entry.date:
        yield problem("expires", f"expires before its date {entry.date}", "change one of the two")
    if entry.starts and entry.ends and entry.ends < entry.starts:
        yield problem("ends", f"ends before it starts ({entry.starts})", "change one of the two")
    if entry.customer and not entry.consent:
        hint = "ask first, then write 'consent: yes'; or take the name out"
        yield problem("customer", f"'{entry.customer}' is named without consent", hint)


def _duplicates(entries: Iterable[Entry]) -> Iterable[Problem]:
    """
    Yield a problem for every entry whose slug is taken.

    Entries of all kinds share their slugs, because an issue names them by slug alone. Pages, which
    no issue contains, have theirs to themselves.
    """
    seen: dict[tuple[bool, str, str], Entry] = {}
    for entry in entries:
        first = seen.setdefault((entry.kind == "page", entry.slug, entry.language), entry)
        if first is not entry:
            yield Problem(
                message=f"the slug '{entry.slug}' is taken",
                at=Place(path=entry.path),
                hint=f"rename this file or {first.path}",
            )


def _orphans(entries: Iterable[Entry], default_language: str) -> Iterable[Problem]:
    """Yield a problem for every translation without its original."""
    originals = {(e.kind, e.slug) for e in entries if e.language == default_language}
    for entry in entries:
        if (entry.kind, entry.slug) not in originals:
            original = f"{entry.path.rpartition('/')[0]}/{entry.slug}.md"
            yield Problem(
                message=f"this is a translation, but there is no {original}",
                at=Place(path=entry.path),
                hint=f"write {original} in '{default_language}', the language of newsletter.yml",
            )
