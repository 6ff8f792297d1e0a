"""The names that texts and themes may use: the business, entries, issues and gifts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from markupsafe import Markup

from newsletter.errors import Place
from newsletter.model.entry import Entry
from newsletter.model.gift import Gift
from newsletter.model.language import fallbacks, first_match, text_direction
from newsletter.model.permalink import local_target, on_site, permalink
from newsletter.model.picture_addresses import page_address
from newsletter.model.project import Project
from newsletter.model.source import Source
from newsletter.render import tokens
from newsletter.render.buttons import with_button_tables
from newsletter.render.language_filters import percent, worth
from newsletter.render.late import Body, Late, TextBody
from newsletter.render.markdown import to_html, with_links
from newsletter.render.text import to_text

EDITION_NAMES = ("business", "sender", "links", "theme", "words", "language", "direction")
"""The names of `edition_names`."""


def edition_names(project: Project, language: str) -> dict[str, object]:
    """Return the names that every text of an edition may use besides `customer`."""
    config = project.config
    return {
        "business": config.business.in_language(language, config.language),
        "sender": config.sender,
        "links": config.links,
        "theme": project.theme.values,
        "words": by_name(project.theme.words, language, config.language),
        "language": language,
        "direction": text_direction(language),
    }


@dataclass(frozen=True, kw_only=True)
class EntryView:
    """An entry as email layouts print it."""

    kind: str
    slug: str
    language: str
    title: str
    date: dt.date
    summary: str
    image_url: str
    image_alt: str
    url: str
    """Its public page or a shared article's original; may be empty."""
    expires: dt.date | None
    starts: dt.datetime | None
    ends: dt.datetime | None
    place: str
    source_name: str
    body: Body
    """With the button of front matter below it."""
    text_body: TextBody
    button: Markup
    """That button alone, below a summary; empty without one."""
    text_button: str
    shown: Late
    """Whether this customer receives it."""


@dataclass(frozen=True, kw_only=True)
class IssueView:
    """An edition of an issue, or a practice, as email layouts print it."""

    name: str
    language: str
    title: str
    date: dt.date
    subject: str
    preheader: str
    feedback: str
    url: str
    """Its public page; empty for a practice."""
    body: Body
    text_body: TextBody


@dataclass(frozen=True, kw_only=True)
class GiftView:
    """A gift of a practice as layouts print it."""

    kind: str
    name: str
    worth: str
    """With the currency: €5. Of a voucher that takes a share off the price: 10%."""
    percent: bool
    """Whether it takes a share off the price."""
    conditions: str


def gift_view(gift: Gift, *, language: str, country: str) -> GiftView:
    """Return a gift for readers of a language, its worth as the business's country writes it."""
    return GiftView(
        kind=gift.kind,
        name=gift.name,
        worth=_gift_worth(gift, language=language, country=country),
        percent=bool(gift.percent),
        conditions=gift.conditions,
    )


def _gift_worth(gift: Gift, *, language: str, country: str) -> str:
    if gift.percent:
        return percent(gift.percent, language=language, country=country)
    return worth(gift.worth, gift.currency, language=language, country=country)


class Addresses:
    """Finds the public addresses of content files for readers of one language."""

    def __init__(self, project: Project, *, language: str, today: dt.date) -> None:
        self._website, self._default = project.config.business.website, project.config.language
        self._project, self._language, self._today = project, language, today

    @cached_property
    def _by_path(self) -> dict[str, str]:
        """Path below content/ → address; computed when a text first links to content."""
        project = self._project
        addresses = {
            path: page_address(picture.version("page"), project.config)
            for path, picture in project.images.items()
        }
        public = [entry for entry in project.entries if entry.public]
        languages: dict[tuple[str, str], dict[str, str]] = {}
        for entry in public:
            languages.setdefault((entry.kind, entry.slug), {})[entry.language] = entry.language
        for entry in public:
            translated = first_match(languages[entry.kind, entry.slug], self._language)
            reading = translated or entry.language
            addresses[_below_content(entry.path)] = self._page(entry.kind, entry.slug, reading)
        for issue in project.issues:
            addresses[_below_content(issue.path)] = self.issue(issue.name, issue.language)
        return addresses

    def page(self, entry: Entry) -> str:
        """Return the address of an entry's page, or an empty text if it has none, or none yet."""
        has_page = self._project.has_site and on_site(entry, today=self._today)
        return self._by_path[_below_content(entry.path)] if has_page else ""

    def onward(self, entry: Entry) -> str:
        """Return the address of the full entry: a shared article's original, or its page."""
        return entry.url or self.page(entry)

    def issue(self, name: str, language: str) -> str:
        """Return the address of an issue's page; empty without a website."""
        return self._page("issue", name, language) if self._project.has_site else ""

    def image(self, path: str) -> str:
        """Return the address of a picture below content/; empty without a picture."""
        picture = self._project.images.get(path)
        return page_address(picture.version("page"), self._project.config) if picture else ""

    def link(self, href: str, source: str) -> str:
        """Return the address of *href* in the file *source*, in the reader's language if any."""
        target = None if tokens.holds_token(href) else local_target(href, _below_content(source))
        return href if target is None else self._by_path.get(target, href) + _fragment(href)

    def _page(self, kind: str, slug: str, language: str) -> str:
        path = permalink(kind, slug, language=language, default_language=self._default)
        return self._website + path


def printed_of(entry: Entry, addresses: Addresses) -> tuple[object, ...]:
    """Return everything that layouts print of an entry but its body, for keys."""
    without_texts = replace(
        entry, body=Source("", Place(path=entry.path)), audience=None, button=None
    )
    onward, image = addresses.onward(entry), addresses.image(entry.image)
    return without_texts, onward, image, _button(entry, addresses)


def _button(entry: Entry, addresses: Addresses) -> str:
    """Return the button of an entry's front matter as HTML of messages; empty without one."""
    if entry.button is None:
        return ""
    html = to_html(entry.button.text, language=entry.language)
    return with_button_tables(with_links(html, lambda href: addresses.link(href, entry.path)))


def entry_view(
    entry: Entry, addresses: Addresses, *, bodies: tuple[Body, TextBody], shown: Late
) -> EntryView:
    """Return an entry for layouts, with its bound *bodies*."""
    button = _button(entry, addresses)
    return EntryView(
        kind=entry.kind,
        slug=entry.slug,
        language=entry.language,
        title=entry.title,
        date=entry.date,
        summary=entry.summary,
        image_url=addresses.image(entry.image),
        image_alt=entry.image_alt,
        url=addresses.onward(entry),
        expires=entry.expires,
        starts=entry.starts,
        ends=entry.ends,
        place=entry.place,
        source_name=entry.source_name,
        body=bodies[0],
        text_body=bodies[1],
        button=Markup(button),  # noqa: S704  # sanitised when it was made from Markdown
        text_button=to_text(button).strip() if button else "",
        shown=shown,
    )


def _below_content(path: str) -> str:
    return path.removeprefix("content/")


def _fragment(href: str) -> str:
    return "#" + href.split("#", 1)[1] if "#" in href else ""


def by_name(
    phrases: Mapping[str, Mapping[str, str]], language: str, default: str
) -> Mapping[str, str]:
    """Return a theme's phrases in *language*; missing ones in *default* or else in English."""
    tags = [*fallbacks(language, default), "en"]
    return {key: text for tag in reversed(tags) for key, text in phrases.get(tag, {}).items()}
