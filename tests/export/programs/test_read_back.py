"""Exported templates and contact files, read by real engines, give our own messages."""

from __future__ import annotations

import pytest
from export_reading import ours, theirs, written
from support import EXAMPLE_DAY, ROOT

from newsletter.export.programs import PROGRAMS
from newsletter.export.programs.exports import exported_mailings
from newsletter.model.care import CarePlan
from newsletter.model.project import Project
from newsletter.plan.planning import plan_day
from newsletter.read.assembly import read_project

pytestmark = pytest.mark.slow  # runs Node and Go

ISSUE = "2026-11"


@pytest.fixture(scope="module")
def project() -> Project:
    """Return the example."""
    return read_project(ROOT, today=EXAMPLE_DAY)


@pytest.fixture(scope="module")
def plan(project: Project) -> CarePlan:
    """Return its plan with an issue."""
    return plan_day(project, today=EXAMPLE_DAY, issue=ISSUE)


@pytest.mark.parametrize("name", [name for name in PROGRAMS if name != "mautic"])
def test_each_customer_gets_our_message(project: Project, plan: CarePlan, name: str) -> None:
    """
    Subject, preheader, text and HTML of each; only addresses are the program's.

    Mautic does not take the example: its import knows no line breaks.
    """
    exported = list(exported_mailings(project, plan, PROGRAMS[name], issue=ISSUE))
    for each in exported:
        assert theirs(each, written(each)) == ours(each)
        text = each.texts.get("html", each.texts["text"])
        assert all(tag in text for tag in each.program.tags.values())
    assert len(exported) == 3
