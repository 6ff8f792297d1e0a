"""Fonts, the example and a reader of PDFs for all tests of printing."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from on_paper import THANKS, Read, words_of
from support import EXAMPLE_DAY, ROOT

from newsletter.export.print.typst import Press
from newsletter.model.project import Project
from newsletter.read.assembly import read_project


@pytest.fixture(scope="session")
def press() -> Press:
    """Return the fonts, loaded once."""
    return Press()


@pytest.fixture(scope="session")
def project() -> Project:
    """Return the example with the one practice of these tests."""
    read = read_project(ROOT, today=EXAMPLE_DAY)
    return replace(read, practices=(THANKS,))


@pytest.fixture
def words(tmp_path: Path) -> Read:
    """Return a function that gives the words of a PDF with their positions."""
    return partial(words_of, tmp_path=tmp_path)
