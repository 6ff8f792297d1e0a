"""docs/writing-practices.md agrees with the code."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
from made import settings
from support import ROOT

from newsletter.model.channels import CHANNELS
from newsletter.model.events import EVENTS
from newsletter.model.gift import Gift
from newsletter.model.practice import Span
from newsletter.read.content.folders import find_content
from newsletter.read.content.practice_files import read_practices
from newsletter.read.content.practice_front_matter import GiftKeys, PracticeKeys
from newsletter.read.project_files import ProjectFiles
from newsletter.rules.kinds import IN_WORDS, kind_of

TEXT = (ROOT / "docs/writing-practices.md").read_text(encoding="utf-8")


def _rows(heading: str) -> list[list[str]]:
    """Return the cells of the table under that heading."""
    section = TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.split("\n") if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def _kind(dtype: pl.DataType) -> str:
    return IN_WORDS[kind_of(dtype)].removeprefix("a ")


def test_every_key_is_documented() -> None:
    """Of a practice and of a gift, in the order of the code."""
    assert [row[0].strip("` ") for row in _rows("Keys")] == list(PracticeKeys.model_fields)
    assert [row[0].strip("` ") for row in _rows("Gifts")] == list(GiftKeys.model_fields)


def test_every_event_is_documented() -> None:
    """With its details and their types."""
    documented = {
        row[0].strip("` "): dict(re.findall(r"`(\w+)` \(([a-z/]+)\)", row[2])) if row[2:] else {}
        for row in _rows("Events and their details")
    }

    assert documented == {
        name: {detail: _kind(dtype) for detail, dtype in event.details.items()}
        for name, event in EVENTS.items()
    }
    assert list(documented) == list(EVENTS)
    assert all(row[1] for row in _rows("Events and their details"))


def test_every_channel_is_documented() -> None:
    """With its heading, in the order of the code."""
    section = TEXT.split("\n## The words\n")[1]

    assert re.findall(r"`# (\w+)`", section) == [channel.capitalize() for channel in CHANNELS]


def test_the_documented_example_is_valid(tmp_path: Path) -> None:
    """It means what the text says about it."""
    example = TEXT.split("```markdown\n")[1].split("\n```\n")[0]
    folder = tmp_path / "content/practices"
    folder.mkdir(parents=True)
    (folder / "spring-cleaning.md").write_text(example, encoding="utf-8")
    (folder / "thank-you.md").write_text("---\ntitle: T\non: order\n---\nHi.\n", encoding="utf-8")
    project = ProjectFiles(tmp_path)

    practice, _ = read_practices(find_content(project), settings(), project, language="en")

    assert project.problems == []
    assert (practice.event, practice.offset, practice.until) == (
        "order",
        Span(6, "month"),
        Span(3, "week"),
    )
    assert practice.channels == ("email", "letter", "call")
    assert practice.gift == Gift(
        kind="voucher",
        name="a cleaning",
        worth=12,
        cost=4,
        currency="EUR",
        valid_days=60,
        conditions="One pen, at the counter.",
    )
    bodies = practice.words["en"].bodies
    assert bodies["email"] == bodies["letter"]
    assert bodies["call"].text.startswith("- Ask how")
