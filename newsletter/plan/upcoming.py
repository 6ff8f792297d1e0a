"""The coming days of customers that calendars show: birthdays, occasions, visits …"""

from __future__ import annotations

import datetime as dt

import polars as pl

from newsletter.facts.basis import Tables
from newsletter.facts.manager import members
from newsletter.model.care import UPCOMING, CarePlan
from newsletter.model.occasions import HAPPY
from newsletter.model.project import Project
from newsletter.plan.events import events_of
from newsletter.plan.planning import event_basis

_AHEAD = dt.timedelta(days=60)
_KINDS = ("birthday", "anniversary", "occasion", "occasion anniversary", "visit")
"""The days of customers that calendars show."""


def upcoming(project: Project, plan: CarePlan) -> pl.DataFrame:
    """Return UPCOMING: customers' days in the next two months, without closed accounts."""
    still_open = ~plan.everybody["closed"].fill_null(value=False)
    customers = plan.everybody.filter(still_open)
    tables = Tables(project.people.tables.__getitem__, customers["id"], today=plan.day)
    basis = event_basis(project, customers, tables)
    days = [
        _wished(events_of(kind, basis, first=plan.day, last=plan.day + _AHEAD), kind).select(
            "customer",
            pl.col("on").alias("day"),
            pl.col("about").alias("what"),
            pl.concat_str(pl.lit(f"{kind} "), "key").alias("key"),
        )
        for kind in _KINDS
    ]
    people = customers.select(
        pl.col("id").alias("customer"),
        pl.coalesce("name", "company", "id").alias("name"),
        members(plan.everybody, project.config, plan.day)[0].filter(still_open),
    )
    return pl.concat(days).join(people, on="customer").select(*UPCOMING).sort("day", "customer")


def _wished(events: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Return the events without the yearly returns of sad and unknown occasions."""
    if kind != "occasion anniversary":
        return events
    return events.filter(pl.col("occasion_family").is_in(HAPPY))
