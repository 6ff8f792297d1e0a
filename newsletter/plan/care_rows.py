"""What all practices propose for a day, and by which channel: the rows that etiquette judges."""

from __future__ import annotations

import datetime as dt

import polars as pl

from newsletter.model.config import Config
from newsletter.model.practice import POSTED, Practice
from newsletter.model.project import Project
from newsletter.plan.channels import CHANNEL, chosen, no_way
from newsletter.plan.due import last_posting, posted_reach
from newsletter.plan.etiquette.basis import ROWS
from newsletter.plan.events.basis import EventBasis
from newsletter.plan.proposals import proposals

_PROPOSED = ("practice", "arrives", "last_day", "because", "priority", "owed")
"""What a proposal has beside its event."""


def care_rows(
    project: Project, facts: pl.DataFrame, ways: pl.DataFrame, *, day: dt.date
) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """
    Return ROWS with `because`, by customer, practice and key, and each practice's events.

    *ways* stands beside *facts*, row by row. What is not due by the chosen channel is left out.
    """
    basis = EventBasis(
        facts=facts,
        tables=project.people.tables,
        config=project.config,
        entries=project.entries,
        customs=project.customs,
    )
    names = pl.Enum([practice.name for practice in project.practices])
    numbers = facts.select(customer="id").with_row_index("idx")
    parts, events = [], {}
    for practice in project.practices:
        if practice.event == "issue":
            continue
        found = proposals(practice, basis, day=day, history=project.people.tables["history"])
        due = _due(found, practice, ways, numbers=numbers, config=project.config, day=day)
        parts.append(due.with_columns(pl.col("practice").cast(names)))
        whose = found.with_row_index("_n").join(due.select("_n"), on="_n", how="semi")
        events[practice.name] = whose.drop("_n", *_PROPOSED, strict=False)
    schema = {**ROWS, "practice": names, "channel": CHANNEL, "because": pl.String()}
    order = ("idx", "practice", "key")
    rows = pl.concat([part.drop("_n") for part in parts]).sort(order) if parts else None
    table = pl.DataFrame(schema=schema).drop("row") if rows is None else rows
    return table.with_row_index("row").select(*schema), events


def _due(
    found: pl.DataFrame,
    practice: Practice,
    ways: pl.DataFrame,
    *,
    numbers: pl.DataFrame,
    config: Config,
    day: dt.date,
) -> pl.DataFrame:
    narrow = found.select("customer", "key", *_PROPOSED).with_row_index("_n")
    table = narrow.join(numbers, on="customer", maintain_order="left").drop("customer")
    beside = ways[table["idx"]]
    table = table.with_columns(beside.select(chosen(practice.channels))).with_columns(
        no_way=pl.lit(None, dtype=pl.String())
    )
    posted = pl.col("channel").is_in(POSTED).fill_null(value=False)
    reach = pl.when(posted).then(pl.lit(posted_reach(config, day))).otherwise(pl.lit(day))
    last = pl.when(posted).then(last_posting(pl.col("last_day"), config)).otherwise("last_day")
    table = table.with_columns(last_day=last).filter(pl.col("arrives") <= reach)
    late = pl.col("last_day") < day - dt.timedelta(days=1)
    table = table.filter(~late.fill_null(value=False))
    blocked = table.filter(pl.col("channel").is_null())
    why = ways[blocked["idx"]].select(no_way=no_way(practice.channels))
    table = table.filter(pl.col("channel").is_not_null())
    return pl.concat([table, blocked.with_columns(why)])
