"""What the site holds: the entries and issues that anybody may read, as templates see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property, partial

from newsletter.mailing.public import PublicWording
from newsletter.model.entry import Entry, IssuePage
from newsletter.model.key import Keyed, key_of
from newsletter.model.permalink import FOLDERS, on_site, permalink
from newsletter.model.project import Project


@dataclass(frozen=True, kw_only=True)
class Post(Keyed):
    """An entry or an issue as a page of the site shows it."""

    kind: str
    """A value of KINDS, or `issue`."""
    slug: str
    language: str
    path: str
    """Its permalink: `/de/updates/winter-hours/`."""
    title: str
    date: dt.date
    summary: str
    body: Callable[[], str] = field(repr=False, compare=False)
    """Makes the text."""
    body_key: str
    """Key of what the text is made from."""
    image: str = ""
    """Path below content/, and so below the site."""
    image_alt: str = ""
    starts: dt.datetime | None = None
    ends: dt.datetime | None = None
    place: str = ""
    expires: dt.date | None = None
    over: bool = False
    """The offer has ended, the event is past."""
    url: str = ""
    source_name: str = ""
    customer: str = ""
    entries: tuple[str, ...] = field(default=())
    """Of an issue: the slugs of what it holds."""

    @cached_property
    def html(self) -> str:
        """The text, sanitised; links lead to content files until a page turns them."""
        return self.body()

    @cached_property
    def key(self) -> str:  # type: ignore[override]  # worked out when asked for
        """The key of all that a page may show of it."""
        shown = (each.name for each in fields(self) if each.name != "body")
        return key_of([getattr(self, name) for name in shown])

    @property
    def source(self) -> str:
        """The file below content/ that links in the text are relative to."""
        return f"{FOLDERS[self.kind]}/{self.slug}.md"


def posts(
    project: Project,
    *,
    issue_pages: Sequence[IssuePage],
    wording: PublicWording,
    today: dt.date,
) -> tuple[Post, ...]:
    """Return everything that is on the site today, newest first; of one day, by path."""
    default = project.config.language
    everything = [
        _of_entry(entry, wording=wording, default=default, today=today)
        for entry in project.entries
        if on_site(entry, today=today)
    ]
    everything += [_of_issue(page, default_language=default) for page in issue_pages]
    return tuple(sorted(everything, key=lambda post: (-post.date.toordinal(), post.path)))


def _of_entry(entry: Entry, *, wording: PublicWording, default: str, today: dt.date) -> Post:
    language = entry.language
    return Post(
        kind=entry.kind,
        slug=entry.slug,
        language=language,
        path=permalink(entry.kind, entry.slug, language=language, default_language=default),
        title=entry.title,
        date=entry.date,
        summary=entry.summary,
        body=partial(wording.html, entry.body, template=entry.template, language=language),
        body_key=wording.key(entry.body, template=entry.template, language=language),
        image=entry.image,
        image_alt=entry.image_alt,
        starts=entry.starts,
        ends=entry.ends,
        place=entry.place,
        expires=entry.expires,
        over=_last_day(entry) < today,
        url=entry.url,
        source_name=entry.source_name,
        customer=entry.customer if entry.consent else "",
    )


def _last_day(entry: Entry) -> dt.date:
    moment = entry.ends or entry.starts
    return entry.expires or (moment.date() if moment else dt.date.max)


def _of_issue(page: IssuePage, *, default_language: str) -> Post:
    return Post(
        kind="issue",
        slug=page.name,
        language=page.language,
        path=permalink(
            "issue", page.name, language=page.language, default_language=default_language
        ),
        title=page.title,
        date=page.date,
        summary=page.summary,
        body=lambda: page.html,
        body_key=key_of(page.html),
        entries=page.entries,
    )
