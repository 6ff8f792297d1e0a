"""Checks that a stage neither loses open parts nor moves them into or out of a branch."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from html import unescape

from newsletter.model.template import Slot
from newsletter.render import tokens
from newsletter.render.late import RefusedError
from newsletter.render.places import bare

_HINTS = {
    "Markdown": "put {% … %} on lines of their own, around whole paragraphs, lists or tables; "
    "values in the text, or for all of a link's address",
    "CSS inlining": "in a table, around whole rows; for a style, in a style attribute or an "
    "mj-style that is not inline",
    "MJML": "MJML works out numbers such as a width itself: they cannot differ by customer",
}


def refuse_lost(before: str, after: str, slots: Sequence[Slot], *, stage: str) -> None:
    """
    Compare the tokens of a text before and after a stage; errors name the *stage*.

    Raises:
        RefusedError: if the stage lost an open part, or moved it into or out of a branch.
    """
    try:
        paths, new_paths = Counter(tokens.paths(before)), Counter(tokens.paths(after))
    except ValueError as error:
        raise _misplaced(int(str(error)), slots, stage) from error
    if tokens.OPEN in tokens.TOKEN.sub("", after):
        raise RefusedError(
            f"{stage} damaged a customer's value or a condition", hint="print it without a filter"
        )
    # Copies do no harm: MJML copies a title, Markdown the address of a link.
    changed = [*(paths - new_paths), *(path for path in new_paths if path not in paths)]
    for token in sorted(token for token, _ in changed):
        if token[1] == tokens.BODY:
            message = f"the layout prints a body where {stage} drops it"
            raise RefusedError(message, hint="print it inside mj-text")
        raise _misplaced(int(token[2:-1]), slots, stage)


def refuse_moved(before: str, after: str, slots: Sequence[Slot], *, stage: str) -> None:
    """
    Compare the text of HTML before and after a stage that parses it; errors name the *stage*.

    Raises:
        RefusedError: if text moved into or out of a branch. HTML moves text between rows.
    """
    text, new_text = _visible_text(before), _visible_text(after)
    if text != new_text and tokens.BLOCK.search(before):
        differing = (i for i, (a, b) in enumerate(zip(text, new_text, strict=False)) if a != b)
        last_token = text.rfind(tokens.OPEN, 0, next(differing, len(new_text)) + 1)
        border = tokens.BLOCK.search(text, max(0, last_token)) or tokens.BLOCK.search(text)
        assert border is not None
        raise _misplaced(int(border[0][2:-1]), slots, stage)


def _visible_text(html: str) -> str:
    """Return the text of HTML with its tokens, without blanks."""
    return "".join(unescape(_INVISIBLE.sub("", bare(html))).split())


_INVISIBLE = re.compile(
    r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|</?[a-zA-Z](?:[^>\"']|\"[^\"]*\"|'[^']*')*>|<![^>]*>",
    re.S | re.I,
)
"""Scripts, styles, comments and tags."""


def _misplaced(number: int, slots: Sequence[Slot], stage: str) -> RefusedError:
    slot = slots[number]
    message = f"'{slot.expression}' is in a place where {stage} would lose or move it"
    return RefusedError(message, hint=_HINTS.get(stage, ""), at=slot.at)
