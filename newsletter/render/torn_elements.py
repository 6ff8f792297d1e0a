"""Finds the file of a theme with an MJML element that is not closed: MJML knows no files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from newsletter.errors import Problem
from newsletter.model.source import Source

_NO_MARKUP = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->|<style\b.*?</style>", re.S)
_TAG = re.compile(r"<(?P<slash>/?)(?P<name>[a-zA-Z][\w-]*)(?:\"[^\"]*\"|'[^']*'|[^<>\"'])*>")
_VOID = ("br", "hr", "img", "meta", "link", "input", "col", "wbr", "area", "source")


def torn_elements(sources: Mapping[str, Source]) -> Iterator[Problem]:
    """Yield the first tag of each MJML file of a theme that has no counterpart in this file."""
    for name, source in sources.items():
        if name.endswith(".mjml") and (torn := _torn(source)):
            yield torn


def _torn(source: Source) -> Problem | None:
    text = _NO_MARKUP.sub(lambda part: " " * len(part[0]), source.text)
    opened: list[re.Match[str]] = []
    for tag in _TAG.finditer(text):
        name = tag["name"].lower()
        if name in _VOID or tag[0].endswith("/>"):
            continue
        if not tag["slash"]:
            opened.append(tag)
        elif opened and opened[-1]["name"].lower() == name:
            opened.pop()
        elif name in [other["name"].lower() for other in opened]:
            return _not_closed(opened[-1], source)
        else:
            at = source.place_of(tag.start())
            return Problem(f"{tag[0]} closes nothing here", at, hint="delete it, or open it above")
    return _not_closed(opened[-1], source) if opened else None


def _not_closed(tag: re.Match[str], source: Source) -> Problem:
    name, at = tag["name"], source.place_of(tag.start())
    return Problem(f"<{name}> is not closed in this file", at, hint=f"write </{name}>")
