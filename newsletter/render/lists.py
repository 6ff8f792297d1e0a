"""Nested lists as people indent them → by four spaces a level, as Python-Markdown wants them."""

from __future__ import annotations

import re

from newsletter.render import tokens

_BORDERS = re.compile(rf"[ \t]*(?:{tokens.BLOCK.pattern}[ \t]*)+")
_ITEM = re.compile(r"( *)(?:[-*+]|\d{1,9}\.) +(?=\S)")
_RULE = re.compile(r" {0,3}([-*_])(?: *\1){2,} *$")
_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_INDENTED = re.compile(r"^[ \t]", re.M)


def indent_by_four(text: str) -> str:
    """
    Return Markdown whose list items, and what belongs to them, are indented by four a level.

    What belongs to an item is, as in CommonMark, what begins at least where its text does.
    """
    if not _INDENTED.search(text):
        return text
    lines: list[str] = []
    columns: list[int] = []  # where the text of each open item begins, outermost first
    fence, blank = "", False
    for line in text.split("\n"):
        opened = _FENCE.match(line)
        if fence or opened:
            fence = _still_open(fence, opened)
            columns.clear()
            lines.append(line)
            continue
        borders = _BORDERS.fullmatch(line) is not None
        lines.append(_indented(line, columns, begins=blank or borders))
        blank = borders or not line.strip()
    return "\n".join(lines)


def _still_open(fence: str, found: re.Match[str] | None) -> str:
    """Return the fence that is open after a line, given the one before it."""
    if not found:
        return fence
    if not fence:
        return found[1]
    return "" if found[1].startswith(fence) else fence


def _indented(line: str, columns: list[int], *, begins: bool) -> str:
    """Return the line with its new indent; *columns* are kept up to date, *begins*: a block."""
    line = re.sub(r"^[ \t]+", lambda match: match[0].expandtabs(4), line)
    rest = line.lstrip(" ")
    indent = len(line) - len(rest)
    item = None if _RULE.match(line) else _ITEM.match(line)
    if not rest or (not item and not begins and columns and indent < columns[-1]):
        return line  # an empty line, or a paragraph that goes on further left
    while columns and indent < columns[-1]:
        columns.pop()
    level = len(columns)
    if item and (columns or indent < 4):
        columns.append(item.end())
        return "    " * level + rest
    if columns and indent < 4 * level:
        return "    " * level + line[columns[-1] :]
    return line
