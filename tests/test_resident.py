"""A project that stays in memory answers like one read anew, whatever was saved."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from edits import CHANGES
from edits.project import TODAY, Edits, rich_shop
from edits.walk import walk
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from support import examples

from newsletter.errors import NewsletterError
from newsletter.resident import Resident

PAGES = ("/", "/updates/", "/updates/winter-hours/", "/issues/2026-11/", "/feed.xml")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a shop with tasks for the day."""
    rich_shop(tmp_path / "shop")
    return tmp_path / "shop"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Resident:
    """Return a project whose files do not change."""
    root = tmp_path_factory.mktemp("resident") / "shop"
    rich_shop(root)
    return Resident(root, today=TODAY)


@pytest.mark.slow
@settings(examples(2), phases=[Phase.generate])
@given(seed=st.integers(0, 2**32))
def test_after_any_change_answers_equal_those_of_a_new_project(seed: int) -> None:
    """Messages, pages, the plan and errors are equal after each change.

    For hundreds of other walks: `pytest tests/test_resident.py --hypothesis-profile search`.
    """
    walk(seed, CHANGES, _beside_one_read_anew)


def _beside_one_read_anew(edits: Edits) -> Callable[[], bool]:
    """Return a function that compares a resident project with one read anew.

    It raises AssertionError if their answers differ, and returns False if there is no plan.
    """
    project = Resident(edits.root, today=edits.today)
    _answers(project)

    def is_right() -> bool:
        project.today = edits.today
        answers = _answers(project)
        assert answers == _answers(Resident(edits.root, today=edits.today))
        return "plan" in answers

    return is_right


def _answers(project: Resident) -> dict[str, object]:
    """Return the project's answers to every question, errors included."""
    plan = _answer(project.plan)
    answers: dict[str, object] = {page: _answer(project.page, page) for page in PAGES}
    if isinstance(plan, str):
        return {**answers, "error": plan}
    answers["plan"] = plan.table.rows()
    pairs = plan.table.select("customer", "practice").unique().sort(pl.all())
    for customer, practice in pairs.iter_rows():
        answers[f"{practice} to {customer}"] = _answer(
            partial(project.message, customer, practice=practice)
        )
    return answers


def _answer(ask: Callable[..., Any], *arguments: str) -> Any:
    try:
        return ask(*arguments)
    except NewsletterError as error:
        return str(error)


def test_an_edited_text_needs_no_new_plan(root: Path) -> None:
    """The message has the new text."""
    project = Resident(root, today=TODAY)
    _answers(project)
    planned = project.planned
    for path in ("issues/2026-11.md", "practices/thank-you.md"):
        body = root / "content" / path
        body.write_text(body.read_text().replace("\n\n# Letter", "\n\nQuite new.\n\n# Letter"))
        body.write_text(body.read_text() + "\nQuite new.\n")

    assert "Quite new." in project.message("c1").html
    assert "Quite new." in project.message("c1", practice="thank-you").html
    assert project.planned == planned


def test_a_message_of_a_practice_has_the_form_of_its_channel(shop: Resident) -> None:
    """An email has its layout, a handwritten note only its text."""
    email = shop.message("c1", practice="thank-you")
    assert email.subject == "Thank you for Saturday"
    assert email.html.startswith("<!DOCTYPE html>")
    assert "Thank you for what you bought on Saturday: oak gall ink." in email.text
    note = shop.message("c3", practice="birthday")
    assert note.html.startswith("<p>")


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (
            {"customer": "c9"},
            "there is no customer 'c9'",
        ),
        (
            {"customer": "c1", "practice": "birthdays"},
            "there is no practice 'birthdays'\n  hint: did you mean 'birthday'?",
        ),
        (
            {"customer": "c4", "practice": "birthday"},
            "c4 does not get birthday on 2026-11-23: "
            "is unhappy: left in peace until 19 Jan 2027\n"
            "  hint: newsletter explain c4",
        ),
        (
            {"customer": "c2", "practice": "birthday"},
            "c2 does not get birthday on 2026-11-23: it is not due\n  hint: newsletter explain c2",
        ),
        (
            {"customer": "c1", "issue": "2026-12"},
            "there is no issue '2026-12'\n  hint: did you mean '2026-11'?",
        ),
    ],
)
def test_the_error_says_why_there_is_no_message(
    shop: Resident, asked: dict[str, str], error: str
) -> None:
    """The customer, practice or issue does not exist, or nothing is due."""
    with pytest.raises(NewsletterError) as raised:
        shop.message(**asked)
    assert str(raised.value) == error


def test_a_broken_file_stops_the_answers_until_it_is_mended(root: Path) -> None:
    """The error is raised each time, and leaves nothing behind."""
    project = Resident(root, today=TODAY)
    before = project.message("c1")
    body = root / "content/issues/2026-11.md"
    text = body.read_text()
    body.write_text(text + "\n{% if %}\n")
    for _ in range(2):
        with pytest.raises(NewsletterError):
            project.message("c1")
    body.write_text(text)

    assert project.message("c1") == before
