"""Address labels: each address is within its own label of the sheet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import pytest
from on_paper import (
    STRANGE,
    Read,
    has_name,
    in_country,
    items_of,
    lines_of,
    touch,
    touches_of,
)
from support import EXAMPLE_DAY, content_of

from newsletter.export.print.labels import labels
from newsletter.export.print.paper import A4, LETTER, SHEETS, WINDOWS, Sheet, paper_of
from newsletter.export.print.typst import Press
from newsletter.model.artifact import Artifact
from newsletter.model.care import Touch
from newsletter.model.config import Labels, Letters
from newsletter.model.project import Project

LONG = (
    "Professor Maximilian von und zu Hohenstein-Wartenberg",
    "Gesellschaft für Handgeschöpftes Papier mbH & Co. KG",
    "Alte Poststraße am Kleinen Markt 118a",
    "54290 Trier",
    "GERMANY",
)


def _all_labels(project: Project, touches: Sequence[Touch], press: Press) -> list[Artifact]:
    items = items_of(project, touches)
    folder = "private/care/print"
    return list(labels(project, items, press=press, day=EXAMPLE_DAY, folder=folder))


def _labels(project: Project, touches: Sequence[Touch], press: Press) -> Artifact:
    (artifact,) = _all_labels(project, touches, press)
    return artifact


def test_every_recipient_has_a_label(project: Project, press: Press, tmp_path: Path) -> None:
    """The name of every customer of the example, and of unusual ones, is on a label."""
    touches = [*touches_of(project), *map(touch, STRANGE)]
    lines = lines_of(content_of(_labels(project, touches, press)), tmp_path)

    assert [task.name for task in touches if not has_name(task.name, lines)] == []


@pytest.mark.parametrize("name", SHEETS)
def test_each_address_is_within_its_label(
    name: str, project: Project, press: Press, words: Read
) -> None:
    """The n-th address is within the n-th label of its sheet, also on the next page."""
    sheet = SHEETS[name]
    touches = [touch(f"N{n}", address=(f"N{n}", *LONG)) for n in range(sheet.count + 2)]
    example = in_country(project, "US" if sheet.paper is LETTER else "DE", labels=name)
    artifact = _labels(example, touches, press)
    there = {word.text: word for word in words(content_of(artifact)) if word.text[0] == "N"}
    spots = {
        text: (word.page, *_spot(sheet, x=word.left, y=(word.top + word.bottom) / 2))
        for text, word in there.items()
    }

    assert artifact.path == f"private/care/print/labels-{name}.pdf"
    assert spots == {
        f"N{n}": (
            n // sheet.count + 1,
            n % sheet.count // sheet.columns,
            n % sheet.count % sheet.columns,
        )
        for n in range(sheet.count + 2)
    }


@pytest.mark.parametrize("name", SHEETS)
def test_a_long_address_is_printed_smaller(
    name: str, project: Project, press: Press, words: Read
) -> None:
    """It shrinks until it is within its label, edges included."""
    sheet = SHEETS[name]
    example = in_country(project, "DE", labels=name)
    there = words(content_of(_labels(example, [touch(address=LONG)], press)))

    assert "".join(word.text for word in there) == "".join(LONG).replace(" ", "")
    assert min(word.left for word in there) >= sheet.left + 2
    assert max(word.right for word in there) <= sheet.left + sheet.width - 2
    assert min(word.top for word in there) >= sheet.top
    assert max(word.bottom for word in there) <= sheet.top + sheet.height


def _spot(sheet: Sheet, *, x: float, y: float) -> tuple[int, int]:
    """Return row and column of the label at a point."""
    for row in range(sheet.rows):
        for column in range(sheet.columns):
            left, top = sheet.left + column * sheet.across, sheet.top + row * sheet.down
            if left <= x <= left + sheet.width and top <= y <= top + sheet.height:
                return row, column
    raise AssertionError(f"{x}, {y} is beside all labels")


def test_used_labels_are_skipped(project: Project, press: Press, words: Read) -> None:
    """With four labels used, the first address is on the fifth."""
    example = in_country(project, "DE", labels_skip=4)
    word = words(content_of(_labels(example, [touch("Zoë", address=("Zoë", "x"))], press)))[0]

    assert _spot(SHEETS["L7160"], x=word.left, y=word.bottom) == (1, 1)


def test_many_labels_go_into_several_files(project: Project, press: Press, words: Read) -> None:
    """A file has forty sheets; used labels are skipped on the first sheet only."""
    example = in_country(project, "DE", labels="L7173", labels_skip=2)
    touches = [touch(address=(f"N{n}", "x")) for n in range(400)]
    files = _all_labels(example, touches, press)
    second = words(content_of(files[1]))

    assert [file.path.rpartition("/")[2] for file in files] == [
        "labels-L7173.pdf",
        "labels-L7173-2.pdf",
    ]
    assert [word.text for word in second if word.text != "x"] == ["N398", "N399"]
    assert _spot(SHEETS["L7173"], x=second[0].left, y=second[0].bottom) == (0, 0)


def test_default_sheet_follows_the_country(project: Project, press: Press) -> None:
    """21 labels on A4, or 30 on US Letter."""
    names = [
        _labels(in_country(project, country), [touch()], press).path for country in ("GB", "US")
    ]

    assert names == [
        "private/care/print/labels-L7160.pdf",
        "private/care/print/labels-5160.pdf",
    ]


def test_a_customer_without_an_address_has_no_label(project: Project, press: Press) -> None:
    """There is nothing to print on it."""
    assert _all_labels(project, [touch(address=())], press) == []


@pytest.mark.parametrize("name", SHEETS)
def test_sheets_are_centred_on_their_paper(name: str) -> None:
    """Left and right margin are the same, and so are top and bottom."""
    sheet = SHEETS[name]
    right = sheet.paper.width - sheet.left - (sheet.columns - 1) * sheet.across - sheet.width
    bottom = sheet.paper.height - sheet.top - (sheet.rows - 1) * sheet.down - sheet.height

    assert right == pytest.approx(sheet.left, abs=0.05)
    assert bottom == pytest.approx(sheet.top, abs=0.05)


def test_settings_accept_every_sheet_and_window() -> None:
    """newsletter.yml takes the names of all existing sheets and windows."""
    assert set(get_args(Labels)) - {"usual"} == set(SHEETS)
    assert set(get_args(Letters)) - {"usual"} == set(WINDOWS)


def test_paper_by_country() -> None:
    """North America prints on US Letter, other countries on A4."""
    papers = [paper_of(country) for country in ("US", "CA", "MX", "GB", "DE", "JP")]

    assert papers == [LETTER, LETTER, LETTER, A4, A4, A4]
