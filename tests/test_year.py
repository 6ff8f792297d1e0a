"""A year of the example, day by day: every practice is kept, skipped, and takes each channel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from newsletter.model.project import Project
from newsletter.plan.care import plan_days
from newsletter.read.project import read_project

ROOT = Path(__file__).parents[1]
FIRST, LAST = dt.date(2025, 11, 4), dt.date(2026, 11, 3)


@pytest.fixture(scope="module")
def project() -> Project:
    """Return the example as on its first day: nothing done yet; who will leave, and why, is known.

    The reasons stand in rows of the history. They get a practice of another name, for the year
    carries out the practices themselves.
    """
    project = read_project(ROOT, today=FIRST)
    tables = dict(project.people.tables)
    leaving = tables["history"].filter(pl.col("reason").is_not_null())
    tables["history"] = leaving.with_columns(practice=pl.lit("left"))
    return replace(
        project,
        config=project.config.model_copy(update={"start": FIRST}),
        people=replace(project.people, tables=tables),
    )


@pytest.fixture(scope="module")
def year(project: Project) -> pl.DataFrame:
    """Return practice, channel and skipped_because of every touchpoint of the year."""
    columns = ["practice", "channel", "skipped_because"]
    days = plan_days(project, first=FIRST, last=LAST)
    return pl.concat([plan.table.select(columns) for plan in days])


def named(touchpoints: pl.DataFrame, *columns: str) -> AbstractSet[tuple[str, ...]]:
    """Return the values of these columns that occur."""
    return set(touchpoints.select(columns).unique().rows())


def test_each_practice_is_kept_and_skipped(project: Project, year: pl.DataFrame) -> None:
    """Every practice reaches somebody in the year, and etiquette keeps it from somebody."""
    kept = pl.col("skipped_because").is_null()
    every = {(practice.name,) for practice in project.practices}
    assert named(year.filter(kept), "practice") == every
    assert named(year.filter(~kept), "practice") == every


def test_each_practice_takes_every_channel_it_lists(project: Project, year: pl.DataFrame) -> None:
    """Each channel that a practice lists, and no other, is the way of one kept touchpoint."""
    kept = year.filter(pl.col("skipped_because").is_null())
    listed = {
        (practice.name, channel) for practice in project.practices for channel in practice.channels
    }
    assert named(kept, "practice", "channel") == listed
