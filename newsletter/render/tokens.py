"""Tokens stand for open parts on their way through Markdown, MJML and CSS inlining."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence

# Private-use characters survive Markdown, nh3, mrml and css-inline unchanged in text, attributes
# and addresses. Markdown's emphasis rules do not count them as letters. Sources cannot contain
# them, because reading content refuses them.
OPEN, CLOSE = "\ue000", "\ue001"
BRACE = "\ue002"
"""A literal `{` that Jinja must not see, in code spans and blocks."""

TOKEN = re.compile(f"{OPEN}([a-z])([0-9]+){CLOSE}")
BLOCK = re.compile(f"{OPEN}[ieflr][0-9]+{CLOSE}")
"""A border of a condition or a repeat, which prints nothing."""
_SLOT = re.compile(f"{OPEN}([vieflr])([0-9]+){CLOSE}")
_TEXT_BODY = re.compile(f"{OPEN}t([0-9]+){CLOSE}")

VALUE, BODY, TEXT_BODY = "v", "b", "t"
IF, ELSE, END_IF = "i", "e", "f"
FOR, END_FOR = "l", "r"
OPENING, CLOSING = frozenset((IF, FOR)), frozenset((END_IF, END_FOR))

Path = tuple[str, ...]


def token(kind: str, number: int) -> str:
    """Return the token of a kind for slot *number*."""
    return f"{OPEN}{kind}{number}{CLOSE}"


def renumbered(text: str, offset: int) -> str:
    """Return *text* with the numbers of slots, but not of bodies, raised by *offset*."""
    if not offset or OPEN not in text:
        return text
    return _SLOT.sub(lambda match: token(match[1], int(match[2]) + offset), text)


def with_text_bodies(text: str, bodies: Sequence[str]) -> str:
    """Return a text with the text of each body in place of its token."""
    return _TEXT_BODY.sub(lambda match: bodies[int(match[1])], text)


def holds_token(text: object) -> bool:
    """Return whether *text* is a string with an open part."""
    return isinstance(text, str) and str.find(text, OPEN) >= 0


def paths(text: str) -> Iterator[tuple[str, Path]]:
    """
    Yield each token of *text* with the branches around it, outermost first.

    Raises:
        ValueError: if borders of conditions do not nest.
    """
    stack: list[str] = []
    for match in TOKEN.finditer(text):
        kind, number = match.groups()
        if kind in CLOSING or kind == ELSE:
            begun = stack.pop() if stack else ""
            if begun[1:] != number:
                raise ValueError(number)
        yield match[0], tuple(stack)
        if kind in OPENING or kind == ELSE:
            stack.append(kind + number)
    if stack:
        raise ValueError(stack[-1][1:])


def branches_in(text: str) -> Callable[[int], Path]:
    """Return what tells the branches around a position of *text*, whose borders nest."""
    ends, stack = list[int](), list[str]()
    around: list[Path] = [()]
    for match in BLOCK.finditer(text):
        kind = match[0][1]
        if kind not in OPENING:
            stack.pop()
        if kind not in CLOSING:
            stack.append(match[0][1:-1])
        ends.append(match.end())
        around.append(tuple(stack))
    return lambda position: around[bisect_right(ends, position)]


def common_part(text: str) -> str:
    """Return the text that every customer reads: without values, conditions and repeats."""
    common, depth, at = "", 0, 0
    for match in TOKEN.finditer(text):
        common += "" if depth else text[at : match.start()]
        depth += (match[1] in OPENING) - (match[1] in CLOSING)
        at = match.end()
    return common + text[at:]
