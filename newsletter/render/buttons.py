"""Turns a link with `{.button}` behind it into a button, which Outlook shows as well."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from newsletter.render.late import RefusedError

MARK = "{.button}"
_ALONE = re.compile(
    r'<p>(<a(?:\s[a-z]+="[^"]*")*?\sclass="button"(?:\s[a-z]+="[^"]*")*>.*?</a>)</p>', re.S
)


def mark_buttons(root: Element) -> None:
    """
    Give links with `{.button}` behind them the class of buttons.

    Raises:
        RefusedError: if a button is not a paragraph of its own.
    """
    for parent in root.iter():
        for link in parent:
            if link.tag == "a" and (link.tail or "").startswith(MARK):
                is_alone = len(parent) == 1 and not (parent.text or "").strip()
                if parent.tag != "p" or not is_alone or link.tail != MARK:
                    message = "a button stands in the middle of a text"
                    hint = "put empty lines around it, so that it is a paragraph of its own"
                    raise RefusedError(message, hint=hint, near=MARK)
                link.tail = None
                link.set("class", "button")


def with_button_tables(html: str) -> str:
    """Return the HTML of a message with each button in a table: Outlook pads no links."""
    return _ALONE.sub(
        r'<table class="button" role="presentation"><tbody><tr><td>\1</td></tr></tbody></table>',
        html,
    )
