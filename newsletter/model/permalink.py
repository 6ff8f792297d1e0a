"""Where an entry or an issue stands on the public site, and whether it stands there at all."""

from __future__ import annotations

import datetime as dt

from newsletter.model.entry import KINDS, Entry

FOLDERS = {kind: folder for folder, kind in KINDS.items()} | {"issue": "issues"}
"""Kind → folder below content/, which web addresses name, too."""


def permalink(kind: str, slug: str, *, language: str, default_language: str) -> str:
    """
    Return the path of a page below the site: `/updates/winter-hours/`, `/de/issues/2026-11/`.

    *kind* is a value of KINDS or `issue` (whose slug is its name). The path begins and ends with
    a slash: `business.website + permalink(...)` is the address. It names no default language.
    """
    return f"{home(language, default_language)}{FOLDERS[kind]}/{slug}/"


def calendar_file(page: str) -> str:
    """Return the path of an event's calendar file beside its page: `/events/tea/tea.ics`."""
    return f"{page}{page.rstrip('/').rpartition('/')[2]}.ics"


def home(language: str, default_language: str) -> str:
    """Return the path of a language's front page: `/` or `/de/`."""
    return "/" if language == default_language else f"/{language}/"


def on_site(entry: Entry, *, today: dt.date) -> bool:
    """Return whether the entry has a page: it is public and its day has come."""
    return entry.public and entry.date <= today
