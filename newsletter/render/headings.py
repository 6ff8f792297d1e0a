"""Names headings by GitHub's rules, so that links can lead to them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from xml.etree.ElementTree import Element

from newsletter.errors import did_you_mean
from newsletter.render import tokens
from newsletter.render.late import RefusedError
from newsletter.render.notes import NOTE, REFERENCE

OWN_NAME = re.compile(rf"[{{{tokens.BRACE}]#([\w.-]+)\}}")
"""`{#name}`; as last word of a heading it names it."""
_STASHED = re.compile("\x02[^\x03]*\x03")
"""What stands for an escaped character, an entity or a tag."""
_NAME = re.compile(r'<[a-z][a-z0-9]* (?:[^>]* )?id="([^"]*)"')
_LINK = re.compile(r'<a (?:[^>]* )?href="#([^"]*)"')
_UNLINKED = re.compile(r'(<h[2-6](?: [a-z]+="[^"]*")*?) id="([^"]*)"')


def name_headings(root: Element) -> None:
    """Give each heading an id: the name written behind it, or its words with hyphens."""
    last_number: dict[str, int] = {}
    """Name → the number behind the last heading of that name."""
    for heading in root.iter():
        if re.fullmatch("h[1-6]", heading.tag):
            words = name = _own_name(heading) or slug("".join(heading.itertext()))
            while name in last_number:
                last_number[words] += 1
                name = f"{words}-{last_number[words]}"
            if name:
                last_number[name] = 0
                heading.set("id", name)


def slug(text: str) -> str:
    """Return the id of a heading with *text*, without what differs from customer to customer."""
    known = tokens.common_part(unescape(_STASHED.sub("", text)))
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", known.strip().lower()))


def _own_name(heading: Element) -> str:
    """Take `{#name}` from the end of a heading, and return the name."""
    last = heading[-1] if len(heading) else None
    text = (heading.text if last is None else last.tail) or ""
    words, _, name = text.rstrip().rpartition(" ")
    match = OWN_NAME.fullmatch(name)
    if not match:
        return ""
    if last is None:
        heading.text = words.rstrip()
    else:
        last.tail = words.rstrip()
    return match[1]


def refuse_dead_links(html: str) -> None:
    """
    Check the links to other places in a text.

    Raises:
        RefusedError: if there is no such place, or not for everybody who gets the link.
    """
    if 'href="#' not in html:
        return
    branches_at = tokens.branches_in(html)
    places = {unescape(match[1]): match.start() for match in _NAME.finditer(html)}
    for match in _LINK.finditer(html):
        name = unescape(match[1])
        if name and name not in places:
            message = f"there is no heading #{name} in this text"
            hint = did_you_mean(f"#{name}", (f"#{each}" for each in _headings(places)))
            hint = hint or "write the words of the heading in small letters, with hyphens"
            raise RefusedError(message, hint=hint, near=f"#{name}")
        around = branches_at(places.get(name, 0))
        if branches_at(match.start())[: len(around)] != around:
            message = f"the heading #{name} is inside {{% … %}}, but the link to it is not"
            raise RefusedError(message, hint="put both inside, or neither", near=f"#{name}")


def _headings(names: Iterable[str]) -> Iterable[str]:
    marks = (NOTE[1:], REFERENCE[1:])
    return (name for name in names if not name.startswith(marks))


def without_unlinked_names(html: str) -> str:
    """Return HTML with the ids of those headings only to which a link of it leads."""
    if " id=" not in html:
        return html
    linked = set(_LINK.findall(html))
    return _UNLINKED.sub(lambda m: m[0] if m[2] in linked else m[1], html)
