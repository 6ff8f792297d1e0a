"""Parts of a Markdown file: the slug and language in its name, its front matter, its body."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from newsletter.errors import Place, Problem
from newsletter.model.language import is_language, language_hint
from newsletter.model.source import Source
from newsletter.read.yaml import Document, parse_yaml

MOST_LINES = 400
"""Longer front matter is a body whose second `---` is missing."""


@dataclass(frozen=True)
class Page:
    """One Markdown file: the keys of its front matter, and its body."""

    document: Document
    body: Source


def split_page(text: str, *, shown: str, problems: list[Problem]) -> Page | None:
    """Return the two parts of *text*; line numbers count from the first line of the file."""
    lines = text.split("\n")
    begin = next((n for n, line in enumerate(lines) if line.strip()), 0)
    if lines[begin].rstrip() != "---":
        at = Place(path=shown, line=begin + 1, column=1, text=lines[begin])
        hint = "begin the file with '---', then 'title: …' and the other keys, then '---'"
        problems.append(Problem(message="the front matter is missing", at=at, hint=hint))
        return None
    end = _end(lines, begin + 1)
    if end is None:
        at = Place(path=shown, line=begin + 1, column=1, text=lines[begin])
        hint = "add a line '---' between the keys and the text"
        problems.append(Problem(message="the front matter does not end", at=at, hint=hint))
        return None
    head = "\n".join(lines[begin + 1 : end])
    document = parse_yaml(head, path=shown, first_line=begin + 2, problems=problems)
    if document is None:
        return None
    return Page(document, _body(lines, end + 1, shown=shown))


def orphans(
    pages: Iterable[tuple[str, str]], paths: Collection[str], *, default_language: str
) -> Iterator[Problem]:
    """
    Yield a problem for each translation that has no original beside it.

    *pages* are path and slug of each page, *paths* all files, also those that cannot be read.
    """
    for path, slug in pages:
        original = f"{path.rpartition('/')[0]}/{slug}"
        if not {f"{original}.md", f"{original}.{default_language}.md"}.intersection(paths):
            yield Problem(
                message=f"this is a translation, but there is no {original}.md",
                at=Place(path=path),
                hint=f"write {original}.md in '{default_language}', "
                "the language of newsletter.yml",
            )


def _end(lines: list[str], start: int) -> int | None:
    numbered = enumerate(lines[start : start + MOST_LINES], start=start)
    return next((n for n, line in numbered if line.rstrip() in ("---", "...")), None)


def _body(lines: list[str], start: int, *, shown: str) -> Source:
    """Return the text after the front matter, without the blank lines around it."""
    while start < len(lines) and not lines[start].strip():
        start += 1
    body = "\n".join(lines[start:]).rstrip()
    return Source(f"{body}\n" if body else "", Place(path=shown, line=start + 1))


SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
# Devices that Windows opens instead of a file.
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)")


@dataclass(frozen=True)
class FileName:
    """The parts of `<slug>[.<language>].md`."""

    slug: str
    language: str


def parse_name(
    name: str, *, shown: str, default_language: str, problems: list[Problem]
) -> FileName | None:
    """Return what the file *name* says, or None after adding to *problems* what is wrong."""
    slug, dot, language = name.removesuffix(".md").partition(".")
    checks = [_slug_problem(slug, shown=shown, language=language or default_language)]
    if dot:
        checks.append(_language_problem(language, shown=shown))
    wrong = [problem for problem in checks if problem]
    problems.extend(wrong)
    return None if wrong else FileName(slug, language or default_language)


def slug_of(text: str, language: str = "") -> str:
    """Return a file name for a title: `Grüße für 2026!` → `gruesse-fuer-2026` in German."""
    text = text.lower().replace("ß", "ss")
    if language == "de":
        text = text.translate({ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue"})
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    plain = plain.replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:64].rstrip("-")


def _slug_problem(slug: str, *, shown: str, language: str) -> Problem | None:
    at = Place(path=shown)
    if _RESERVED.fullmatch(slug):
        hint = "Windows cannot have a file of that name; choose another"
        return Problem(message=f"the name '{slug}' is taken", at=at, hint=hint)
    if SLUG.fullmatch(slug):
        return None
    better = slug_of(slug, language) or "a-short-name"
    return Problem(
        message=f"'{slug}' cannot be part of an address",
        at=at,
        hint=f"name the file with small letters, digits and hyphens: {better}.md",
    )


def _language_problem(language: str, *, shown: str) -> Problem | None:
    if is_language(language):
        return None
    return Problem(
        message=f"unknown language '{language}' in the file name",
        at=Place(path=shown),
        hint=language_hint(language),
    )
