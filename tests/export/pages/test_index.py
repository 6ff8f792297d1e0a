"""private/index.html and the previews it opens."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import html5lib
import polars as pl
import pytest
from playwright.sync_api import Browser
from support import EXAMPLE_DAY, ROOT, content_of

from newsletter.errors import Place
from newsletter.export.pages import index
from newsletter.export.pages.index import Preview, index_page, preview_html
from newsletter.model.care import LEFT_OUT, EditionPlan, IssuePlan
from newsletter.model.entry import Issue
from newsletter.model.project import Project
from newsletter.model.source import Source
from newsletter.read.assembly import read_project

NOBODY = {"id": pl.String, "name": pl.String, "via": pl.String}


def edition(language: str, *people: tuple[str, str | None, str]) -> EditionPlan:
    """Return an edition for people given as (id, name, via)."""
    source = Source("", Place(path="content/issues/2026-11.md"))
    issue = Issue(
        name="2026-11", language=language, title="Winter & <light>", date=dt.date(2026, 11, 5),
        subject=source, preheader=source, body=source,
    )  # fmt: skip
    recipients = pl.DataFrame(people, schema=NOBODY, orient="row")
    return EditionPlan(issue=issue, entries=(), answers=(), recipients=recipients)


def preview(name: str, **changes: str) -> Preview:
    """Return a message of the English edition."""
    values = {
        "name": name, "email": "ada@example.com", "language": "en",
        "subject": f"{name}, hello", "html_path": "private/messages/00ff/a b.html",
        "eml_path": "private/messages/00ff/a b.eml",
    }  # fmt: skip
    return Preview(**(values | changes))


PLAN = IssuePlan(
    name="2026-11",
    editions=(
        edition("en", ("1", "Ada <Lovelace>", "email"), ("2", "Leo", "letter")),
        edition("he", ("3", "שרה כהן", "email")),
    ),
    left_out=pl.DataFrame(
        [
            ("4", "Niall", "no consent to email", None),
            ("5", None, "no consent to email", None),
            ("6", "Josef", "no email address", "call"),
        ],
        schema=LEFT_OUT,
        orient="row",
    ),
)
PREVIEWS = [preview("Ada <Lovelace>"), preview("שרה כהן", language="he", subject="שלום Ada")]


@cache
def project(language: str = "en") -> Project:
    """Return the example with its team speaking that language."""
    read = read_project(ROOT, today=EXAMPLE_DAY)
    return replace(read, config=read.config.model_copy(update={"language": language}))


def page(
    plan: IssuePlan = PLAN,
    previews: list[Preview] = PREVIEWS,
    mbox: str = "",
    language: str = "en",
    *,
    lapsed: bool = False,
) -> str:
    """Return the page."""
    made = index_page(project(language), plan, previews, mbox=mbox, lapsed=lapsed)
    return content_of(made).decode()


def text_of(html: str) -> str:
    """Return the visible text of the page, blanks collapsed."""
    body = re.sub("<script>.*?</script>", "", html[html.index("<body>") :], flags=re.S)
    tree = html5lib.parse(body, namespaceHTMLElements=False)
    return " ".join(" ".join(tree.itertext()).split())


def test_the_page_is_correct_html() -> None:
    """A strict parser finds no fault, and nothing is loaded from elsewhere."""
    html = page(mbox="private/messages/x.mbox")
    html5lib.HTMLParser(strict=True).parse(html)
    assert "http" not in html
    assert re.findall(r"<(?:link|img|iframe)\b|\bsrc=|@import|url\(", html) == []


def test_recipients_and_customers_left_out_are_on_the_page() -> None:
    """Recipients have subject and address, customers left out a reason and a cure."""
    text = text_of(page())
    assert "Winter & <light> Paper & Bean · Arrives on Thursday, 5 November 2026" in text
    assert "Emails 2 Letters 1 Left out 3" in text
    assert "English Winter & <light> 1 1" in text
    assert "Hebrew Winter & <light> 1 0" in text
    assert "Ada <Lovelace> ada@example.com Ada <Lovelace>, hello English .eml" in text
    assert "Letters 1 Print them" in text
    assert "2 no consent to email · 1 no email address" in text
    assert "Niall no consent to email leave them in peace" in text
    assert "5 no consent to email leave them in peace" in text
    assert "Josef no email address by phone" in text


def test_links_to_files_are_relative_and_quoted() -> None:
    """Paths start from private/."""
    links = re.findall(r'href="([^"]*)"', page(mbox="private/messages/2026 11.mbox"))
    assert links == [
        "messages/2026%2011.mbox", "left-out.csv", "../site/index.html", "care/index.html",
        *["messages/00ff/a%20b.html", "messages/00ff/a%20b.eml"] * 2,
    ]  # fmt: skip


def test_after_a_time_away_it_leads_to_what_lapsed() -> None:
    """It is the first page that somebody opens who is back."""
    first = re.search(r'<ul class="links">\s*<li><a href="([^"]*)">([^<]*)', page(lapsed=True))
    assert first
    assert first.groups() == ("care/index.html", "While you were away")
    assert "While you were away" not in page()


def test_each_text_has_its_own_direction() -> None:
    """A Hebrew subject runs from right to left, the page's own text from left to right."""
    html = page()
    assert 'lang="he" dir="rtl">שלום Ada</td>' in html
    assert "<bdi>שרה כהן</bdi>" in html


def test_a_single_edition_has_no_language_column() -> None:
    """A firm with one language sees no languages."""
    plan = IssuePlan(name="x", editions=PLAN.editions[:1], left_out=PLAN.left_out.clear())
    text = text_of(page(plan, PREVIEWS[:1]))
    assert "English" not in text
    assert "Left out 0" in text


def test_many_recipients_are_counted_instead_of_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page still has numbers, reasons and the link to the .mbox."""
    monkeypatch.setattr(index, "MOST_LISTED", 0)
    text = text_of(page(mbox="private/x.mbox"))
    assert "Emails 2 Letters 1 Left out 3" in text
    assert "All messages" in text
    assert "2 no consent to email" in text
    assert not re.search("Ada|Leo|Niall|שרה", text)


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("de", "Erscheint am Donnerstag, 5. November 2026 Alle Nachrichten"),
        ("fr", "Arrive le jeudi 5 novembre 2026 Tous les messages"),
    ],
)
def test_the_page_is_in_the_language_of_the_firm(language: str, shown: str) -> None:
    """Headings, dates and names of languages are in the team's language."""
    html = page(mbox="private/x.mbox", language=language)
    assert f'<html lang="{language}"' in html
    assert shown in text_of(html)


def test_two_builds_give_the_same_page() -> None:
    """It depends on neither time nor hash order."""
    assert page() == page()


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ('<img src="https://x.example/images/a.png">', '<img src="../../site/images/a.png">'),
        ("<img src='https://x.example/a.png'>", "<img src='../../site/a.png'>"),
        ('<td background="https://x.example/a.png">', '<td background="../../site/a.png">'),
        ("url(https://x.example/a.png)", "url(../../site/a.png)"),
        ('<a href="https://x.example/updates/">', '<a href="https://x.example/updates/">'),
        ('<img src="https://x.example.evil/a.png">', '<img src="https://x.example.evil/a.png">'),
        ('<img src="https://other.example/a.png">', '<img src="https://other.example/a.png">'),
    ],
)
def test_a_preview_shows_the_pictures_of_the_output(html: str, shown: str) -> None:
    """Picture addresses of the business's website become relative; links do not."""
    assert preview_html(html, website="https://x.example", to_site="../../site") == shown


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 700])
def test_the_page_fits_and_its_search_works(
    browser: Browser, tmp_path: Path, scheme: str, width: int
) -> None:
    """Opened from disk: no sideways scrolling, no accessibility fault, a working search."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - slow to load

    people = [preview(f"Person {number}") for number in range(12)]
    (tmp_path / "index.html").write_text(
        page(previews=[*people, *PREVIEWS], mbox="private/x.mbox")
    )
    tab = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 800})
    tab.goto((tmp_path / "index.html").as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    assert Axe().run(tab).response["violations"] == []
    tab.get_by_role("searchbox").fill("person 11")
    assert tab.locator(".people tbody tr:visible").count() == 1
    tab.get_by_role("searchbox").fill("")
    assert tab.locator(".people tbody tr:visible").count() == 17
    tab.close()
