"""The pages of the site, and the content of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from newsletter.model.config import Business
from newsletter.model.permalink import FOLDERS, calendar_file, home
from newsletter.site.catalogue import Catalogue
from newsletter.site.posts import Post

LISTED = ("update", "story", "article", "offer", "event", "answer", "issue")
"""Kinds that have a list, in the order of the navigation."""
_ON_HOME = 3
"""Posts of a kind on a front page."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of the site before it is rendered."""

    path: str
    """`/de/updates/`, or `/404.html`, which appears at any address and so links absolutely."""
    language: str
    template: str
    """Name of a file of the theme below site/."""
    title: str
    summary: str
    date: dt.date | None = None
    """The day of a post."""
    image: str = ""
    names: Mapping[str, object] = field(default_factory=dict)
    """Names for the template besides those of every page."""


def pages(
    catalogue: Catalogue, *, business: Business, phrases: Mapping[str, Mapping[str, str]]
) -> Iterator[Page]:
    """Yield the front page, lists, entries and issues of each language, and the 404 page."""
    for language in catalogue.languages:
        local_phrases = phrases[language]
        yield _home(catalogue, language, business=business, phrases=local_phrases)
        for kind in LISTED:
            if posts := catalogue.of(kind, language=language):
                yield _list(
                    posts, kind, phrases=local_phrases, path=list_path(catalogue, kind, language)
                )
        yield from (
            _post(catalogue, post) for post in catalogue.posts if post.language == language
        )
    default = catalogue.default_language
    yield Page(
        path="/404.html",
        language=default,
        template="404.html",
        title=phrases[default]["not_found"],
        summary=phrases[default]["not_found_hint"],
    )


def navigation(
    catalogue: Catalogue, *, language: str, phrases: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """Return title and path of each list with posts, then of the pages."""
    lists = [
        (phrases[FOLDERS[kind]], list_path(catalogue, kind, language))
        for kind in LISTED
        if catalogue.of(kind, language=language)
    ]
    return (*lists, *((p.title, p.path) for p in catalogue.of("page", language=language)))


def list_path(catalogue: Catalogue, kind: str, language: str) -> str:
    """Return the path of the list of a kind: `/de/updates/`."""
    return f"{home(language, catalogue.default_language)}{FOLDERS[kind]}/"


def _home(
    catalogue: Catalogue, language: str, *, business: Business, phrases: Mapping[str, str]
) -> Page:
    current = [p for p in catalogue.of("offer", "event", language=language) if not p.over]
    lead = next((p for p in catalogue.of("update", language=language)[:1] if p.image), None)
    sections = []
    for kind in ("update", "story", "article", "answer"):
        newest = [p for p in catalogue.of(kind, language=language) if p != lead][:_ON_HOME]
        if newest:
            sections.append((phrases[FOLDERS[kind]], list_path(catalogue, kind, language), newest))
    issues = catalogue.of("issue", language=language)
    return Page(
        path=home(language, catalogue.default_language),
        language=language,
        template="home.html",
        title=business.name,
        summary=business.tagline.in_language(language, catalogue.default_language),
        names={
            "latest": issues[0] if issues else None,
            "lead": lead,
            "current": current,
            "sections": sections,
        },
    )


def _list(posts: list[Post], kind: str, *, phrases: Mapping[str, str], path: str) -> Page:
    return Page(
        path=path,
        language=posts[0].language,
        template="list.html",
        title=phrases[FOLDERS[kind]],
        summary=" · ".join(post.title for post in posts[:_ON_HOME]),
        names={"kind": kind, "posts": posts},
    )


def _post(catalogue: Catalogue, post: Post) -> Page:
    template = {"page": "page.html", "issue": "issue.html"}.get(post.kind, "entry.html")
    return Page(
        path=post.path,
        language=post.language,
        template=template,
        title=post.title,
        summary=post.summary,
        date=post.date,
        image=post.image,
        names={
            "post": post,
            "calendar": calendar_file(post.path) if post.kind == "event" else "",
            "posts": catalogue.named(post.entries, language=post.language),
            "list_path": list_path(catalogue, post.kind, post.language),
        },
    )
