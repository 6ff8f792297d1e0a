"""Links on the site: between pages, and from texts of posts to files of content/."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape
from urllib.parse import quote

from newsletter.model.permalink import local_target


def file_of(path: str) -> str:
    """Return the file behind a path of the site: `/updates/` → `updates/index.html`."""
    return f"{path}index.html".lstrip("/") if path.endswith("/") else path.lstrip("/")


def relative(path: str, *, page: str) -> str:
    """
    Return the address of *path* as a link on *page*, both paths of the site.

    It is relative and names the file (`../../index.html`), so that the site also works from disk.
    """
    target, here = file_of(path).split("/"), file_of(page).split("/")[:-1]
    shared = 0
    while shared < min(len(here), len(target) - 1) and here[shared] == target[shared]:
        shared += 1
    return quote("/".join([".."] * (len(here) - shared) + target[shared:]))


# Sanitised HTML quotes every attribute and writes `<` in text as an entity.
_ATTRIBUTES = r'(?:[^>"]|"[^"]*")*?'
_LINK = re.compile(rf'<a\b({_ATTRIBUTES})\bhref="([^"]*)"({_ATTRIBUTES})>(.*?)</a>', re.DOTALL)
_PICTURE = re.compile(rf'(<img\b{_ATTRIBUTES}\bsrc=")([^"]*)(")')


def with_site_links(html: str, *, source: str, find: Callable[[str], str | None]) -> str:
    """
    Return the sanitised *html* of the content file *source* with its local links on the site.

    *find* turns a path below content/ into an address, or None if the site has no such page. A
    link without an address becomes plain text, because it would be dead.
    """

    def link(match: re.Match[str]) -> str:
        before, href, after, text = match.groups()
        target = local_target(unescape(href), source)
        if target is None:
            return match[0]
        address = find(target)
        if address and "#" in href:
            address += "#" + unescape(href).partition("#")[2]
        return text if address is None else f'<a{before}href="{escape(address)}"{after}>{text}</a>'

    def picture(match: re.Match[str]) -> str:
        target = local_target(unescape(match[2]), source)
        address = find(target) if target else None
        return match[0] if address is None else f"{match[1]}{escape(address)}{match[3]}"

    return _LINK.sub(link, _PICTURE.sub(picture, html))
