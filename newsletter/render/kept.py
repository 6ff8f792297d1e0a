"""Every open part must come out of a stage where it went in: none lost, none under another if."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from html import unescape

from newsletter.model.template import Slot
from newsletter.render import tokens
from newsletter.render.late import Refused
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
    Compare a text with tokens before and after a stage, named for the error.

    Raises:
        Refused: where the stage lost an open part, or moved it into or out of a branch.
    """
    try:
        was, now = Counter(tokens.paths(before)), Counter(tokens.paths(after))
    except ValueError as error:
        raise _misplaced(int(str(error)), slots, stage) from error
    if tokens.OPEN in tokens.TOKEN.sub("", after):
        raise Refused(f"{stage} damaged an open part", hint="print it without a filter")
    # More of the same does no harm: MJML copies a title, Markdown the address of a link.
    changed = [*(was - now), *(place for place in now if place not in was)]
    for token in sorted(token for token, _ in changed):
        if token[1] == tokens.BODY:
            message = f"the layout prints a body where {stage} drops it"
            raise Refused(message, hint="print it inside mj-text")
        raise _misplaced(int(token[2:-1]), slots, stage)


def refuse_moved(before: str, after: str, slots: Sequence[Slot], *, stage: str) -> None:
    """
    Compare HTML with tokens before and after a stage that parses it, named for the error.

    Raises:
        Refused: where text moved into or out of a branch, as HTML does with text between rows.
    """
    said, says = _said(before), _said(after)
    if said != says and tokens.BLOCK.search(before):
        differs = (i for i, (a, b) in enumerate(zip(said, says, strict=False)) if a != b)
        before_it = said.rfind(tokens.OPEN, 0, next(differs, len(says)) + 1)
        found = tokens.BLOCK.search(said, max(0, before_it)) or tokens.BLOCK.search(said)
        assert found is not None
        raise _misplaced(int(found[0][2:-1]), slots, stage)


def _said(html: str) -> str:
    """Return the text of HTML, tokens and all, without blanks."""
    return "".join(unescape(_UNSAID.sub("", bare(html))).split())


_UNSAID = re.compile(
    r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|</?[a-zA-Z](?:[^>\"']|\"[^\"]*\"|'[^']*')*>|<![^>]*>",
    re.S | re.I,
)
"""What shows no text."""


def _misplaced(number: int, slots: Sequence[Slot], stage: str) -> Refused:
    slot = slots[number]
    message = f"'{slot.expression}' stands where {stage} cannot keep it in its place"
    return Refused(message, hint=_HINTS.get(stage, ""), at=slot.at)
