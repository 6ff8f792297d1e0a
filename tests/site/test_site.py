"""The files of the site: which exist, which do not, and whether their links work."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree as ET

import html5lib
import pytest

from newsletter.errors import NewsletterError
from newsletter.mailing.public import PublicWording
from newsletter.model.entry import IssuePage
from newsletter.model.project import Project
from newsletter.read.assembly import read_project
from newsletter.site.artifacts import site_artifacts

SHOP = Path(__file__).parent / "shop"
TODAY = dt.date(2026, 11, 24)
WEBSITE = "https://paperandbean.example.com"
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


class Nobody:
    """Stands in for the customers; reading from it fails the test."""

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"the public site read the customer data: {name}")


@pytest.fixture(scope="module")
def shop() -> Project:
    """A small shop with every case; reading its customers fails the test."""
    project = read_project(SHOP, today=TODAY)
    return replace(project, people=Nobody())


def build(project: Project, *, today: dt.date = TODAY) -> dict[str, bytes]:
    """Return the files of the site by path below it."""
    page = IssuePage(
        name="2026-11",
        language="en",
        title="Lamps on early",
        date=dt.date(2026, 11, 24),
        html='<p>Here is <a href="../updates/winter-hours.md">when we open</a>.</p>',
        summary="Winter hours.",
        entries=("winter-hours", "members", "next-year"),
    )
    german = replace(page, language="de", title="Früh die Lampen an", html="<p>Guten Tag.</p>")
    files = {}
    wording = PublicWording(project, schema={})
    for artifact in site_artifacts(
        project, issue_pages=[page, german], wording=wording, today=today
    ):
        assert artifact.public
        content = artifact.content
        assert not callable(content)
        path = artifact.path.removeprefix("site/")
        assert path not in files, "written twice"
        files[path] = content if isinstance(content, bytes) else content.read_bytes()
    return files


@pytest.fixture(scope="module")
def files(shop: Project) -> Mapping[str, bytes]:
    """The files of the site by path below it."""
    return build(shop)


def pages(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the HTML pages."""
    return {path: text.decode() for path, text in files.items() if path.endswith(".html")}


def test_pages_of_every_kind(files: Mapping[str, bytes]) -> None:
    """Front pages, lists, entries, issues, pages and the 404 have their addresses."""
    assert {path.removesuffix("index.html") for path in pages(files)} == {
        "", "404.html", "updates/", "updates/winter-hours/", "updates/repair-bench/", "stories/",
        "stories/forty-letters/", "articles/", "articles/why-we-write/", "offers/",
        "offers/calendars/", "offers/summer-ink/", "events/", "events/ink-evening/", "answers/",
        "answers/quiet-table/", "issues/", "issues/2026-11/", "pages/about/",
        "de/", "de/updates/", "de/updates/winter-hours/", "de/issues/", "de/issues/2026-11/",
    }  # fmt: skip


def test_private_and_future_entries_are_not_on_the_site(files: Mapping[str, bytes]) -> None:
    """No page names them."""
    everything = "\n".join(pages(files).values()) + files["feed.xml"].decode()
    assert "An evening for old friends" not in everything
    assert "What we plan for next year" not in everything


def test_an_entry_appears_on_its_date(shop: Project) -> None:
    """Not before."""
    assert "updates/next-year/index.html" not in build(shop, today=dt.date(2027, 1, 3))
    assert "updates/next-year/index.html" in build(shop, today=dt.date(2027, 1, 4))


def test_a_past_offer_is_marked(files: Mapping[str, bytes], shop: Project) -> None:
    """From the day after its last one; it also leaves the front page."""
    html = pages(files)
    assert "This offer has ended." in html["offers/summer-ink/index.html"]
    assert "This offer has ended." not in html["offers/calendars/index.html"]
    assert "Calendars from our own press" in html["index.html"]
    later = pages(build(shop, today=dt.date(2026, 12, 6)))
    assert "This offer has ended." in later["offers/calendars/index.html"]
    assert "This event is over." in later["events/ink-evening/index.html"]
    assert "Calendars from our own press" not in later["index.html"]


def test_html_is_strictly_valid(files: Mapping[str, bytes]) -> None:
    """html5lib's strict parser accepts every page."""
    for path, html in pages(files).items():
        parser = html5lib.HTMLParser()
        parser.parse(html)
        assert not parser.errors, (path, parser.errors)


def test_every_link_resolves(files: Mapping[str, bytes]) -> None:
    """Each relative link and picture is a file of the site; links of the 404 are absolute."""
    for path, html in pages(files).items():
        for address in re.findall(r'(?:href|src)="([^"]*)"', html):
            split = urlsplit(urljoin(f"file:///{path}", address))
            if split.scheme == "file" and not address.startswith("#"):
                assert path != "404.html", address
                assert unquote(split.path.lstrip("/")) in files, (path, address)


def test_content_links_lead_to_pages(files: Mapping[str, bytes]) -> None:
    """A Markdown link to a file becomes a link to its page, or plain text without a page."""
    html = pages(files)
    assert 'href="../../events/ink-evening/index.html"' in html["updates/winter-hours/index.html"]
    assert 'src="../../images/desk.png"' in html["updates/winter-hours/index.html"]
    assert 'href="../../updates/winter-hours/index.html"' in html["issues/2026-11/index.html"]
    assert ".md" not in "".join(html.values())


def test_translations_are_linked(files: Mapping[str, bytes]) -> None:
    """A page names its other languages to search engines and readers."""
    html = pages(files)["de/updates/winter-hours/index.html"]
    assert f'hreflang="en" href="{WEBSITE}/updates/winter-hours/"' in html
    assert f'rel="canonical" href="{WEBSITE}/de/updates/winter-hours/"' in html
    assert '<a href="../../../updates/winter-hours/index.html" lang="en"' in html
    assert '<html lang="de" dir="ltr">' in html


def test_pictures_of_content_and_team_are_on_the_site(files: Mapping[str, bytes]) -> None:
    """Others are not."""
    images = {path for path in files if path.startswith("images/")}
    assert {"images/hours.png", "images/desk.png", "images/maya.png"} <= images
    assert "images/unused.png" not in images


def test_the_feed_follows_rfc_4287(files: Mapping[str, bytes]) -> None:
    """Required elements, absolute addresses, unique ids, newest first."""
    for path, language in (("feed.xml", "en"), ("de/feed.xml", "de")):
        feed = ET.fromstring(files[path])
        assert feed.tag == f"{ATOM}feed"
        assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == language
        assert feed.find(f"{ATOM}link[@rel='self']").get("href") == f"{WEBSITE}/{path}"
        assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Paper & Bean"
        entries = feed.findall(f"{ATOM}entry")
        ids = [entry.findtext(f"{ATOM}id") for entry in entries]
        assert len(set(ids)) == len(ids) > 0
        times = [entry.findtext(f"{ATOM}updated") or "" for entry in entries]
        assert times == sorted(times, reverse=True)
        assert feed.findtext(f"{ATOM}updated") == times[0]
        for entry in entries:
            assert entry.findtext(f"{ATOM}title")
            assert (entry.find(f"{ATOM}link").get("href") or "").startswith(WEBSITE)
            html = entry.findtext(f"{ATOM}content") or ""
            assert all(
                a.startswith(("http", "mailto"))
                for a in re.findall(r'(?:href|src)="([^"]*)"', html)
            )


def test_sitemap_lists_every_page(files: Mapping[str, bytes]) -> None:
    """Once each, but not the 404; robots.txt names the sitemap."""
    root = ET.fromstring(files["sitemap.xml"])
    addresses = [loc.text for loc in root.iter(f"{SITEMAP}loc")]
    wanted = {f"{WEBSITE}/{path.removesuffix('index.html')}" for path in pages(files)}
    assert sorted(map(str, addresses)) == sorted(wanted - {f"{WEBSITE}/404.html"})
    assert f"Sitemap: {WEBSITE}/sitemap.xml" in files["robots.txt"].decode()


def test_a_second_build_gives_the_same_bytes(shop: Project, files: Mapping[str, bytes]) -> None:
    """In whatever order entries were read."""
    mixed = replace(shop, entries=tuple(reversed(shop.entries)))
    assert build(mixed) == files


def test_a_broken_template_is_named(shop: Project) -> None:
    """With the file and line of the theme."""
    texts = {**shop.theme.texts, "site/page.html": "<p>\n{{ pgae.title }}</p>"}
    broken = replace(shop, theme=replace(shop.theme, texts=texts))
    with pytest.raises(NewsletterError) as caught:
        build(broken)
    assert str(caught.value).startswith("themes/default/site/page.html:2: 'pgae' is undefined")


FOREIGN = {
    "site/page.html": (
        "<p>\n<img src='https://e.example/p.gif' alt=''>",
        2,
        "'https://e.example/p.gif'",
    ),
    "site/base.html": (
        "<link rel='stylesheet' href='//e.example/f.css'>",
        1,
        "'//e.example/f.css'",
    ),
    "site/style.css": (
        "p {}\n\n@import 'https://e.example/f.css';",
        3,
        "'https://e.example/f.css'",
    ),
    "site/look.css": ("p { background: url(https://e.example/a) }", 1, "'https://e.example/a'"),
    "site/entry.html": (
        "<b style='background:url({{ \"//e.example\" }}/a)'>",
        1,
        "'//e.example/a'",
    ),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_theme_loads_nothing_from_elsewhere(shop: Project, name: str) -> None:
    """Pictures, styles and fonts from hosts that newsletter.yml does not name are errors."""
    text, line, message = FOREIGN[name]
    themed = replace(shop, theme=replace(shop.theme, texts={**shop.theme.texts, name: text}))
    with pytest.raises(NewsletterError) as caught:
        build(themed)
    problem = caught.value.problems[0]
    assert problem.message.startswith(f"{message} would be loaded from e.example")
    assert problem.at
    assert (problem.at.path, problem.at.line) == (f"themes/default/{name}", line)
    named = replace(themed, config=shop.config.model_copy(update={"load_from": ("e.example",)}))
    assert build(named)


def test_a_template_with_wrong_syntax_is_named(shop: Project) -> None:
    """If Jinja cannot read it, with file and line as well."""
    texts = {**shop.theme.texts, "site/list.html": "<p>\n{% fro x in y %}</p>"}
    broken = replace(shop, theme=replace(shop.theme, texts=texts))
    with pytest.raises(NewsletterError) as caught:
        build(broken)
    assert str(caught.value).startswith("themes/default/site/list.html:2:1: unknown tag 'fro'")
