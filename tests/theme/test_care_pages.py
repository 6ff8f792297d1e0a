"""The team's pages of the default theme, opened in a browser from disk."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from care_day import DAY, HELD, TOUCHES, day_plan
from caring import planned
from support import ROOT, Built, content_of

from newsletter.export.pages.day import care_pages
from newsletter.export.pages.gifts import gift_list
from newsletter.model.care import CarePlan
from newsletter.model.project import Project
from newsletter.plan.planning import plan_day
from newsletter.read.assembly import read_project

BACK = dt.date(2026, 11, 24)
"""After three weeks in which nothing was recorded."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the pages of a day."""
    folder = tmp_path_factory.mktemp("care")
    project = read_project(ROOT, today=DAY)
    for page in care_pages(project, day_plan(TOUCHES, further=HELD), TOUCHES):
        (folder / page.path.rpartition("/")[2]).write_bytes(content_of(page))
    for page in gift_list(project, _birthday(project), to_buy=[]):
        (folder / page.path.rpartition("/")[2]).write_bytes(content_of(page))
    later = read_project(ROOT, today=BACK)
    *_, away = care_pages(later, plan_day(later, today=BACK), [])
    (folder / "away.html").write_bytes(content_of(away))
    return folder


def _birthday(project: Project) -> CarePlan:
    """Return a plan with a voucher for one customer."""
    return planned(project, {"customer": "PB-1001", "practice": "birthday", "channel": "letter"})


@pytest.mark.parametrize("name", ["nora", "nora-calls", "index", "gifts", "away"])
def test_axe_finds_nothing(folder: Path, tab: Any, name: str) -> None:
    """No accessibility fault, light or dark; nothing scrolls sideways, loads or runs."""
    tab.page.goto((folder / f"{name}.html").as_uri())
    assert tab.complaints({}) == []
    assert tab.remote == []


@pytest.mark.parametrize("name", ["index", "care/messages/2026-11-03/index"])
def test_axe_finds_nothing_on_lists_of_messages(example: Built, tab: Any, name: str) -> None:
    """The pages that open each message are as accessible."""
    tab.page.goto((example.output / f"private/{name}.html").as_uri())
    assert tab.complaints({}) == []
    assert tab.remote == []


def test_pages_print_black_on_white_without_links(folder: Path, tab: Any) -> None:
    """Also from a phone in the evening."""
    tab.page.emulate_media(media="print", color_scheme="dark")
    tab.page.goto((folder / "nora.html").as_uri())
    looks = "const s = getComputedStyle(document.body); [s.backgroundColor, s.color].join()"
    assert tab.page.evaluate(looks) == "rgb(255, 255, 255),rgb(0, 0, 0)"
    assert not tab.page.locator("nav").is_visible()
