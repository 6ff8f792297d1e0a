"""The public wording of an issue: what the site shows of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class IssuePage:
    """One edition of an issue as anybody may read it: written to nobody in particular."""

    name: str
    """File name without language and .md: `2026-11`."""
    language: str
    title: str
    date: dt.date
    html: str
    """The intro as sanitised HTML; links to content files as in Markdown (`../updates/x.md`)."""
    summary: str
    """One plain sentence for lists, feeds and search engines: the preheader."""
    entries: tuple[str, ...] = ()
    """Slugs of its entries in editorial order; the site shows those of them that it has."""
