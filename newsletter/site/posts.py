"""The posts of the site: public entries and issues, as templates see them."""

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
class Text:
    """The text of a post, made when a page first shows it."""

    make: Callable[[], str]
    key: str
    """Key of the text's sources."""

    @cached_property
    def html(self) -> str:
        """The sanitised text; its links lead to content files until a page replaces them."""
        return self.make()


@dataclass(frozen=True, kw_only=True)
class Post(Keyed):
    """An entry or an issue as a page of the site shows it, without its text."""

    kind: str
    """A value of KINDS, or `issue`."""
    slug: str
    language: str
    path: str
    """Its permalink: `/de/updates/winter-hours/`."""
    title: str
    date: dt.date
    summary: str
    image: str = ""
    """Path below content/, and so below the site."""
    image_alt: str = ""
    starts: dt.datetime | None = None
    ends: dt.datetime | None = None
    place: str = ""
    expires: dt.date | None = None
    over: bool = False
    """Whether the offer has ended or the event is past."""
    url: str = ""
    source_name: str = ""
    customer: str = ""
    entries: tuple[str, ...] = field(default=())
    """The slugs of an issue's entries."""

    @cached_property
    def key(self) -> str:  # type: ignore[override]  # computed on first use
        """Key of everything that a page may show of the post, except its text."""
        return key_of([getattr(self, attribute.name) for attribute in fields(self)])

    @property
    def source(self) -> str:
        """The file below content/ to which links in the text are relative."""
        return f"{FOLDERS[self.kind]}/{self.slug}.md"


def posts(
    project: Project,
    *,
    issue_pages: Sequence[IssuePage],
    wording: PublicWording,
    today: dt.date,
) -> dict[Post, Text]:
    """Return the posts on the site *today* with their texts: newest first, then by path."""
    default = project.config.language
    texts = {
        _of_entry(entry, default=default, today=today): _text_of(entry, wording)
        for entry in project.entries
        if on_site(entry, today=today)
    }
    for page in issue_pages:
        post = _of_issue(page, default_language=default)
        texts[post] = Text(make=partial(str, page.html), key=key_of(page.html))
    newest_first = sorted(texts, key=lambda post: (-post.date.toordinal(), post.path))
    return {post: texts[post] for post in newest_first}


def _text_of(entry: Entry, wording: PublicWording) -> Text:
    language, template = entry.language, entry.template
    return Text(
        make=partial(wording.html, entry.whole, template=template, language=language),
        key=wording.key(entry.whole, template=template, language=language),
    )


def _of_entry(entry: Entry, *, default: str, today: dt.date) -> Post:
    language = entry.language
    return Post(
        kind=entry.kind,
        slug=entry.slug,
        language=language,
        path=permalink(entry.kind, entry.slug, language=language, default_language=default),
        title=entry.title,
        date=entry.date,
        summary=entry.summary,
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
        entries=page.entries,
    )
