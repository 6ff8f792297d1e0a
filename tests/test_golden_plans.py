"""The example's plans of four days equal those in files, and explain gives every row's reason."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from support import ROOT

from newsletter.commands.explain import story
from newsletter.commands.explain_practice import Case
from newsletter.export.table import machine_csv
from newsletter.model.care import CarePlan
from newsletter.model.project import Project
from newsletter.plan.planning import plan_days
from newsletter.read.assembly import read_project

pytestmark = pytest.mark.slow

GOLDEN = Path(__file__).parent / "golden"
DAYS = {
    "an-ordinary-day": dt.date(2026, 11, 3),
    "the-day-before-a-holiday": dt.date(2026, 12, 23),
    "28-february-of-a-common-year": dt.date(2026, 2, 28),
    "new-year": dt.date(2026, 1, 1),
}
"""What they are → the day. Write the files anew with GOLDEN=write in the environment."""
RUN_IN = dt.timedelta(days=10)
"""So many days before are planned and carried out, from a care plan that begins with them."""


@cache
def planned(day: dt.date) -> tuple[Project, CarePlan]:
    """Return the example on that day, and its plan."""
    first = day - RUN_IN
    project = read_project(ROOT, today=day)
    project = replace(project, config=project.config.model_copy(update={"start": first}))
    *_, plan = plan_days(project, first=first, last=day)
    return project, plan


@pytest.mark.parametrize("name", DAYS)
def test_the_plan_equals_the_file(name: str) -> None:
    """Planned and skipped rows."""
    _, plan = planned(DAYS[name])
    file = GOLDEN / f"{name}.csv"
    csv_bytes = b"".join(machine_csv([plan.table]))
    if os.environ.get("GOLDEN") == "write":
        file.write_bytes(csv_bytes)
    assert csv_bytes.decode().splitlines() == file.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("name", DAYS)
def test_explain_has_the_reason_of_every_row(name: str) -> None:
    """Printed word for word in the explanation of that customer, which wraps long reasons."""
    project, plan = planned(DAYS[name])
    assert plan.table.height
    for (customer,), rows in plan.table.group_by("customer", maintain_order=True):
        case = Case(project=project, customer=str(customer), plan=plan)
        text = _in_one_line("\n".join(story(case)))
        for row in rows.iter_rows(named=True):
            assert _in_one_line(row["because"]) in text
            assert _in_one_line(row["skipped_because"] or "") in text


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
