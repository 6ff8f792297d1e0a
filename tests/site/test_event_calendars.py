"""Calendar files of events, read back by two independent libraries."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import icalendar
import pytest
import vobject

from newsletter.mailing.public import PublicWording
from newsletter.model.project import Project
from newsletter.read.assembly import read_project
from newsletter.site.artifacts import site_artifacts

SHOP = Path(__file__).parent / "shop"
BEFORE, AFTER = dt.date(2026, 11, 24), dt.date(2026, 12, 10)
PAGE, FILE = "events/ink-evening/index.html", "events/ink-evening/ink-evening.ics"


@pytest.fixture(scope="module")
def shop() -> Project:
    """A small shop with one event, 18:30 to 21:00 in Berlin."""
    project = read_project(SHOP, today=BEFORE)
    return replace(project, config=project.config.model_copy(update={"timezone": "Europe/Berlin"}))


def _built(project: Project, today: dt.date) -> dict[str, bytes]:
    wording = PublicWording(project, schema={})
    artifacts = site_artifacts(project, issue_pages=(), wording=wording, today=today)
    return {
        artifact.path.removeprefix("site/"): artifact.content
        for artifact in artifacts
        if isinstance(artifact.content, bytes)
    }


def test_an_event_has_a_calendar_file(shop: Project) -> None:
    """With title, place, page and time; in every time zone it is the same moment."""
    data = _built(shop, BEFORE)[FILE].decode()
    website = shop.config.business.website

    (event,) = icalendar.Calendar.from_ical(data).walk("VEVENT")
    by_vobject = vobject.readOne(data).vevent

    assert event.decoded("dtstart") == dt.datetime(2026, 12, 3, 17, 30, tzinfo=dt.UTC)
    assert event.decoded("dtend") == dt.datetime(2026, 12, 3, 20, 0, tzinfo=dt.UTC)
    assert str(event["summary"]) == by_vobject.summary.value == "Ink evening"
    assert (
        str(event["location"])
        == by_vobject.location.value
        == "Paper & Bean, 12 Lindenstrasse, Berlin"
    )
    assert str(event["url"]) == by_vobject.url.value == f"{website}/events/ink-evening/"
    assert by_vobject.description.value == (
        f"Thirty inks to try, and a cake.\n\n{website}/events/ink-evening/"
    )
    assert str(event["uid"]).startswith("ink-evening@")
    assert all(len(line.encode()) <= 75 for line in data.split("\r\n"))


def test_the_page_links_to_the_calendar_file_until_the_event_is_over(shop: Project) -> None:
    """The file stays, because old messages link to it."""
    link = 'href="ink-evening.ics" type="text/calendar"'
    before, after = _built(shop, BEFORE), _built(shop, AFTER)

    assert link in before[PAGE].decode()
    assert link not in after[PAGE].decode()
    assert before[FILE] == after[FILE]
