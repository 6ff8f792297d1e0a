"""Greeting cards: two on a page, printed outside, matched with their envelopes by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from on_paper import STRANGE, Read, has_name, in_country, items_of, lines_of, plan, touch
from support import EXAMPLE_DAY, content_of

from newsletter.export.print.cards import CARDS
from newsletter.export.print.leaves import leaves, leaves_data
from newsletter.export.print.typst import Press
from newsletter.model.care import CarePlan, Touch
from newsletter.model.project import Project


def _pdf(project: Project, touches: Sequence[Touch], press: Press) -> bytes:
    items = items_of(project, _by_hand(touches))
    (artifact,) = leaves(project, items, CARDS, press=press, day=EXAMPLE_DAY, folder="x")
    return content_of(artifact)


def _by_hand(touches: Sequence[Touch]) -> list[Touch]:
    return [replace(task, channel="handwritten") for task in touches]


def test_every_name_is_on_the_back_of_a_card(
    project: Project, press: Press, tmp_path: Path
) -> None:
    """Whatever its script."""
    lines = lines_of(_pdf(project, [*map(touch, STRANGE)], press), tmp_path)

    assert [name for name in STRANGE if not has_name(name, lines)] == []


@pytest.mark.parametrize(("country", "width", "height"), [("DE", 210, 297), ("US", 215.9, 279.4)])
def test_a_page_has_two_cards(
    country: str, width: float, height: float, *, project: Project, press: Press, words: Read
) -> None:
    """The front is in the right half, the name in the left; the second card is below."""
    example = in_country(project, country)
    there = words(_pdf(example, [touch("Ann"), touch("Bob"), touch("Cid")], press))
    names = [w for w in there if w.text in ("Ann", "Bob", "Cid")]
    fronts = [w for w in there if w.text == "Thank"]

    assert [(w.text, w.page, w.top > height / 2) for w in names] == [
        ("Ann", 1, False),
        ("Bob", 1, True),
        ("Cid", 2, False),
    ]
    assert all(w.right < width / 2 for w in names)
    assert [(w.page, w.top > height / 2) for w in fronts] == [(1, False), (1, True), (2, False)]
    assert all(w.left > width / 2 for w in fronts)


def test_a_card_in_arabic_or_hebrew_opens_from_the_right(
    project: Project, press: Press, words: Read
) -> None:
    """Its front is the left half."""
    there = words(_pdf(project, [touch("Ann", language="he")], press))

    assert [w.left > 105 for w in there if w.text == "Ann"] == [True]
    assert [w.right < 105 for w in there if w.text == "Thank"] == [True]


def _with_holiday() -> CarePlan:
    columns = ["customer", "key", "holiday_greeting", "days_late"]
    rows = [
        ("PB-1", "christmas 2026", "Merry Christmas", 0),
        ("PB-2", "christmas 2026", "Frohes Fest", 0),
    ]
    return plan({"thank-you": pl.DataFrame(rows, schema=columns, orient="row")})


def test_the_front_has_the_greeting_of_the_holiday(project: Project) -> None:
    """Else the subject, else the title."""
    touches = [
        touch(customer="PB-2", key="christmas 2026"),
        touch(customer="PB-3", key="x", subject="Danke, Zoë"),
        touch(customer="PB-3", key="x", subject="", title="Merci"),
    ]
    items = items_of(project, _by_hand(touches), _with_holiday())
    fronts = leaves_data(project, items, CARDS)["cards"]

    assert [card["front"] for card in fronts] == ["Frohes Fest", "Danke, Zoë", "Merci"]


@pytest.mark.parametrize(
    ("event", "ornament"), [("holiday", "star"), ("birthday", "ring"), ("order", "sprig")]
)
def test_ornament_suits_the_occasion(
    event: str, ornament: str, *, project: Project, press: Press
) -> None:
    """A holiday has a star, a birthday a ring, others a sprig; Typst can draw each."""
    example = replace(project, practices=(replace(project.practices[0], event=event),))
    (card,) = leaves_data(example, items_of(example, [touch()]), CARDS)["cards"]

    assert card["ornament"] == ornament
    assert _pdf(example, [touch()], press).startswith(b"%PDF")


def test_text_for_handwriting_is_not_printed(
    project: Project, press: Press, tmp_path: Path
) -> None:
    """People write it on the card by hand."""
    lines = lines_of(_pdf(project, [touch("Ann", text="Write me by hand")], press), tmp_path)

    assert list(filter(None, lines)) == [
        "Paper & Bean",
        "Ann",
        "Would you rather not get post from us any more? Just tell us: +352 20 00 27 10,",
        "hello@example.com",
        "Thank you for",
        "your order",
    ]
