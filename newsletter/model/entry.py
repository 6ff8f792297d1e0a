"""Content files as values: entries, issues of the newsletter and their public pages, segments."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from newsletter.model.gift import Gift
from newsletter.model.source import Source

KINDS = {
    "updates": "update",
    "articles": "article",
    "stories": "story",
    "offers": "offer",
    "events": "event",
    "answers": "answer",
    "pages": "page",
}
"""Folder below content/ → kind of the entries in it."""

PLACEHOLDER_BODY = {"de": "Hier schreiben.", "en": "Write here.", "fr": "Écrire ici."}
PLACEHOLDER_SUMMARY = {
    "de": "Ein Satz für Listen und Nachrichten.",
    "en": "One sentence for lists and messages.",
    "fr": "Une phrase pour les listes et les messages.",
}
"""Language of the team → texts that `newsletter new` writes for the user to replace."""
PLACEHOLDER_DOMAIN = "example.com"
"""Addresses there belong to nobody (RFC 2606)."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One piece of content in one language."""

    kind: str
    """A value of KINDS."""
    slug: str
    """File name without language and .md: `winter-hours`. One per kind and language."""
    language: str
    title: str
    date: dt.date
    summary: str
    image: str = ""
    """Path below content/, checked to exist: images/x.png."""
    image_alt: str = ""
    button: Source | None = None
    """A button below the text or the summary, as a paragraph of Markdown."""
    interests: tuple[str, ...] = ()
    audience: Source | None = None
    """Rule: which customers get the entry in a message; None: all."""
    public: bool = True
    """Whether the entry is on the site; default: yes, unless it has an audience."""
    expires: dt.date | None = None
    """Last day on which the entry is worth reading (last day of an offer)."""
    answers: tuple[str, ...] = ()
    """Of an answer: the ids of the feedback rows it answers (`you said, we did`)."""
    starts: dt.datetime | None = None
    """Of an event."""
    ends: dt.datetime | None = None
    place: str = ""
    """Of an event: where."""
    url: str = ""
    """Of a shared article: the original, elsewhere."""
    source_name: str = ""
    """Of a shared article: who wrote it."""
    customer: str = ""
    """Of a story: the customer it is about, as it may be printed."""
    consent: bool = False
    """Of a story: that customer agreed to be named."""
    template: bool = True
    """Whether Jinja in the body is evaluated; otherwise braces are printed unchanged."""
    body: Source

    @property
    def path(self) -> str:
        """The source file, as the user would type it."""
        return self.body.at.path

    @property
    def whole(self) -> Source:
        """The body with the button below it."""
        if self.button is None:
            return self.body
        return Source(f"{self.body.text.rstrip()}\n\n{self.button}\n", self.body.at)

    @property
    def flag(self) -> str:
        """The yes/no column that says whether a customer gets this entry: `show_winter_hours`."""
        return "show_" + self.slug.replace("-", "_")


@dataclass(frozen=True, kw_only=True)
class Issue:
    """An issue of the newsletter in one language: content/issues/2026-11.md, 2026-11.de.md …"""

    name: str
    """File name without language and .md: `2026-11`."""
    language: str
    title: str
    date: dt.date
    """The day it is to arrive."""
    since: dt.date | None = None
    """First day it reports on; default: the day of the issue before, else 92 days back."""
    subject: Source
    preheader: Source
    entries: tuple[str, ...] = ()
    """Slugs in editorial order; empty: everything published since the last issue, newest first."""
    most: int = 5
    """Most entries that one customer gets."""
    voucher: Gift | None = None
    """Each reader gets one, with a code of their own."""
    audience: Source | None = None
    """Rule: who gets the issue; None: everybody who may be emailed."""
    feedback: str = ""
    """The question asked at the end; empty: the theme's own."""
    template: bool = True
    body: Source
    """The intro."""

    @property
    def path(self) -> str:
        """The source file, as the user would type it."""
        return self.body.at.path

    @property
    def whole(self) -> Source:
        """The body, as of an entry."""
        return self.body


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A named rule over customers, from segments.yml. Its name is itself a yes/no fact."""

    name: str
    rule: Source
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class IssuePage:
    """The public page of an issue in one language, with nothing personal in it."""

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
    """Slugs of its entries in editorial order; the site shows those with a page."""
