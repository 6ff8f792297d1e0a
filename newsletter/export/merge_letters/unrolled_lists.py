"""Lists of different lengths, written out for the longest one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from newsletter.render.tokens import TOKEN, VALUE, token

ENDS = "\x1c\x1d\x1e\x1f"
"""Stand behind each item of a list, by the number of lists around it; no value holds them."""

Fields = dict[tuple[int, tuple[int, ...]], int]
"""A part, and the items of the lists around it → the number of the field."""


@dataclass
class Loop:
    """What is repeated for each item of a list."""

    nodes: list[str | Loop] = field(default_factory=list)


def unrolled(
    nodes: Sequence[str | Loop],
    texts: Sequence[Sequence[str]],
    path: tuple[int, ...],
    fields: Fields,
) -> Iterator[str]:
    """
    Yield the HTML with lists written out; *fields* takes each field with its number.

    *texts* are the cells of each part; *path* has the item in each of the lists around.
    """

    def numbered(match: re.Match[str]) -> str:
        part = int(match[2]), path
        return token(VALUE, fields.setdefault(part, len(fields)))

    for node in nodes:
        if isinstance(node, str):
            yield TOKEN.sub(numbered, node)
        else:
            for step in range(_most_items(node, texts, path)):
                yield from unrolled(node.nodes, texts, (*path, step), fields)


def _most_items(loop: Loop, texts: Sequence[Sequence[str]], path: tuple[int, ...]) -> int:
    end = ENDS[len(path)]
    return max(
        (item_of(text, path).count(end) for number in _numbers(loop) for text in texts[number]),
        default=0,
    )


def _numbers(loop: Loop) -> Iterator[int]:
    for node in loop.nodes:
        if isinstance(node, str):
            yield from (int(match[2]) for match in TOKEN.finditer(node))
        else:
            yield from _numbers(node)


def item_of(text: str, path: Sequence[int]) -> str:
    """Return the item of lists in a cell; empty if there are fewer."""
    for end, step in zip(ENDS, path, strict=False):
        items = text.split(end)
        text = items[step] if step < len(items) - 1 else ""
    return text
