"""Tells the HTML tags that are shown from those that are text, and from those that are refused."""

from __future__ import annotations

import re
from collections.abc import Sequence

from newsletter.render.block_patterns import TAGS
from newsletter.render.late import RefusedError

PRINTED = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote"),
    *("a", "img", "em", "strong", "b", "i", "u", "s", "del", "ins", "sub", "sup", "small", "abbr"),
    *("cite", "q", "code", "pre", "kbd", "hr", "br", "table", "thead", "tbody", "tfoot", "tr"),
    *("th", "td", "caption", "figure", "figcaption", "div", "span", "bdi", "details", "summary"),
}
"""Elements that stay; of others, only what is inside them."""
_NOT_SHOWN = {
    **dict.fromkeys(("iframe", "frame", "embed", "object", "applet"), "write a link to the page"),
    **dict.fromkeys(("video", "audio", "source", "track"), "write a link to it"),
    **dict.fromkeys(("svg", "math", "canvas", "map"), "use a picture"),
    **dict.fromkeys(("progress", "meter"), "write the number in words"),
    **dict.fromkeys(("script", "template"), "messages run no programs: remove it"),
    **dict.fromkeys(("style", "link", "meta"), "styles belong to the theme: remove it"),
    **dict.fromkeys(
        ("form", "input", "button", "select", "option", "textarea", "label"),
        "write a link to the form",
    ),
}
"""Elements whose content would be lost → what to write instead."""
_MARKUP = re.compile(r"<!--.*?(?:-->|\Z)|</?([A-Za-z][^\s/>]*)", re.S)


_SINGLE = {"wbr", "col", "area", "base", "basefont"}
"""Elements without an end that print nothing."""


def is_tag(text: str, *, around: str) -> bool:
    """
    Return whether a text in angle brackets is a tag of HTML, or a comment.

    `<address>` alone is none: it would vanish, so there must be an `</address>` *around* it.
    """
    match = _MARKUP.match(text)
    name = match[1].lower() if match and match[1] else ""
    if not name or name in PRINTED or name in _NOT_SHOWN or name in _SINGLE:
        return True
    return name in TAGS and (text.startswith("</") or f"</{name}" in around.lower())


def with_shown_tags(html: str, *, lost: list[str]) -> str:
    """
    Return HTML in which tags that HTML does not know are text.

    Adds the beginning of each tag that would be lost to *lost*, for `refuse_lost_elements`.
    """

    def tag(match: re.Match[str]) -> str:
        name = (match[1] or "").lower()
        if name in _NOT_SHOWN:
            lost.append(match[0])
        return match[0] if not name or name in TAGS else "&lt;" + match[0][1:]

    return _MARKUP.sub(tag, html)


def refuse_lost_elements(lost: Sequence[str]) -> None:
    """
    Refuse all elements whose tags are in *lost*, as `with_shown_tags` collects them.

    Raises:
        RefusedError: if there are any.
    """
    opened = [tag for tag in lost if not tag.startswith("</")]
    refused = [_refused(tag) for tag in opened or lost]
    if refused:
        refused[0].others = tuple(refused[1:])
        raise refused[0]


def _refused(tag: str) -> RefusedError:
    name = tag.strip("</").lower()
    message = f"<{name}> is not shown, neither in messages nor on the website"
    hint = f"{_NOT_SHOWN[name]}; to show the tag as text, put it between backquotes"
    return RefusedError(message, hint=hint, near=tag)
