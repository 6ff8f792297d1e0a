"""Where links in content lead to from a message."""

from __future__ import annotations

import datetime as dt

import pytest
from support import EXAMPLE_DAY, ROOT

from newsletter.model.project import Project
from newsletter.read.assembly import read_project
from newsletter.render.view import Addresses, by_name

SITE = "https://paperandbean.example"


@pytest.fixture(scope="module")
def project() -> Project:
    """The example, read."""
    return read_project(ROOT, today=EXAMPLE_DAY)


def _german(project: Project, today: dt.date = EXAMPLE_DAY) -> Addresses:
    return Addresses(project, language="de", today=today)


def test_links_lead_to_the_reader_s_language(project: Project) -> None:
    """A link to an entry leads to its translation, if there is one, and keeps its fragment."""
    link = _german(project).link("../updates/winter-hours.md#hours", "content/stories/x.md")

    assert link == f"{SITE}/de/updates/winter-hours/#hours"


def test_links_lead_to_the_original_without_a_translation(project: Project) -> None:
    """The page exists in that language only."""
    link = _german(project).link("/stories/a-choir-and-its-folders.md", "content/issues/x.md")

    assert link == f"{SITE}/stories/a-choir-and-its-folders/"


@pytest.mark.parametrize("href", ["https://example.org/a", "mailto:a@example.com", "#top"])
def test_other_links_stay(project: Project, href: str) -> None:
    """Links out of content/ stay as written."""
    assert _german(project).link(href, "content/issues/2026-11.md") == href


def test_an_entry_has_no_page_before_its_day(project: Project) -> None:
    """A link leads to the address that the page will have."""
    entry = next(e for e in project.entries if (e.slug, e.language) == ("winter-hours", "de"))
    early = _german(project, entry.date - dt.timedelta(days=1))

    assert early.page(entry) == ""
    assert early.link("winter-hours.md", "content/updates/x.md").startswith(SITE)


@pytest.mark.parametrize(
    ("language", "default", "bye"),
    [("de-AT", "en", "Servus"), ("de-CH", "en", "Tschüss"), ("fr", "de-CH", "Tschüss")],
)
def test_phrases_fall_back_step_by_step(language: str, default: str, bye: str) -> None:
    """From the reader's region to the language, the project's language, and English."""
    phrases = {
        "en": {"bye": "Bye", "yes": "Yes", "ok": "OK"},
        "de": {"bye": "Tschüss", "yes": "Ja"},
        "de-AT": {"bye": "Servus"},
    }

    assert by_name(phrases, language, default) == {"bye": bye, "yes": "Ja", "ok": "OK"}


def test_links_lead_to_the_language_of_a_region(project: Project) -> None:
    """Readers in Austria get the German page."""
    austrian = Addresses(project, language="de-AT", today=EXAMPLE_DAY)

    link = austrian.link("../updates/winter-hours.md", "content/stories/x.md")
    assert link == f"{SITE}/de/updates/winter-hours/"
