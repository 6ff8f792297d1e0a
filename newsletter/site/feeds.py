"""Files for programs: Atom feeds (RFC 4287), sitemap.xml (sitemaps.org), robots.txt (RFC 9309)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from xml.etree import ElementTree as ET

from newsletter.model.config import Business
from newsletter.model.permalink import home
from newsletter.site.catalogue import Catalogue, Lookup
from newsletter.site.links import with_site_links
from newsletter.site.pages import LISTED, Page
from newsletter.site.posts import Post

_ATOM = "http://www.w3.org/2005/Atom"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"
_MOST = 20  # entries of a feed


def feed_posts(catalogue: Catalogue, language: str) -> list[Post]:
    """Return the posts in the feed of a language: the newest."""
    listed = (p for p in catalogue.posts if p.language == language and p.kind in LISTED)
    return list(islice(listed, _MOST))


def atom(
    posts: Sequence[Post], lookup: Lookup, *, business: Business, language: str, default: str
) -> bytes:
    """
    Return the feed of one language: complete posts, newest first, with absolute addresses.

    The id of a post is its permanent address. A day counts as noon UTC, which is the same day
    nearly everywhere.
    """
    path = home(language, default)
    feed = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": language})
    _text(feed, "id", business.website + path)
    _text(feed, "title", business.name)
    if tagline := business.tagline.in_language(language, default):
        _text(feed, "subtitle", tagline)
    _text(
        feed, "updated", _moment(max((post.date for post in posts), default=dt.date(1970, 1, 1)))
    )
    ET.SubElement(feed, "link", rel="self", href=f"{business.website}{path}feed.xml")
    ET.SubElement(feed, "link", rel="alternate", type="text/html", href=business.website + path)
    _text(ET.SubElement(feed, "author"), "name", business.name)
    for post in posts:
        _entry(feed, post, lookup, website=business.website)
    return _bytes(feed)


def sitemap(
    pages: Iterable[Page], *, website: str, editions: Mapping[str, Mapping[str, str]]
) -> bytes:
    """Return the list of all pages; *editions* has the translations of each page by its path."""
    root = ET.Element("urlset", {"xmlns": _SITEMAP, "xmlns:xhtml": _XHTML})
    for page in sorted(pages, key=lambda page: page.path):
        url = ET.SubElement(root, "url")
        _text(url, "loc", website + page.path)
        if page.date:
            _text(url, "lastmod", page.date.isoformat())
        translations = editions[page.path]
        if len(translations) > 1:
            for language, path in translations.items():
                link = {"rel": "alternate", "hreflang": language, "href": website + path}
                ET.SubElement(url, "xhtml:link", link)
    return _bytes(root)


def robots(website: str) -> bytes:
    """Return robots.txt: everybody may read everything."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {website}/sitemap.xml\n".encode()


def _entry(feed: ET.Element, post: Post, lookup: Lookup, *, website: str) -> None:
    def address(target: str) -> str | None:
        path = lookup.path(target, post.language)
        return None if path is None else website + path

    entry = ET.SubElement(feed, "entry")
    _text(entry, "id", website + post.path)
    _text(entry, "title", post.title)
    _text(entry, "published", _moment(post.date))
    _text(entry, "updated", _moment(post.date))
    ET.SubElement(entry, "link", rel="alternate", type="text/html", href=website + post.path)
    if post.url:
        ET.SubElement(entry, "link", rel="related", href=post.url)
    ET.SubElement(entry, "category", term=post.kind)
    _text(entry, "summary", post.summary)
    html = with_site_links(lookup.text(post), source=post.source, find=address)
    ET.SubElement(entry, "content", type="html").text = html


def _moment(day: dt.date) -> str:
    return f"{day.isoformat()}T12:00:00Z"


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text


def _bytes(root: ET.Element) -> bytes:
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"
