"""Reads the entries: content/updates, articles, stories, offers, events, answers and pages."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from newsletter.errors import Place, Problem
from newsletter.model.entry import KINDS, Entry
from newsletter.model.permalink import local_target
from newsletter.read.content.folders import Content, no_picture
from newsletter.read.content.front_matter import ENTRY_KEYS, keys_elsewhere
from newsletter.read.forms import validate
from newsletter.read.markdown_files import FileName, orphans, parse_name, split_page
from newsletter.read.parsed_files import READ_ONCE, ParsedFiles
from newsletter.read.yaml import Document


@dataclass(frozen=True)
class _EntryFile:
    """One file, by itself."""

    entry: Entry
    image_at: Place
    """Where it names its picture."""


def read_entries(
    content: Content,
    *,
    default_language: str,
    problems: list[Problem],
    parsed: ParsedFiles = READ_ONCE,
) -> tuple[Entry, ...]:
    """Return every entry: by kind, newest first, then by slug, translations beside each other."""
    files = list(_files(content, default_language, parsed=parsed, problems=problems))
    entries = [file.entry for file in files]
    for file in files:
        image = file.entry.image
        if image and image not in content.images:
            problems.append(no_picture(image, file.image_at, content.images))
    problems.extend(_duplicates(entries))
    pages = [(entry.path, entry.slug) for entry in entries]
    problems.extend(orphans(pages, content.shown_in(*KINDS), default_language=default_language))
    return _sorted(entries, default_language)


def _sorted(entries: list[Entry], default_language: str) -> tuple[Entry, ...]:
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


def _files(
    content: Content, default_language: str, *, parsed: ParsedFiles, problems: list[Problem]
) -> Iterator[_EntryFile]:
    for folder, kind in KINDS.items():
        for path in content.files.get(folder, ()):
            shown = content.shown(path)
            name = parse_name(
                path.name, shown=shown, default_language=default_language, problems=problems
            )
            file = parsed.of_text(
                path, _parse, shown=shown, problems=problems, kind=kind, name=name
            )
            if file:
                yield file


def _parse(
    text: str, *, shown: str, kind: str, name: FileName | None, problems: list[Problem]
) -> _EntryFile | None:
    """Return the entry in a file. Without a usable *name* only the form of the text is judged."""
    page = split_page(text, shown=shown, problems=problems)
    if page is None or name is None:
        return None
    document = page.document
    keys = validate(ENTRY_KEYS[kind], document, problems=problems, elsewhere=keys_elsewhere())
    if keys is None:
        return None
    values = keys.model_dump()
    source_name = values.pop("source", "")
    audience = values["audience"]
    values |= {
        "audience": document.source(("audience",), audience) if audience else None,
        "public": not audience if keys.public is None else keys.public,
        "image": _image(keys.image, document.path),
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
    problems.extend(_contradictions(entry, document))
    return _EntryFile(entry, document.value_place(("image",)))


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
