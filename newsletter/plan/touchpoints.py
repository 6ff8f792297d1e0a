"""What practices propose for a day, and by which channel: the rows that etiquette judges."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

import polars as pl

from newsletter.model.channels import POSTED, Channel
from newsletter.model.config import Config
from newsletter.model.practice import Practice
from newsletter.model.project import Project
from newsletter.plan.due import last_posting, posted_reach
from newsletter.plan.etiquette.evidence import ROWS
from newsletter.plan.events.basis import EventBasis
from newsletter.plan.proposals import proposals
from newsletter.plan.reach import chosen, no_way


def care_rows(
    project: Project, basis: EventBasis, ways: pl.DataFrame, *, day: dt.date
) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """
    Return ROWS without `row` but with `because`, and the events of each practice; no issues.

    *ways* has one row for each row of the facts. Rows not due by their channel are left out.
    """
    proposed = proposals(project.planned_practices, basis, day=day)
    due = _due(proposed.rows, project, ways, day=day)
    events = proposed.events(proposed.rows[due["_n"].sort()], basis.facts["id"])
    schema = {**ROWS, "because": pl.String()}
    return due.select(name for name in schema if name != "row"), events


def practice_names(project: Project) -> pl.Enum:
    """Return the type of the column `practice` of rows."""
    return pl.Enum([practice.name for practice in project.planned_practices])


def member_of(config: Config) -> pl.Expr:
    """Return `member`: the id of the customer's account manager, else of the first of the team."""
    listed = pl.col("account_manager").is_in([member.id for member in config.team])
    manager = pl.when(listed).then("account_manager")
    return manager.fill_null(config.member(None).id).alias("member")


def _due(
    proposed: pl.DataFrame, project: Project, ways: pl.DataFrame, *, day: dt.date
) -> pl.DataFrame:
    """Return what is due by the chosen channel, with `_n`, its row in *proposed*."""
    config = project.config
    table = proposed.rename({"customer": "idx"}).with_row_index("_n")
    table = _with_channel(table, project.planned_practices, ways, too_late=_last_day(config) < day)
    reach = pl.when(_POSTED).then(pl.lit(posted_reach(config, day))).otherwise(pl.lit(day))
    last = _last_day(config)
    # The day after its deadline a row is listed once more, as too late.
    gone = (last < day - dt.timedelta(days=1)).fill_null(value=False)
    due = table.filter((pl.col("arrives") <= reach) & ~gone).with_columns(last_day=last)
    return _explained(due, project.planned_practices, ways)


_POSTED = pl.col("channel").is_in(POSTED).fill_null(value=False)


def _last_day(config: Config) -> pl.Expr:
    """Return the last day to use the row's channel; null if there is no deadline."""
    return pl.when(_POSTED).then(last_posting(pl.col("last_day"), config)).otherwise("last_day")


def _with_channel(
    table: pl.DataFrame, practices: Sequence[Practice], ways: pl.DataFrame, *, too_late: pl.Expr
) -> pl.DataFrame:
    """Add the channel: if it is *too_late* for the post, a faster one where possible."""

    def faster(practice: Practice) -> tuple[Channel, ...]:
        return tuple(channel for channel in practice.channels if channel not in POSTED)

    reached = ways[table["idx"]].with_columns(table["practice"])
    choices = reached.select(
        _by_practice(practices, lambda p: p.channels, chosen).alias("channel"),
        _by_practice(practices, faster, chosen).alias("_faster"),
    )
    late = _POSTED & too_late.fill_null(value=False)
    channel = pl.when(late).then(pl.coalesce("_faster", "channel")).otherwise("channel")
    return table.hstack(choices).with_columns(channel.alias("channel"))


def _by_practice(
    practices: Sequence[Practice],
    channels_of: Callable[[Practice], Sequence[Channel]],
    expression_of: Callable[[Sequence[Channel]], pl.Expr],
) -> pl.Expr:
    """Return the expression for the channels of each row's practice; null if it has none."""
    groups: dict[tuple[Channel, ...], list[str]] = {}
    for practice in practices:
        groups.setdefault(tuple(channels_of(practice)), []).append(practice.name)
    parts = [
        pl.when(pl.col("practice").is_in(group)).then(expression_of(channels))
        for channels, group in groups.items()
        if channels
    ]
    return pl.coalesce(*parts, pl.lit(None))


def _explained(
    due: pl.DataFrame, practices: Sequence[Practice], ways: pl.DataFrame
) -> pl.DataFrame:
    """Add `no_way`: why there is no channel."""
    nothing = pl.lit(None, dtype=pl.String())
    there = pl.col("channel").is_not_null()
    reached, others = due.filter(there), due.filter(~there)
    why = ways[others["idx"]].with_columns(others["practice"])
    why = why.select(no_way=_by_practice(practices, lambda p: p.channels, no_way))
    return pl.concat([reached.with_columns(no_way=nothing), others.hstack(why)])
