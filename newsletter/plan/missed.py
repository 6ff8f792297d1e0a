"""What lapsed while nothing was recorded: what is still done late, and what is better left."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from newsletter.model.care import OWED_TOGETHER, CarePlan
from newsletter.model.project import Project
from newsletter.plan.due import shifted
from newsletter.plan.time_away import TimeAway, belated, times_away

_NEVER = ("closed", "suppressed", "consent", "duplicate", "expired", "had")
"""Rules of etiquette by which a task would not have been done in time either."""


@dataclass(frozen=True, kw_only=True)
class Missed:
    """What lapsed, as rows of PLAN: the most important first."""

    away: TimeAway
    late: pl.DataFrame
    """What can still be done, today or on `possible_on`."""
    owed: pl.DataFrame
    """What is owed all the same, though its practice has no words for it any more."""
    over: pl.DataFrame
    """What is better left."""


def missed(project: Project, plan: CarePlan) -> Missed | None:
    """Return what lapsed; None: something was recorded lately, or nothing lapsed."""
    practices, config = project.planned_practices, project.config
    *_, away = [None, *times_away(project.people.tables, practices, config, day=plan.day)]
    if away is None or away.is_over:
        return None
    rows = plan.of_the_day.table.filter(
        (pl.col("rule") == "too_late") | belated(practices, [away], config, day=plan.day),
        ~pl.col("rule").is_in(_NEVER).fill_null(value=False),
    ).sort(
        "priority", "arrives", "name", "customer", "practice", "key",
        descending=[True, *[False] * 5],
    )  # fmt: skip
    last = shifted(practices, "arrives", lambda p: p.belated, config, practice="practice")
    today = pl.col("skipped_because").is_null() | (pl.col("rule") == OWED_TOGETHER)
    is_late = today | (pl.col("possible_on") <= last).fill_null(value=False)
    if rows.is_empty():
        return None
    rest = rows.filter(~is_late).with_columns(possible_on=pl.lit(None, pl.Date()))
    return Missed(
        away=away,
        late=rows.filter(is_late),
        owed=rest.filter("owed"),
        over=rest.filter(~pl.col("owed")),
    )
