"""Gives each picture of finished HTML its address, width and height."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape
from typing import NamedTuple
from urllib.parse import unquote

from newsletter.model.picture_addresses import message_address, picture_at
from newsletter.model.project import Project

MOST_WIDE = 512
"""Pixels of the column of text in messages. Outlook heeds no `max-width`, only this attribute."""
_TAG = re.compile(r"<img\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*>", re.I)
_ATTRIBUTE = re.compile(r"\s(src|width|height)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.I)


class Shown(NamedTuple):
    """A picture as it is shown; a width of 0 is not known."""

    address: str
    width: int
    height: int


def with_pictures_of_messages(html: str, project: Project) -> str:
    """Return the HTML of a message with the pictures that it loads or carries."""
    config = project.config
    website = f"{config.business.website}/"

    def find(address: str) -> Shown | None:
        path = unquote(address.removeprefix(website)) if address.startswith(website) else ""
        picture = picture_at(path, project)
        if picture is None:
            return None
        version = picture.version("message")
        return Shown(message_address(version, config), version.width, version.height)

    return with_pictures(html, find, most_wide=MOST_WIDE)


def with_pictures(html: str, find: Callable[[str], Shown | None], *, most_wide: int = 0) -> str:
    """
    Return *html* with what *find* says of the address of each picture.

    A picture without a width gets that of the file, but at most *most_wide* unless that is 0. One
    with a width gets the height that belongs to it.
    """

    def shown(match: re.Match[str]) -> str:
        tag = match[0]
        values = {name.lower(): a or b for name, a, b in _ATTRIBUTE.findall(tag)}
        picture = find(unescape(values.get("src", "")))
        if picture is None:
            return tag
        width, height = _size(values, picture, most_wide)
        changed = {"src": escape(picture.address)}
        if width and height:
            changed |= {"width": str(width), "height": str(height)}
        rest = _ATTRIBUTE.sub(
            lambda each: "" if each[1].lower() in changed else each[0], tag[len("<img") :]
        )
        written = "".join(f' {name}="{value}"' for name, value in changed.items())
        return f"<img{written}{rest}"

    return _TAG.sub(shown, html)


def _size(values: dict[str, str], picture: Shown, most_wide: int) -> tuple[int, int]:
    """Return the width and height at which a picture is shown; a zero if one is not known."""
    width, height = (_pixels(values.get(name, "")) for name in ("width", "height"))
    if not picture.width or (width and height):
        return width, height
    if height:
        width = round(height * picture.width / picture.height)
    width = width or min(picture.width, most_wide or picture.width)
    return width, height or max(1, round(width * picture.height / picture.width))


def _pixels(written: str) -> int:
    return int(written) if written.isdecimal() else 0
