"""Checks that links to a heading of another text find it: `hours.md#in-winter`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from newsletter.errors import Problem, did_you_mean
from newsletter.model.permalink import local_target
from newsletter.model.source import Source
from newsletter.read.content.body_links import find_links, without_blocks

_HEADING = re.compile(
    r"^[^\w\n#]*#{1,6}[ \t]+(.*)$"
    r"|^([^\n]*\S[^\n]*)\n[ >]*(?:=+|-+)[ \t]*$"
    r"|<[a-z][^>]*\bid=[\"']?([^\"'\s>]+)",
    re.M | re.I,
)
_OWN_NAME = re.compile(r"\{#([\w.-]+)\}\s*$")
_LINK = re.compile(r"!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
_UNCERTAIN = re.compile(r"\{[{%]|[<&]|\[\^")
"""What makes the words of a heading others than those that are written."""


def check_heading_links(
    bodies: Sequence[Source], *, all_texts: Sequence[Source]
) -> Iterator[Problem]:
    """Yield a problem for each link in *all_texts* to a heading that no edition of a body has."""
    editions: dict[str, list[Source]] = defaultdict(list)
    for body in bodies:
        editions[_below_content(body).partition(".")[0]].append(body)
    for text in all_texts:
        for link in find_links(text.text):
            path, _, name = link.href.partition("#")
            target = local_target(path, _below_content(text)) if path and name else None
            found = editions.get((target or "").partition(".")[0], [])
            names = [each for body in found for each in heading_names(body.text)]
            if found and "" not in names and _loosely(name) not in map(_loosely, names):
                hint = did_you_mean(name, names)
                hint = hint or "write the words of the heading in small letters, with hyphens"
                message = f"there is no heading #{name} in content/{target}"
                yield Problem(message, text.place_of(link.start), hint=hint)


def heading_names(text: str) -> list[str]:
    """Return the names of the headings of a Markdown text; an empty one if one is uncertain."""
    names = []
    for match in _HEADING.finditer(without_blocks(text)):
        words = match[1] or match[2] or ""
        own_name = _OWN_NAME.search(words)
        if own_name or match[3]:
            names.append(own_name[1] if own_name else match[3])
        elif _UNCERTAIN.search(words):
            names.append("")
        else:
            words = re.sub(r"[^\w\s-]", "", _LINK.sub(r"\1", words).lower())
            names.append("-".join(words.split()))
    return names


def _loosely(name: str) -> str:
    """Return a name without hyphens and the number of a repeated heading."""
    return re.sub(r"[\W_]", "", re.sub(r"-\d+$", "", name.lower()))


def _below_content(text: Source) -> str:
    return text.at.path.partition("/")[2]
