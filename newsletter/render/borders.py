"""Separates conditions and loops in Markdown from the text around them, or refuses them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from newsletter.model.template import Slot
from newsletter.render import tokens
from newsletter.render.late import RefusedError

_BLOCKS = rf"{tokens.BLOCK.pattern}(?:[ \t]*{tokens.BLOCK.pattern})*"
_PREFIX = r"^(?P<prefix>(?:[ \t]*>)*[ \t]*)"
"""The start of a line in quotes or below a list item."""
_ALONE = re.compile(rf"{_PREFIX}(?P<blocks>{_BLOCKS})[ \t]*$", re.M)
_GLUED = re.compile(
    rf"{_PREFIX}(?P<blocks>{_BLOCKS})[ \t]*"
    r"(?:[-*+][ \t]|\d+[.)][ \t]|\#{1,6}[ \t]|>|```|~~~|\|)",
    re.M,
)
_BEFORE = re.compile(rf"^(?P<indent> *)(?P<blocks>{_BLOCKS})[ \t]*\n\s*?(?P<next> *)\S", re.M)
"""A line of borders alone, and the next that is not empty."""
_WHOLE = re.compile(
    rf"{tokens.OPEN}[il](?P<n>\d+){tokens.CLOSE}.+{tokens.OPEN}[fr](?P=n){tokens.CLOSE}", re.S
)
_DEEPEST = 100
_DELIMITER = re.compile(r"[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")


def set_apart(text: str, slots: Sequence[Slot]) -> str:
    """
    Return Markdown with the borders of conditions around whole blocks on lines of their own.

    Such a line ends the block before it, as an empty line does.

    Raises:
        RefusedError: if Markdown would take a border for text, or split a table at it.
    """
    text = _around_paragraphs(text, slots)
    for match in _GLUED.finditer(text):
        message = "{% … %} is before a list, heading, quote or table on the same line"
        raise _refused(match["blocks"], slots, message, hint="put it on a line of its own")
    _refuse_torn_table(text.split("\n"), slots)
    for match in _BEFORE.finditer(text):
        if len(match["next"]) < len(match["indent"]) + 4:
            continue
        message = "the line after {% … %} is indented further than it, which makes it code"
        hint = "indent {% … %} as far as the lines inside it"
        raise _refused(match["blocks"], slots, message, hint=hint)
    return text


def _around_paragraphs(text: str, slots: Sequence[Slot]) -> str:
    """Move the borders of conditions that hold a whole paragraph to lines around it."""
    blocks = re.split(r"(\n[ \t]*\n)", text)
    return "".join(
        _around(block, slots) if _WHOLE.fullmatch(block.strip()) else block for block in blocks
    )


def _around(block: str, slots: Sequence[Slot], depth: int = 1) -> str:
    match = _WHOLE.fullmatch(block.strip())
    if not match:
        return block
    if depth > _DEEPEST:
        message = f"a paragraph has more than {_DEEPEST} conditions in each other, or {{% elif %}}"
        raise _refused(block.strip(), slots, message, hint="write a column of the customer file")
    borders = re.compile(rf"[ \t]*({tokens.OPEN}[ieflr]{match['n']}{tokens.CLOSE})[ \t]*")
    parts = (part.strip("\n") for part in borders.split(block.strip()))
    return "\n\n".join(_around(part, slots, depth + 1) for part in parts if part)


def _refuse_torn_table(lines: list[str], slots: Sequence[Slot]) -> None:
    """Refuse conditions between the rows of a table: Markdown would end the table there."""
    table = False
    for at, line in enumerate(lines):
        alone = _ALONE.match(line)
        if _is_delimiter(lines, at):
            table = True
        elif table and alone:
            after = next((i for i in range(at, len(lines)) if not _ALONE.match(lines[i])), at)
            if "|" in lines[after] and not _is_delimiter(lines, after + 1):
                message = "{% … %} is between the rows of a Markdown table"
                hint = (
                    "put the whole table inside it, or use {{ a if condition else b }} in a cell"
                )
                raise _refused(alone["blocks"], slots, message, hint=hint)
            table = False
        elif "|" not in line:
            table = False


def _is_delimiter(lines: list[str], at: int) -> bool:
    if not 0 < at < len(lines) or "|" not in lines[at] + lines[at - 1]:
        return False
    return "-" in lines[at] and _DELIMITER.fullmatch(lines[at]) is not None


def _refused(blocks: str, slots: Sequence[Slot], message: str, *, hint: str) -> RefusedError:
    token = tokens.TOKEN.match(blocks)
    assert token is not None
    return RefusedError(message, hint=hint, at=slots[int(token[2])].at)
