"""Addresses of content: the path of a page on the site, and the file that a link means."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from urllib.parse import unquote

from newsletter.model.entry import KINDS, Entry

FOLDERS = {kind: folder for folder, kind in KINDS.items()} | {"issue": "issues"}
"""Kind → folder below content/, also used in web addresses."""
DEVICE = re.compile(r"(?i:con|prn|aux|nul|com\d|lpt\d)")
"""Names of devices: Windows opens these instead of a file of that name, whatever its ending."""
_EXTERNAL = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*:|//|#|$)")


def permalink(kind: str, slug: str, *, language: str, default_language: str) -> str:
    """
    Return the path of a page below the site: `/updates/winter-hours/`, `/de/issues/2026-11/`.

    *kind* is a value of KINDS or `issue` (whose slug is its name). The path begins and ends with
    a slash: `business.website + permalink(...)` is the address. The default language is left out.
    """
    return f"{home(language, default_language)}{FOLDERS[kind]}/{slug}/"


def calendar_file(page: str) -> str:
    """Return the path of an event's calendar file beside its page: `/events/tea/tea.ics`."""
    return f"{page}{page.rstrip('/').rpartition('/')[2]}.ics"


def home(language: str, default_language: str) -> str:
    """Return the path of a language's front page: `/` or `/de/`."""
    return "/" if language == default_language else f"/{language}/"


def on_site(entry: Entry, *, today: dt.date) -> bool:
    """Return whether the entry has a page: it is public and not dated after *today*."""
    return entry.public and entry.date <= today


def local_target(href: str, source: str) -> str | None:
    """
    Return the path below content/ that *href* means in *source*; None if it is external.

    *source* is a file below content/ (`updates/winter-hours.md`). A leading slash means content/
    itself; anything else is relative to the file, as in every Markdown editor, which may write
    `My%20Pic.png`. Fragments and queries are cut off. A path that leaves content/ begins with
    `..`.
    """
    if _EXTERNAL.match(href):
        return None
    path = unquote(re.split(r"[?#]", href, maxsplit=1)[0])
    base = "" if path.startswith("/") else posixpath.dirname(source)
    return posixpath.normpath(posixpath.join(base, path.lstrip("/")))
