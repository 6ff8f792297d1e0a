"""Letters merged by other programs say what our own letters say."""

from __future__ import annotations

import io
import json
import re
import subprocess
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from letter_reading import (
    Lines,
    merged_by_docx_mailmerge,
    our_letters,
    rows_of,
)
from on_paper import Word, in_country, words_of
from PIL import Image
from support import EXAMPLE_DAY, ROOT, content_of

from newsletter.export.merge_letters.letter_mailings import merge_letters
from newsletter.export.merge_letters.merge_letter import MergeLetter
from newsletter.export.merge_letters.processors import PROCESSORS
from newsletter.export.print.paper import WINDOWS, Window
from newsletter.model.care import CarePlan
from newsletter.model.project import Project
from newsletter.plan.planning import plan_day
from newsletter.read.assembly import read_project

ISSUE = "2026-11"
COUNTRIES = {"FR": "right", "US": "us-10"}
"""Country → the window of its envelopes; that of the example is din-5008-b."""


@pytest.fixture(scope="module")
def project() -> Project:
    """Return the example."""
    return read_project(ROOT, today=EXAMPLE_DAY)


@pytest.fixture(scope="module")
def plan(project: Project) -> CarePlan:
    """Return its plan with an issue."""
    return plan_day(project, today=EXAMPLE_DAY, issue=ISSUE)


@pytest.fixture(scope="module")
def ours(project: Project, plan: CarePlan) -> dict[str, list[Lines]]:
    """Return the lines of our own letters."""
    return our_letters(project, plan, ISSUE)


@pytest.fixture(scope="module")
def letters(project: Project, plan: CarePlan) -> dict[str, MergeLetter]:
    """Return the letters to merge, by name."""
    return {letter.name: letter for letter in merge_letters(project, plan, issue=ISSUE)}


def files_of(processor: str, letter: MergeLetter) -> dict[str, bytes]:
    """Return what a program gets, by the end of the name."""
    artifacts = PROCESSORS[processor].artifacts([letter])
    return {artifact.path.rpartition(".")[2]: content_of(artifact) for artifact in artifacts}


def test_word_fields_give_our_paragraphs(
    letters: dict[str, MergeLetter], ours: dict[str, list[Lines]], tmp_path: Path
) -> None:
    """Every customer whom the issue reaches, paragraph by paragraph, and no empty line."""
    assert letters.keys() == ours.keys()
    for number, (name, letter) in enumerate(letters.items()):
        files, folder = files_of("word", letter), tmp_path / str(number)
        folder.mkdir()
        merged = merged_by_docx_mailmerge(files["docx"], rows_of(files["xlsx"]), folder)
        assert merged == ours[name]


@pytest.fixture(scope="module")
def pdfs(
    project: Project,
    plan: CarePlan,
    letters: dict[str, MergeLetter],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[tuple[str, str], bytes]:
    """Return what LibreOffice prints: by program and name, or country, of the letters."""
    jobs: list[tuple[str, str, MergeLetter]] = [
        (processor, name, letter) for name, letter in letters.items() for processor in PROCESSORS
    ]
    for country in COUNTRIES:
        abroad = merge_letters(in_country(project, country), plan, issue=ISSUE)
        letter = next(abroad)
        one = replace(letter, table=letter.table.head(1))
        jobs += [(processor, country, one) for processor in PROCESSORS]
    folder = tmp_path_factory.mktemp("office")
    orders = [_order(folder / str(n), *job) for n, job in enumerate(jobs)]
    command = ["/usr/bin/python3", ROOT / "tests/office_merge.py", folder / "profile"]
    subprocess.run([*command, json.dumps(orders)], check=True, timeout=600)
    return {
        (processor, name): Path(order[2]).read_bytes()
        for order, (processor, name, _) in zip(orders, jobs, strict=True)
    }


def _order(folder: Path, processor: str, name: str, letter: MergeLetter) -> tuple[str, ...]:
    """Write the files of a letter; return their paths, and that of the PDF to write."""
    folder.mkdir()
    files = files_of(processor, letter)
    for end, content in files.items():
        (folder / f"letter.{end}").write_bytes(content)
    return (*(str(folder / f"letter.{end}") for end in files), str(folder / "merged.pdf"))


@pytest.mark.slow
@pytest.mark.parametrize("processor", PROCESSORS)
def test_libreoffice_prints_our_words(
    processor: str,
    letters: dict[str, MergeLetter],
    ours: dict[str, list[Lines]],
    pdfs: dict[tuple[str, str], bytes],
) -> None:
    """A real mail merge of each document with its table, letter by letter."""
    for name, letter in letters.items():
        printed = _letters(pdfs[processor, name], letter)
        around = _words([f"{letter.business} {letter.tagline}", letter.no_more_post])
        wanted = [Counter(_words(lines)) + Counter(around) for lines in ours[name]]
        assert printed == wanted


@pytest.mark.slow
@pytest.mark.parametrize("processor", PROCESSORS)
@pytest.mark.parametrize("name", [f"{ISSUE}/en", *COUNTRIES])
def test_addresses_stand_in_the_window(
    processor: str,
    name: str,
    letters: dict[str, MergeLetter],
    pdfs: dict[tuple[str, str], bytes],
    tmp_path: Path,
) -> None:
    """Of the envelopes that the country uses, on the first sheet of each letter."""
    window = WINDOWS[COUNTRIES.get(name, "din-5008-b")]
    words = [word for word in words_of(pdfs[processor, name], tmp_path) if word.page == 1]
    table = letters[f"{ISSUE}/en"].table
    for line in (table[f"address_{number}"][0] for number in (1, 2, 3)):
        for part in line.split():
            assert any(_within(word, window) for word in words if word.text == part), part
    text = next(word for word in words if word.text == "Since")
    assert window.text <= text.top <= window.text + 30


@pytest.mark.slow
@pytest.mark.parametrize("processor", PROCESSORS)
def test_marks_to_fold_are_lines(processor: str, pdfs: dict[tuple[str, str], bytes]) -> None:
    """Where the envelope of the country wants the sheet folded or punched, and nothing else."""
    command = ["pdftoppm", "-r", "254", "-f", "1", "-l", "1", "-gray", "-"]
    pdf = pdfs[processor, f"{ISSUE}/en"]
    drawn = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout
    margin = Image.open(io.BytesIO(drawn)).crop((30, 0, 110, 2970))  # in tenths of a millimetre
    rows = [y for y in range(2970) if margin.crop((0, y, 80, y + 1)).getextrema()[0] < 220]
    window = WINDOWS["din-5008-b"]
    wanted = sorted((*window.folds, window.punch))
    assert {min(wanted, key=lambda mark: abs(mark - y / 10)) for y in rows} == set(wanted)
    assert all(min(abs(mark - y / 10) for mark in wanted) < 1.5 for y in rows)
    assert len(rows) <= 5 * len(wanted)


def _within(word: Word, window: Window) -> bool:
    """Return whether a word shows in the window, below the line of the sender."""
    across = window.x <= word.left and word.right <= window.x + window.width
    return across and window.address - 1 <= word.top <= word.bottom <= window.y + window.height


def _letters(pdf: bytes, letter: MergeLetter) -> list[Counter[str]]:
    """Return the words of each letter; its first sheet has the foot, others have numbers."""
    command = ["pdftotext", "-raw", "-", "-"]
    text = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
    foot = " ".join(_words([letter.no_more_post]))
    letters: list[Counter[str]] = []
    number = 1
    for sheet in text.split("\f")[:-1]:
        words = _words([sheet])
        number += 1
        if foot in " ".join(words):
            letters.append(Counter())
            number = 1
        elif words:
            words.remove(str(number))
        letters[-1] += Counter(words)
    return letters


def _words(lines: Sequence[str]) -> list[str]:
    """Return the words of lines; those that a line end may part are two."""
    return re.findall(r"\w+", " ".join(lines))
