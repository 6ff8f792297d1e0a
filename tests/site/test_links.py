"""Addresses on the site, between pages and in texts."""

from __future__ import annotations

import pytest

from newsletter.site.links import file_of, relative, with_site_links


@pytest.mark.parametrize(
    ("path", "page", "address"),
    [
        ("/", "/", "index.html"),
        ("/updates/", "/", "updates/index.html"),
        ("/", "/updates/hours/", "../../index.html"),
        ("/assets/style.css", "/de/updates/", "../../assets/style.css"),
        ("/images/über uns.png", "/", "images/%C3%BCber%20uns.png"),
    ],
)
def test_links_are_relative_to_their_page(path: str, page: str, address: str) -> None:
    """They name the file, so that they work without a server."""
    assert relative(path, page=page) == address


def test_an_address_with_a_slash_at_its_end_is_an_index_file() -> None:
    """The index.html in that folder."""
    assert file_of("/de/") == "de/index.html"
    assert file_of("/404.html") == "404.html"


KNOWN = {"events/ink.md": "../ink/index.html", "images/a.png": "../../images/a.png"}


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ('<a href="../events/ink.md">Ink</a>', '<a href="../ink/index.html">Ink</a>'),
        ('<a href="/events/ink.md#when">Ink</a>', '<a href="../ink/index.html#when">Ink</a>'),
        (
            '<a title="a > b" href="/events/ink.md">I</a>',
            '<a title="a > b" href="../ink/index.html">I</a>',
        ),
        ('<img alt="A" src="/images/a.png">', '<img alt="A" src="../../images/a.png">'),
        ('<a href="later.md">not <em>yet</em></a>!', "not <em>yet</em>!"),
        ('<a href="https://example.com/a.md">x</a>', '<a href="https://example.com/a.md">x</a>'),
        ('<a href="mailto:a@example.com">x</a>', '<a href="mailto:a@example.com">x</a>'),
        ('&lt;a href="/events/ink.md"&gt;', '&lt;a href="/events/ink.md"&gt;'),
        (
            '<a href="/events/ink.md"><img src="/images/a.png" alt="A"></a>',
            '<a href="../ink/index.html"><img src="../../images/a.png" alt="A"></a>',
        ),
    ],
)
def test_links_to_content_lead_to_its_page(written: str, printed: str) -> None:
    """Without a page they become plain text; other links stay."""
    assert with_site_links(written, source="updates/hours.md", find=KNOWN.get) == printed
