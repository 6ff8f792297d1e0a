"""The plan of the last build serves the next one as long as it would be the same."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import polars as pl
import pytest
from edits.project import TODAY, rich_shop
from polars.testing import assert_frame_equal

from newsletter.model.care import CarePlan
from newsletter.plan.issues import newest_issue
from newsletter.plan.planning import plan_day
from newsletter.read.assembly import read_project
from newsletter.write import last_plan as module
from newsletter.write.last_plan import planned
from newsletter.write.ledger import Ledger, cache_folder

pytestmark = pytest.mark.slow
"""Each test plans a whole shop, most of them twice."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a shop with inputs of each kind."""
    rich_shop(tmp_path / "shop")
    return tmp_path / "shop"


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> list[dt.date]:
    """Return the days of all plans that are worked out."""
    days: list[dt.date] = []

    def counted(project: object, *, today: dt.date, issue: str | None) -> CarePlan:
        days.append(today)
        return plan_day(project, today=today, issue=issue)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "plan_day", counted)
    return days


def plan_of(root: Path, today: dt.date = TODAY, version: str = "1") -> CarePlan:
    """Plan as a build does."""
    project = read_project(root, today=today)
    last = Ledger(output=root / "output", version=version)
    return planned(project, today=today, issue=newest_issue(project), last=last)


def test_a_plan_serves_while_only_texts_change(root: Path, days: list[dt.date]) -> None:
    """It has the same tables, and the texts of its issue as they are now."""
    first = plan_of(root)
    entry = root / next(iter(first.issues.values())).editions[0].entries[0].path
    entry.write_text(entry.read_text() + "\nOne more sentence.\n")

    second = plan_of(root)

    assert days == [TODAY]
    tables = dict(module._tables_of(first))
    for name, table in module._tables_of(second):
        assert_frame_equal(table, tables.pop(name))
    assert not tables
    assert list(second.issues) == list(first.issues)
    edition = next(iter(second.issues.values())).editions[0]
    assert edition.entries[0].body.text.endswith("One more sentence.\n")


def test_a_plan_is_made_again_for_another_day_table_or_program(
    root: Path, days: list[dt.date]
) -> None:
    """What it reads is its key."""
    plan_of(root)
    plan_of(root, today=TODAY + dt.timedelta(days=1))
    plan_of(root)
    plan_of(root, version="2")
    customers = root / "content/customers/customers.csv"
    customers.write_text("\n".join(customers.read_text().splitlines()[:-1]) + "\n")
    plan_of(root, version="2")

    assert len(days) == 5


def test_a_plan_is_made_again_when_a_column_is_renamed(root: Path, days: list[dt.date]) -> None:
    """Its reasons call a column of the user as the header does."""
    practice = root / "content/practices/thank-you.md"
    rule = 'when: favourite_drink == "tea"'
    practice.write_text(re.sub("^when: .*$", rule, practice.read_text(), flags=re.MULTILINE))
    plan_of(root)
    customers = root / "content/customers/customers.csv"
    customers.write_text(customers.read_text().replace("favourite_drink", "Favourite drink"))

    plan = plan_of(root)

    assert len(days) == 2
    reasons = plan.table.filter(pl.col("practice") == "thank-you")["because"]
    assert all("Favourite drink is tea" in reason for reason in reasons)
    assert len(reasons)


@pytest.mark.parametrize("part", [0, 70, 200, -1])
def test_a_damaged_plan_is_made_again(root: Path, days: list[dt.date], part: int) -> None:
    """Whether its hash, its head or a table is damaged."""
    plan_of(root)
    file = cache_folder(root / "output") / "plan.bin"
    content = bytearray(file.read_bytes())
    content[part] ^= 1
    file.write_bytes(content)
    plan_of(root)
    file.write_bytes(b"")
    plan_of(root)

    assert len(days) == 3


def test_a_plan_of_many_rows_is_not_saved(
    root: Path, days: list[dt.date], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Working it out again takes less time than comparing."""
    monkeypatch.setattr(module, "_MOST_ROWS", 2)
    plan_of(root)
    plan_of(root)

    assert len(days) == 2
    assert not cache_folder(root / "output").exists()
