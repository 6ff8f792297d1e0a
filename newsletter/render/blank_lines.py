"""Limits empty lines in plain text with conditions to one in a row, whatever the branches."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from newsletter.render import tokens

_MOST = 2
"""Line ends in a row: the first ends the line, the second makes an empty line."""
_BORDER = re.compile(f"({tokens.BLOCK.pattern})")


@dataclass
class _Group:
    """A condition or repeat: its borders, and the branches between them."""

    borders: list[str] = field(default_factory=list)
    branches: list[list[_Group | str]] = field(default_factory=list)


def tidy(text: str) -> str:
    """
    Return *text* with at most one empty line in a row, whichever branches are taken.

    A condition at the start of a line moves the line ends behind it into its branches.
    """
    text = re.sub(r"[ \t]+\n", "\n", text)
    items = _parse(iter(_BORDER.split(text)))
    written, _ = _written(items, _MOST)
    return written.rstrip("\n") + "\n"


def _parse(parts: Iterator[str]) -> list[_Group | str]:
    """Return texts and groups from *parts*, which alternate between text and borders."""
    stack: list[_Group] = [_Group(branches=[[]])]
    for part in parts:
        kind = part[1] if _BORDER.fullmatch(part) else ""
        if kind in tokens.OPENING:
            stack.append(_Group([part], [[]]))
        elif kind:
            stack[-1].borders.append(part)
            if kind in tokens.CLOSING:
                group = stack.pop()
                stack[-1].branches[-1].append(_as_chain(group))
            else:
                stack[-1].branches.append([])
        elif part:
            stack[-1].branches[-1].append(part)
    return stack[0].branches[-1]


def _as_chain(group: _Group) -> _Group:
    """Merge a group whose `else` is only another condition with that condition."""
    *branches, last = group.branches
    if not branches or len(last) != 1 or not isinstance(last[0], _Group):
        return group
    inner = last[0]
    if inner.borders[0][1] == tokens.FOR:
        return group
    between = group.borders[-2] + inner.borders[0]
    borders = [*group.borders[:-2], between, *inner.borders[1:-1]]
    return _Group([*borders, inner.borders[-1] + group.borders[-1]], [*branches, *inner.branches])


def _written(items: list[_Group | str], ends: int) -> tuple[str, int]:
    """Return the text of *items* after *ends* line ends, and its number of final line ends."""
    out, taken = "", False
    for at, item in enumerate(items, 1):
        if isinstance(item, str):
            written, ends = _text(item.lstrip("\n") if taken else item, ends)
            taken = False
        else:
            following = items[at] if at < len(items) else ""
            behind = _leading(following) if isinstance(following, str) else 0
            more = at < len(items) and not behind
            written, ends, taken = _group(item, ends, behind, more=more)
        out += written
    return out, ends


def _text(text: str, ends: int) -> tuple[str, int]:
    content = text.lstrip("\n")
    lead = min(_leading(text), _MOST - ends)
    if not content:
        return "\n" * lead, ends + lead
    content = re.sub(r"\n{3,}", "\n\n", content)
    return "\n" * lead + content, len(content) - len(content.rstrip("\n"))


def _leading(text: str) -> int:
    return len(text) - len(text.lstrip("\n"))


def _group(group: _Group, ends: int, behind: int, *, more: bool) -> tuple[str, int, bool]:
    """
    Return a group's text, its number of final line ends, and whether it took those *behind* it.

    All branches end with the same number of line ends, so the text after the group does not
    depend on the branch. The exception is a group with *more* text on its last line.
    """
    if ends and group.borders[0][1] == tokens.FOR:
        (branch,) = group.branches
        before = min(ends, _written(branch, 0)[1])  # in the first round, and in later ones
        text, left = _written(branch, before)
        return group.borders[0] + text + group.borders[-1], left, False
    written = [_written(branch, ends) for branch in group.branches]
    if not ends or (more and any(text and not left for text, left in written)):
        inner = "".join(b + text for b, (text, _) in zip(group.borders, written, strict=False))
        return inner + group.borders[-1], 0, False
    wanted = [min(_MOST, left + behind) if text else max(ends, behind) for text, left in written]
    after = max(wanted)
    texts = [text + "\n" * (after - left) for text, left in written]
    joined = "".join(b + text for b, text in zip(group.borders, texts, strict=False))
    return joined + group.borders[-1], after, True
