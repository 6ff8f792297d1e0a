"""Where links in content lead to from a message."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from support import EXAMPLE_DAY, ROOT

from newsletter.errors import Place
from newsletter.model.key import key_of
from newsletter.model.project import Project
from newsletter.model.source import Source
from newsletter.read.assembly import read_project
from newsletter.render.view import Addresses, by_name, entry_view, printed_of

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


def test_the_button_of_an_entry_stands_alone_below_a_summary(project: Project) -> None:
    """Its file of content/ becomes an address; the text part has words and address."""
    entry = next(e for e in project.entries if (e.slug, e.language) == ("winter-hours", "en"))
    place = Place(path=entry.path, line=5, column=7)
    button = Source("[Our *shop*](../updates/winter-hours.md){.button}", place)
    plain, with_button = (
        entry_view(each, _german(project), bodies=("", ""), shown=None)
        for each in (entry, replace(entry, button=button))
    )

    address = f"{SITE}/de/updates/winter-hours/"
    assert (plain.button, plain.text_button) == ("", "")
    assert with_button.button.startswith('<table class="button" role="presentation">')
    assert f'href="{address}"' in with_button.button
    assert with_button.text_button == f"Our shop <{address}>"
    keys = [
        key_of(printed_of(e, _german(project))) for e in (entry, replace(entry, button=button))
    ]
    assert keys[0] != keys[1]


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
