"""Splits a Markdown file into its front matter and its body, each with the line it begins at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from newsletter.errors import Place, Problem
from newsletter.model.source import Source
from newsletter.read.text import read_text
from newsletter.read.yaml import Document, parse_yaml

MOST_LINES = 400
"""Longer front matter is a body whose second `---` is missing."""


@dataclass(frozen=True)
class Page:
    """One Markdown file: the keys of its front matter, and its body."""

    document: Document
    body: Source


def read_page(file: Path, *, shown: str, problems: list[Problem]) -> Page | None:
    """Return the file's two parts, or None after adding to *problems* why it cannot be read."""
    text = read_text(file, shown=shown, problems=problems)
    return None if text is None else split_page(text, shown=shown, problems=problems)


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


def _end(lines: list[str], start: int) -> int | None:
    numbered = enumerate(lines[start : start + MOST_LINES], start=start)
    return next((n for n, line in numbered if line.rstrip() in ("---", "...")), None)


def _body(lines: list[str], start: int, *, shown: str) -> Source:
    """Return the text after the front matter, without the blank lines around it."""
    while start < len(lines) and not lines[start].strip():
        start += 1
    body = "\n".join(lines[start:]).rstrip()
    return Source(f"{body}\n" if body else "", Place(path=shown, line=start + 1))
