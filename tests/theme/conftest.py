"""A small shop, the messages and the site made of it, and the browser to look at them."""

from __future__ import annotations

import datetime as dt
import quopri
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from newsletter.merge.merge import merge
from newsletter.model.entry import Issue
from newsletter.model.issue_page import IssuePage
from newsletter.model.plan import EditionPlan
from newsletter.model.project import Project
from newsletter.read.project import read_project
from newsletter.render.filters import language_filters
from newsletter.render.issue import render_edition
from newsletter.site.artifacts import site_artifacts

SHOP = Path(__file__).parent / "shop"
TODAY = dt.date(2026, 11, 24)
SERVICE = pl.Struct({"date": pl.Date(), "title": pl.String(), "detail": pl.String()})


@dataclass(frozen=True)
class Letter:
    """A finished message."""

    subject: str
    html: str
    text: str


@pytest.fixture(scope="session")
def shop() -> Project:
    """The project in shop/."""
    return read_project(SHOP, today=TODAY)


@pytest.fixture(scope="session")
def letters(shop: Project) -> dict[str, Letter]:
    """The November issue to one who has everything, to one we know nothing of, in German."""
    english, german = _recipients(shop)
    first, second = _letters(shop, "en", english)
    (third,) = _letters(shop, "de", german)
    return {"full": first, "bare": second, "german": third}


@pytest.fixture(scope="session")
def site(shop: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as a folder on a disk."""
    root = tmp_path_factory.mktemp("output")
    issue_pages = [
        IssuePage(
            name=issue.name,
            language=issue.language,
            title=issue.title,
            date=issue.date,
            html=f"<p>{issue.body.text}</p>",
            summary=issue.preheader.text,
            entries=issue.entries,
        )
        for issue in shop.issues
    ]
    for artifact in site_artifacts(shop, issue_pages=issue_pages, today=TODAY):
        assert not callable(artifact.content)
        file = root / artifact.path
        file.parent.mkdir(parents=True, exist_ok=True)
        content = artifact.content
        file.write_bytes(content if isinstance(content, bytes) else content.read_bytes())
    return root / "site"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium; tests never download one."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.fail("these tests look at pages with Chromium: install it (apt install chromium)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield started
        started.close()


@dataclass(frozen=True)
class Tab:
    """A browser tab without network, and the addresses that were asked for all the same."""

    page: Page
    remote: list[str]


@pytest.fixture
def tab(browser: Browser, shop: Project) -> Iterator[Tab]:
    """An empty tab. Pictures of the shop's own content are there, as if its site were online."""
    page = browser.new_page()
    remote: list[str] = []
    website = shop.config.business.website + "/"

    def answer(route: Route) -> None:
        url = route.request.url
        picture = shop.images.get(url.removeprefix(website))
        if picture:
            route.fulfill(path=picture)
        elif url.startswith("file:"):
            route.continue_()
        else:
            remote.append(url)
            route.abort()

    page.route("**/*", answer)
    yield Tab(page, remote)
    page.close()


def _letters(shop: Project, language: str, recipients: pl.DataFrame) -> list[Letter]:
    issue = next(i for i in shop.issues if (i.name, i.language) == ("2026-11", language))
    answers = tuple(e for e in shop.entries if e.kind == "answer")
    plan = EditionPlan(
        issue=issue, entries=_entries(shop, issue), answers=answers, recipients=recipients
    )
    template = render_edition(shop, plan, today=TODAY)
    failures: list[object] = []
    filters = language_filters(language, business=shop.config.business)
    messages = list(merge(template, recipients, filters=filters, failures=failures))  # type: ignore[arg-type]
    assert not failures
    return [
        Letter(
            message.subject,
            quopri.decodestring(message.html).decode(),
            quopri.decodestring(message.text).decode(),
        )
        for message in messages
    ]


def _entries(shop: Project, issue: Issue) -> tuple:  # type: ignore[type-arg]
    editions = {(e.slug, e.language): e for e in shop.entries}
    return tuple(
        editions.get((slug, issue.language)) or editions[slug, "en"] for slug in issue.entries
    )


def _recipients(shop: Project) -> tuple[pl.DataFrame, pl.DataFrame]:
    member = shop.config.team[0]
    shown = {entry.flag: True for entry in shop.entries}
    bare: dict[str, object] = {
        "id": "c2",
        "token": "b" * 32,
        "name": None,
        "email": "reader@example.com",
        "greeting": "Hello",
        "services": [],
        "points": None,
        "points_to_next_reward": None,
        "next_reward": None,
        "manager_name": member.name,
        "manager_role": None,
        "manager_phone": None,
        "manager_email": None,
        "manager_photo": None,
        "unsubscribe_url": "https://example.com/unsubscribe/" + "b" * 32,
        "feedback_url": None,
        "review_url": None,
        **shown,
    }
    full = {
        **bare,
        "id": "c1",
        "token": "a" * 32,
        "name": "Zoë Kestrel",
        "greeting": "Dear Zoë",
        "services": [
            {
                "date": dt.date(2026, 11, 6),
                "title": "Realigned the nib of your Pelikan",
                "detail": "It had a drop of dried ink under the feed; it writes even again.",
            },
            {"date": dt.date(2026, 10, 14), "title": "Kept your refills in stock", "detail": None},
        ],
        "points": 1240,
        "points_to_next_reward": 60,
        "next_reward": "a notebook bound in our workshop",
        "manager_role": member.role.in_language("en", "en"),
        "manager_phone": member.phone,
        "manager_email": member.email,
        "manager_photo": f"{shop.config.business.website}/{member.photo}",
        "unsubscribe_url": "https://example.com/unsubscribe/" + "a" * 32,
        "feedback_url": "https://example.com/feedback/" + "a" * 32,
        "review_url": "https://reviews.example.org/paper-and-bean",
    }
    schema = {
        "services": pl.List(SERVICE),
        "points": pl.Int64(),
        "points_to_next_reward": pl.Int64(),
    }
    rows = {name: pl.String() for name in bare} | dict.fromkeys(shown, pl.Boolean()) | schema
    german = {**full, "greeting": "Guten Tag, Zoë Kestrel"}
    return pl.DataFrame([full, bare], schema=rows), pl.DataFrame([german], schema=rows)
