"""Turns finished text with tokens into a tree, in which each value has its position."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from newsletter.model.template import Condition, Output, Part, Position, Repeat, Slot, Tree
from newsletter.render import tokens
from newsletter.render.late import RefusedError
from newsletter.render.places import positions

DEEPEST = 40
"""Conditions and repeats inside each other. Python compiles at most 200 nested brackets."""

_ADDRESS = re.compile(r"https?://[^\s<>/?#]+[/?#][^\s<>]*$")
_LONGEST_ADDRESS = 2000
_TOKEN = re.compile(f"({tokens.OPEN}[a-z][0-9]+{tokens.CLOSE})")


def html_tree(html: str, slots: Sequence[Slot]) -> Tree:
    """
    Return the tree of an HTML text; *slots* are those of its tokens, by number.

    Raises:
        RefusedError: for a token in a place where no value can be escaped.
    """
    return _tree(positions(html, slots), slots, encoded="text")


def text_tree(text: str, position: Position, slots: Sequence[Slot]) -> Tree:
    """
    Return the tree of a plain text; *position* is `plain` or `header`.

    Values after the host of a web address are percent-encoded there, too.
    """
    return _tree(_plain(text, position), slots, encoded=position)


def _plain(text: str, position: Position) -> Iterator[tuple[Position | None, str]]:
    before = ""
    for i, part in enumerate(_TOKEN.split(text)):
        if i % 2:
            yield ("url_part" if _ADDRESS.search(before) else position), part
        else:
            yield None, part
        before = (before + part)[-_LONGEST_ADDRESS:]


@dataclass
class _Group:
    """A condition or repeat that is still open."""

    slot: Slot | None = None
    bodies: list[list[Part]] = field(default_factory=lambda: [[]])
    depth: int = 0
    """How deep groups are nested inside it."""


def _tree(
    pieces: Iterable[tuple[Position | None, str]], slots: Sequence[Slot], *, encoded: Position
) -> Tree:
    """Return the tree; *encoded* is the position of values that are percent-encoded already."""
    stack = [_Group()]
    for position, piece in pieces:
        body = stack[-1].bodies[-1]
        if position is None:
            _append(body, piece)
            continue
        kind, slot = piece[1], slots[int(piece[2:-1])]
        if kind in tokens.OPENING:
            stack.append(_Group(slot))
        elif kind == tokens.ELSE:
            stack[-1].bodies.append([])
        elif kind in tokens.CLOSING:
            group = stack.pop()
            closed = _closed(group, repeat=kind == tokens.END_FOR)
            stack[-1].bodies[-1].append(closed)
            stack[-1].depth = max(stack[-1].depth, _depth(group, closed))
        else:
            # Every operator is set in brackets, so `| urlencode)` is the outermost filter.
            is_encoded = position == "url_part" and slot.expression.endswith("| urlencode)")
            body.append(Output(slot, encoded if is_encoded else position))
    return tuple(stack[0].bodies[0])


def _depth(group: _Group, closed: Repeat | Condition) -> int:
    """Return the depth of a group; the branches of a chain count as one level."""
    chain = isinstance(closed, Condition) and len(closed.branches) > 1
    depth = max(1, group.depth if chain else group.depth + 1)
    if depth > DEEPEST and group.slot:
        message = f"conditions and loops stand more than {DEEPEST} deep in each other"
        raise RefusedError(message, hint="write {% elif %}, or join conditions", at=group.slot.at)
    return depth


def _append(body: list[Part], text: str) -> None:
    """Add static text, joined to static text before it."""
    if body and isinstance(body[-1], str):
        body[-1] += text
    elif text:
        body.append(text)


def _closed(group: _Group, *, repeat: bool) -> Repeat | Condition:
    """
    Return a closed group; a condition alone in an `else` becomes a branch of the chain.

    White space around it goes into its branches.
    """
    assert group.slot is not None
    bodies = [tuple(body) for body in group.bodies]
    if repeat:
        return Repeat(group.slot, bodies[0])
    then, otherwise = bodies[0], bodies[1] if len(bodies) > 1 else ()
    parts = [part for part in otherwise if not (isinstance(part, str) and part.isspace())]
    if len(parts) == 1 and isinstance(parts[0], Condition):
        at = otherwise.index(parts[0])
        before, after = otherwise[:at], otherwise[at + 1 :]
        branches = [(slot, _joined(before, body, after)) for slot, body in parts[0].branches]
        return Condition(
            ((group.slot, then), *branches), _joined(before, parts[0].otherwise, after)
        )
    return Condition(((group.slot, then),), otherwise)


def _joined(*trees: Tree) -> Tree:
    """Return several trees as one."""
    body: list[Part] = []
    for part in (part for tree in trees for part in tree):
        if isinstance(part, str):
            _append(body, part)
        else:
            body.append(part)
    return tuple(body)
