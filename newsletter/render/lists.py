"""Indents nested lists by four spaces a level, as Python-Markdown requires."""

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
    Return Markdown whose list items and their content are indented by four spaces a level.

    As in CommonMark, the content of an item is indented at least as far as the item's text.
    """
    if not _INDENTED.search(text):
        return text
    lines: list[str] = []
    columns: list[int] = []  # start of the text of each open item, outermost first
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


def _still_open(fence: str, match: re.Match[str] | None) -> str:
    """Return the fence that is open after a line; *fence* is open before it."""
    if not match:
        return fence
    if not fence:
        return match[1]
    return "" if match[1].startswith(fence) else fence


def _indented(line: str, columns: list[int], *, begins: bool) -> str:
    """Return the line with its new indent, and update *columns*; *begins*: it begins a block."""
    line = re.sub(r"^[ \t]+", lambda match: match[0].expandtabs(4), line)
    content = line.lstrip(" ")
    indent = len(line) - len(content)
    item = None if _RULE.match(line) else _ITEM.match(line)
    if not content or (not item and not begins and columns and indent < columns[-1]):
        return line  # empty, or a paragraph that continues further left
    while columns and indent < columns[-1]:
        columns.pop()
    level = len(columns)
    if item and (columns or indent < 4):
        columns.append(item.end())
        return "    " * level + content
    if columns and indent < 4 * level:
        return "    " * level + line[columns[-1] :]
    return line
