"""Days planned and recorded through files equal the days of a plan of several days."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from support import ROOT

from newsletter.commands.record import record_plan
from newsletter.export.table import machine_csv
from newsletter.model.artifact import Artifact
from newsletter.plan.planning import plan_day, plan_days
from newsletter.read.assembly import read_project
from newsletter.write import write_into

pytestmark = pytest.mark.slow

FIRST = dt.date(2026, 10, 21)
"""The start of the example's care plan."""
DAYS = 4


def test_recorded_days_equal_the_plan_of_several_days(tmp_path: Path) -> None:
    """Plan, carry out, record, plan again: nothing twice, and each day as `plan --to` said."""
    root, output = tmp_path / "shop", tmp_path / "output"
    shutil.copytree(ROOT / "content", root / "content")
    shutil.rmtree(root / "content/customers/history")
    last = FIRST + dt.timedelta(days=DAYS - 1)
    foreseen = plan_days(read_project(root, today=FIRST), first=FIRST, last=last)
    done = 0
    for expected in foreseen:
        plan = plan_day(read_project(root, today=expected.day), today=expected.day)
        assert plan.table.equals(expected.table)
        rows = b"".join(machine_csv([plan.table]))
        write_into(output, [Artifact("private/plan.csv", rows)])
        report = record_plan(root, output / "private/plan.csv", channel=None, today=plan.day)
        assert report.recorded == plan.planned.height
        second = plan_day(read_project(root, today=plan.day), today=plan.day)
        assert second.planned.is_empty()
        assert record_plan(
            root, output / "private/plan.csv", channel=None, today=plan.day
        ).recorded == (0)
        done += report.recorded
    assert done > DAYS
