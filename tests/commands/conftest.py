"""The example project, read once, and its plan of one day."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support import EXAMPLE_DAY, ROOT

from newsletter.model.care import CarePlan
from newsletter.model.project import Project
from newsletter.plan.planning import plan_day
from newsletter.read.assembly import read_project


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a copy of the minimal project."""
    return Path(shutil.copytree(ROOT / "tests/projects/valid/minimal", tmp_path / "project"))


@pytest.fixture(scope="session")
def project() -> Project:
    """Return the example."""
    return read_project(ROOT, today=EXAMPLE_DAY)


@pytest.fixture(scope="session")
def plan(project: Project) -> CarePlan:
    """Return the example's plan on its day."""
    return plan_day(project, today=EXAMPLE_DAY)
