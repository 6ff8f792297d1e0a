"""A project that stays in memory answers as one that is read anew, whatever was saved."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal
from test_build_again import CHANGES, TODAY, _cache, _output, root

from newsletter.errors import NewsletterError
from newsletter.resident import Resident

__all__ = ["root"]
PAGES = ("/", "/updates/", "/updates/winter-hours/")


def _said(project: Resident) -> list[object]:
    plan = project.plan()
    people = [key for e in plan.issues["2026-11"].editions for key in e.recipients["id"]]
    assert people
    return [*map(project.message, people), *map(project.page, PAGES)]


@pytest.mark.parametrize("seed", [1, 2])
def test_after_any_change_it_answers_as_one_read_anew(root: Path, seed: int) -> None:
    """Messages, pages and the plan are equal after each of the changes."""
    kept = Resident(root, today=TODAY)
    _said(kept)
    changes = [change for change in CHANGES if change not in (_output, _cache)]
    for number, change in enumerate(random.Random(seed).sample(changes, len(changes)), start=1):
        change(root, number)
        anew = Resident(root, today=TODAY)
        assert _said(kept) == _said(anew), change
        assert_frame_equal(kept.plan().table, anew.plan().table)


def test_a_text_does_not_change_the_plan(root: Path) -> None:
    """After an edit of a body there is no new plan, and the message says the new."""
    project = Resident(root, today=TODAY)
    _said(project)
    planned = project.planned
    body = root / "content/issues/2026-11.md"
    body.write_text(body.read_text() + "\nQuite new.\n")
    customer = project.plan().issues["2026-11"].editions[0].recipients["id"][0]

    assert "Quite new." in project.message(customer).html
    assert project.planned == planned


def test_a_broken_file_stops_the_answers_until_it_is_mended(root: Path) -> None:
    """An error is said each time, and nothing of it stays."""
    project = Resident(root, today=TODAY)
    before = _said(project)
    body = root / "content/issues/2026-11.md"
    text = body.read_text()
    body.write_text(text + "\n{% if %}\n")
    for _ in range(2):
        with pytest.raises(NewsletterError):
            _said(project)
    body.write_text(text)

    assert _said(project) == before
