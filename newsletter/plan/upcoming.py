"""The days of customers that are coming: birthdays, anniversaries and occasions, for calendars."""

from __future__ import annotations

import datetime as dt

import polars as pl

from newsletter.model.care import UPCOMING, CarePlan
from newsletter.model.project import Project
from newsletter.plan.events import EventBasis, events_of
from newsletter.plan.rows import member_of

_AHEAD = dt.timedelta(days=60)
_KINDS = ("birthday", "anniversary", "occasion", "occasion anniversary")


def upcoming(project: Project, plan: CarePlan) -> pl.DataFrame:
    """Return UPCOMING: the days of the next two months of every customer but closed accounts."""
    known = plan.everybody.filter(~pl.col("closed").fill_null(value=False))
    basis = EventBasis(
        facts=known,
        tables=project.people.tables,
        config=project.config,
        entries=project.entries,
        customs=project.customs,
    )
    days = [
        events_of(kind, basis, first=plan.day, last=plan.day + _AHEAD).select(
            "customer", pl.col("on").alias("day"), pl.col("about").alias("what")
        )
        for kind in _KINDS
    ]
    people = known.select(
        pl.col("id").alias("customer"),
        pl.coalesce("name", "company", "id").alias("name"),
        member_of(project.config),
    )
    return pl.concat(days).join(people, on="customer").select(*UPCOMING).sort("day", "customer")
