"""Reads a folder of Markdown files: the slug and language in each name, front matter and body."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from newsletter.errors import Place, Problem
from newsletter.model.language import is_language, language_hint
from newsletter.model.permalink import DEVICE
from newsletter.model.source import Source
from newsletter.read.project_files import ProjectFiles
from newsletter.read.yaml import Document, parse_yaml

T = TypeVar("T")

MOST_LINES = 400
"""Longer front matter is a body whose second `---` is missing."""
MOST_LETTERS = 64
SLUG = re.compile(rf"[a-z0-9][a-z0-9-]{{0,{MOST_LETTERS - 1}}}")


@dataclass(frozen=True)
class FileName:
    """The parts of `<slug>[.<language>].md`."""

    slug: str
    language: str


@dataclass(frozen=True)
class Page:
    """One Markdown file: the keys of its front matter, and its body."""

    document: Document
    body: Source


def read_pages(
    pages: Mapping[str, Path],
    parse: Callable[..., T | None],
    *,
    files: ProjectFiles,
    language: str,
    **settings: Hashable,
) -> list[T]:
    """
    Return the result of *parse* for each page; *pages* are files by their path in the project.

    *parse* also gets the `name`, a FileName, or None if the name is wrong: then only the form of
    the text can be checked. *language* is that of names without one.
    """
    results = []
    for shown, file in pages.items():
        name = parse_name(shown, default_language=language, problems=files.problems)
        result = files.parse(file, parse, shown=shown, within=None, name=name, **settings)
        if result is not None:
            results.append(result)
    return results


def slugs_of(paths: Iterable[str]) -> set[str]:
    """Return the slugs in the names of files, which they have even if they cannot be read."""
    return {path.rpartition("/")[2].partition(".")[0] for path in paths}


def wrong_names(
    pages: Iterable[tuple[str, str, str]], paths: Collection[str], *, default_language: str
) -> Iterator[Problem]:
    """
    Yield a problem for each page whose name is taken, and each translation without original.

    *pages* are path, slug and language of each page, *paths* all files, including unreadable ones.
    """
    seen: dict[tuple[str, str], str] = {}
    for path, slug, language in pages:
        at, first = Place(path=path), seen.setdefault((slug, language), path)
        if first != path:
            yield Problem(f"the name '{slug}' is taken", at, hint=f"rename this file or {first}")
        original = f"{path.rpartition('/')[0]}/{slug}"
        if not {f"{original}.md", f"{original}.{default_language}.md"}.intersection(paths):
            yield Problem(
                f"this is a translation, but there is no {original}.md",
                at,
                hint=f"write {original}.md in '{default_language}', "
                "the language of newsletter.yml",
            )


def split_page(text: str, *, shown: str, problems: list[Problem]) -> Page | None:
    """Return the two parts of *text*; line numbers count from the first line of the file."""
    lines = text.split("\n")
    begin = next((n for n, line in enumerate(lines) if line.strip()), 0)
    at = Place(path=shown, line=begin + 1, column=1, text=lines[begin])
    if lines[begin].rstrip() != "---":
        hint = "begin the file with '---', then 'title: …' and the other keys, then '---'"
        problems.append(Problem("the front matter is missing", at, hint=hint))
        return None
    end = _end(lines, begin + 1)
    if end is None:
        hint = "add a line '---' between the keys and the text"
        problems.append(Problem("the front matter does not end", at, hint=hint))
        return None
    head = "\n".join(lines[begin + 1 : end])
    document = parse_yaml(head, path=shown, first_line=begin + 2, problems=problems)
    if document is None:
        return None
    return Page(document, _body(lines, end + 1, shown=shown))


def _end(lines: list[str], start: int) -> int | None:
    numbered = enumerate(lines[start : start + MOST_LINES], start=start)
    return next((n for n, line in numbered if line.rstrip() in ("---", "...")), None)


def _body(lines: list[str], start: int, *, shown: str) -> Source:
    """Return the text after the front matter, without the empty lines around it."""
    while start < len(lines) and not lines[start].strip():
        start += 1
    body = "\n".join(lines[start:]).rstrip()
    return Source(f"{body}\n" if body else "", Place(path=shown, line=start + 1))


def parse_name(shown: str, *, default_language: str, problems: list[Problem]) -> FileName | None:
    """Return the parts of the name of the file *shown*, or None after reporting a problem."""
    slug, dot, language = shown.rpartition("/")[2].removesuffix(".md").partition(".")
    at, wrong = Place(path=shown), []
    if len(slug) > MOST_LETTERS and SLUG.fullmatch(slug[:MOST_LETTERS]):
        message = f"the name has {len(slug)} letters and is too long; it may have {MOST_LETTERS}"
        hint = f"shorten it: {slug_of(slug)}.md"
        wrong.append(Problem(message, at, hint=hint))
    elif DEVICE.fullmatch(slug):
        hint = "Windows cannot have a file of that name; choose another"
        wrong.append(Problem(f"the name '{slug}' is taken", at, hint=hint))
    elif not SLUG.fullmatch(slug):
        better = slug_of(slug, language or default_language) or "a-short-name"
        hint = f"name the file with small letters, digits and hyphens: {better}.md"
        wrong.append(Problem(f"'{slug}' cannot be part of a web address", at, hint=hint))
    if dot and not is_language(language):
        message = f"unknown language '{language}' in the file name"
        wrong.append(Problem(message, at, hint=language_hint(language)))
    problems.extend(wrong)
    return None if wrong else FileName(slug, language or default_language)


def slug_of(text: str, language: str = "") -> str:
    """Return a file name for a title: `Grüße für 2026!` → `gruesse-fuer-2026` in German."""
    text = text.lower().replace("ß", "ss")
    if language == "de":
        text = text.translate({ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue"})
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    plain = plain.replace("'", "")
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MOST_LETTERS].rstrip("-")
    return f"{slug}-1" if DEVICE.fullmatch(slug) else slug
