"""What practices propose for a day, and by which channel: the rows that etiquette judges."""

from __future__ import annotations

import datetime as dt

import polars as pl

from newsletter.model.channels import POSTED
from newsletter.model.config import Config
from newsletter.model.practice import Practice
from newsletter.model.project import Project
from newsletter.plan.due import last_posting, posted_reach
from newsletter.plan.etiquette.basis import ROWS
from newsletter.plan.events.basis import EventBasis
from newsletter.plan.proposals import proposals
from newsletter.plan.reach import CHANNEL, chosen, no_way

ABOUT_ENTRIES = ("answer", "article", "event")
"""Events that are about an entry, whose slug is one of their details: `answer_slug` …"""

_PROPOSED = ("practice", "arrives", "last_day", "because", "priority", "owed")
"""What a proposal has beside its event."""


def care_rows(
    project: Project, facts: pl.DataFrame, ways: pl.DataFrame, *, day: dt.date
) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """
    Return ROWS but `row`, with `because`, and the events of each practice; no issue is among them.

    *ways* stands beside *facts*, row by row. What is not due by the chosen channel is left out.
    """
    basis = EventBasis(
        facts=facts,
        tables=project.people.tables,
        config=project.config,
        entries=project.entries,
        customs=project.customs,
    )
    names = practice_names(project)
    schema = {**ROWS, "practice": names, "channel": CHANNEL, "because": pl.String()}
    parts, events = [pl.DataFrame(schema=schema).drop("row")], {}
    for practice in project.practices:
        if practice.is_issue:
            continue
        found = proposals(practice, basis, day=day, history=project.people.tables["history"])
        if found.is_empty():
            events[practice.name] = found.drop(_PROPOSED)
            continue
        due = _due(found, practice, ways, config=project.config, day=day)
        events[practice.name] = found[due["_n"].sort()].drop(_PROPOSED)
        parts.append(due.with_columns(pl.col("practice").cast(names)).select(parts[0].columns))
    return pl.concat(parts), events


def practice_names(project: Project) -> pl.Enum:
    """Return the type of the column `practice` of rows."""
    return pl.Enum([practice.name for practice in project.planned_practices])


def member_of(config: Config) -> pl.Expr:
    """Return `member`: the id of the team member of each customer, else the first of the team."""
    listed = pl.col("account_manager").is_in([member.id for member in config.team])
    own = pl.when(listed).then("account_manager")
    return own.fill_null(config.member(None).id).alias("member")


def _due(
    found: pl.DataFrame, practice: Practice, ways: pl.DataFrame, *, config: Config, day: dt.date
) -> pl.DataFrame:
    """Return what is due by the chosen channel, `_n` being the row of *found*."""
    numbers = ways.select("customer").with_row_index("idx")
    told = practice.event in ABOUT_ENTRIES
    slug = pl.col(f"{practice.event}_slug") if told else pl.lit(None, dtype=pl.String())
    narrow = found.select("customer", "key", slug.alias("slug"), *_PROPOSED).with_row_index("_n")
    table = narrow.join(numbers, on="customer", maintain_order="left").drop("customer")
    table = _with_channel(table, practice, ways, too_late=_last_day(config) < day)
    reach = pl.when(_POSTED).then(pl.lit(posted_reach(config, day))).otherwise(pl.lit(day))
    last = _last_day(config)
    # On the day after the last one it is listed once more: too late.
    gone = (last < day - dt.timedelta(days=1)).fill_null(value=False)
    due = table.filter((pl.col("arrives") <= reach) & ~gone).with_columns(last_day=last)
    return _explained(due, practice, ways)


_POSTED = pl.col("channel").is_in(POSTED).fill_null(value=False)


def _last_day(config: Config) -> pl.Expr:
    """Return the last day on which it can be done by its channel; null: as long as it is due."""
    return pl.when(_POSTED).then(last_posting(pl.col("last_day"), config)).otherwise("last_day")


def _with_channel(
    table: pl.DataFrame, practice: Practice, ways: pl.DataFrame, *, too_late: pl.Expr
) -> pl.DataFrame:
    """Add the channel: a faster one where it is *too_late* for the post, if there is one."""
    reached = ways[table["idx"]]
    chose = table.with_columns(reached.select(chosen(practice.channels)))
    faster = [channel for channel in practice.channels if channel not in POSTED]
    if not faster or len(faster) == len(practice.channels):
        return chose
    other = reached.select(chosen(faster).alias("_faster"))
    late = _POSTED & too_late.fill_null(value=False)
    channel = pl.when(late).then(pl.coalesce("_faster", "channel")).otherwise("channel")
    return chose.with_columns(other).with_columns(channel.alias("channel")).drop("_faster")


def _explained(due: pl.DataFrame, practice: Practice, ways: pl.DataFrame) -> pl.DataFrame:
    """Add `no_way`: why there is no channel."""
    reached = due.filter(pl.col("channel").is_not_null())
    others = due.filter(pl.col("channel").is_null())
    why = ways[others["idx"]].select(no_way=no_way(practice.channels))
    nothing = pl.lit(None, dtype=pl.String())
    return pl.concat([reached.with_columns(no_way=nothing), others.with_columns(why)])
