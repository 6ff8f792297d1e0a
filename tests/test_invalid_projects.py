"""Each folder of projects/invalid, laid over the minimal project, fails as its error.txt says."""

import datetime as dt
import shutil
from pathlib import Path

import pytest
from support import Silent

from newsletter.build import build
from newsletter.errors import NewsletterError
from newsletter.read.assembly import read_project

PROJECTS = Path(__file__).parent / "projects"
CASES = sorted((PROJECTS / "invalid").iterdir())
TODAY = dt.date(2026, 11, 5)


def test_the_minimal_project_is_valid() -> None:
    """Without a case laid over it."""
    project = read_project(PROJECTS / "valid/minimal", today=TODAY)
    assert [entry.slug for entry in project.entries] == ["hours"]
    assert [issue.name for issue in project.issues] == ["2026-11"]
    assert project.people.customers.height == 2


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_invalid_project_is_refused_with_its_text(case: Path, tmp_path: Path) -> None:
    """With exactly this text, and nothing is written."""
    shutil.copytree(PROJECTS / "valid/minimal", tmp_path, dirs_exist_ok=True)
    shutil.copytree(case, tmp_path, dirs_exist_ok=True)
    output = tmp_path / "output"
    with pytest.raises(NewsletterError) as caught:
        build(tmp_path, output=output, today=TODAY, issue=None, progress=Silent())
    assert not output.exists()
    assert f"{caught.value}\n" == (case / "error.txt").read_text(encoding="utf-8")
