"""The overview lists what lapsed while nothing was recorded."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from functools import cache

import html5lib
import pytest
from support import ROOT, content_of, visible_text

from newsletter.export.pages import while_away
from newsletter.export.pages.day import care_pages
from newsletter.model.care import CarePlan
from newsletter.model.project import Project
from newsletter.plan.planning import plan_day
from newsletter.read.assembly import read_project

AFTER_A_WEEK, AFTER_THREE = dt.date(2026, 11, 10), dt.date(2026, 11, 24)
MESSAGES = f"private/care/messages/{AFTER_THREE}/index.html"


@cache
def planned(day: dt.date) -> tuple[Project, CarePlan]:
    """Return the example, whose last record is of 31 October, and its plan of a day."""
    project = read_project(ROOT, today=day)
    return project, plan_day(project, today=day)


def overview(day: dt.date, language: str = "en") -> str:
    """Return the overview of a day as HTML."""
    project, plan = planned(day)
    config = project.config.model_copy(update={"language": language})
    *_, index = care_pages(replace(project, config=config), plan, [], files=[MESSAGES])
    return content_of(index).decode()


def text(page: str) -> str:
    """Return the visible text."""
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    return visible_text(tree.find("body"))


@pytest.mark.slow
def test_three_weeks_are_a_time_away_and_one_is_not() -> None:
    """What can still be done comes first, with its day and channel; then what is better left."""
    assert "While you were away" not in text(overview(AFTER_A_WEEK))
    shown = text(overview(AFTER_THREE))
    assert "Nothing was recorded from 1 November 2026 to 23 November 2026" in shown
    late, over = shown.split("Can still be done, late")[1].split("Over, and better left")
    assert "Claire Vasseur Birthday wishes 7 Nov 2026 Nora Feltes, by a handwritten note" in late
    assert "Sam Delvaux Thank you for an order" in late
    assert "Holiday wishes: Aoife O'Brien, 6 Nov 2026" in over
    assert "Vasseur Birthday" not in over


def test_links_lead_to_the_words() -> None:
    """Emails are among the messages, everything else is on the page of the team member."""
    page = overview(AFTER_THREE)
    rows = re.findall(r"<tr><th scope=\"row\"><bdi>([^<]*)</bdi>.*?href=\"([^\"]*)\"", page)
    targets = dict(rows)
    assert targets["Henning Brandt"] == f"messages/{AFTER_THREE}/index.html"
    assert targets["Claire Vasseur"] == "nora.html"


@pytest.mark.parametrize(
    ("language", "heading"),
    [("de", "Während niemand da war"), ("fr", "Pendant votre absence")],
)
def test_it_is_in_the_language_of_the_firm(language: str, heading: str) -> None:
    """Like the rest of the page."""
    assert heading in text(overview(AFTER_THREE, language))


def test_a_long_list_is_cut_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser opens the page quickly after a whole season."""
    monkeypatch.setattr(while_away, "MOST_LAPSED", 5)
    over = text(overview(AFTER_THREE)).split("Over, and better left")[1]
    assert "and more: 15" in over
