"""What practices propose for a day, and by which channel: the rows that etiquette judges."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import polars as pl

from newsletter.model.channels import CHANNELS, POSTED, Channel
from newsletter.model.config import Config
from newsletter.model.practice import Practice
from newsletter.model.project import Project
from newsletter.plan.due import last_posting, posted_on, posted_reach
from newsletter.plan.etiquette.caps import full_until
from newsletter.plan.etiquette.evidence import COMING, ROWS, counted_by_caps, looks_back
from newsletter.plan.events.basis import EventBasis
from newsletter.plan.proposals import proposals
from newsletter.plan.reach import CHANNEL, chosen, no_way, owed_ways
from newsletter.plan.windows import has_day, listed_from


class CareRows(NamedTuple):
    """The rows of a day, and what they are about. Issues are not among them."""

    due: pl.DataFrame
    """ROWS without `row` but with `because`: those due by their channel."""
    coming: pl.DataFrame
    """COMING without `row`: those of the days to come that are known."""
    events: dict[str, pl.DataFrame]
    """Practice → the events of the rows that are due."""


def care_rows(
    project: Project, basis: EventBasis, ways: pl.DataFrame, *, day: dt.date
) -> CareRows:
    """Return the rows of *day*; *ways* has one row for each row of the facts."""
    ahead = looks_back(project.config)
    proposed = proposals(project.planned_practices, basis, day=day, ahead=ahead)
    reached = partial(_reached, project, basis.facts, ways)
    table = _by_channel(proposed.rows, project, reached, day=day)
    table = _where_there_is_room(table, project, basis, reached, day=day)
    due = _due(table, project, reached, day=day, listed=listed_from(basis, day))
    by_row = due.sort("_n").select("_n", arrival=_arrival(project.config, day))
    rows, arrival = proposed.rows[by_row["_n"]], by_row["arrival"]
    events = proposed.events(rows, basis.facts["id"], arrival=arrival)
    schema = {**ROWS, "because": pl.String()}
    return CareRows(
        due.select(name for name in schema if name != "row"),
        _with_issues(_coming(table, due, project, day=day), project, ways, day=day),
        events,
    )


def practice_names(project: Project) -> pl.Enum:
    """Return the type of the column `practice` of rows."""
    return pl.Enum([practice.name for practice in project.planned_practices])


_Reached = Callable[[pl.DataFrame], pl.DataFrame]
"""Returns the ways to reach the customer of each row (`idx`, `owed`), in the order of the rows."""


def _reached(
    project: Project, facts: pl.DataFrame, ways: pl.DataFrame, rows: pl.DataFrame
) -> pl.DataFrame:
    """Return the *ways* for each row; what is owed has ways of its own."""
    owed = rows["owed"].fill_null(value=False)
    if not owed.any():
        return ways[rows["idx"]]
    others, mine = (~owed).arg_true(), owed.arg_true()
    by = owed_ways(
        facts[rows["idx"].gather(mine)],
        suppressed=project.people.tables["suppressed"],
        config=project.config,
        customs=project.customs,
    )
    both = pl.concat([ways[rows["idx"].gather(others)], by])
    return both[pl.concat([others, mine]).arg_sort()]


def _by_channel(
    proposed: pl.DataFrame, project: Project, reached: _Reached, *, day: dt.date
) -> pl.DataFrame:
    """Return *proposed* with `_n`, the number of the row, and the chosen channel."""
    table = proposed.rename({"customer": "idx"}).with_row_index("_n")
    late = _last_day(project.config) < day
    return _with_channel(table, project.planned_practices, reached, too_late=late)


def _where_there_is_room(
    table: pl.DataFrame, project: Project, basis: EventBasis, reached: _Reached, *, day: dt.date
) -> pl.DataFrame:
    """Return the rows by another channel where a cap of theirs leaves no room in time."""
    practices = project.planned_practices
    waiting = [practice.name for practice in practices if "cap" not in practice.exempt]
    history = basis.tables["history"].rename({"customer": "idx"})
    for limit in project.config.etiquette.caps:
        if limit.per not in CHANNELS:
            continue
        counted = counted_by_caps(history, practices, first=day - dt.timedelta(limit.days - 1))
        full = full_until(counted.filter(pl.col("channel") == limit.per), limit, name="_room")
        rows = table.filter(
            pl.col("channel") == limit.per, ~pl.col("owed"), pl.col("practice").is_in(waiting)
        )
        rows = rows.join(full, on="idx").filter(pl.col("_room") > _last_day(project.config))
        if rows.height:
            others = reached(rows).with_columns(rows["practice"])
            other = others.select(_other=_by_practice(practices, _all_but(limit.per), chosen))
            moved = rows.select("_n").hstack(other)
            table = table.join(moved, on="_n", how="left", maintain_order="left")
            table = table.with_columns(channel=pl.coalesce("_other", "channel")).drop("_other")
    return table


def _all_but(channel: str) -> Callable[[Practice], tuple[Channel, ...]]:
    return lambda practice: tuple(name for name in practice.channels if name != channel)


def _due(
    table: pl.DataFrame, project: Project, reached: _Reached, *, day: dt.date, listed: dt.date
) -> pl.DataFrame:
    """Return what is due by the chosen channel, and what was until *listed* or later."""
    config = project.config
    reach = pl.when(_POSTED).then(pl.lit(posted_reach(config, day))).otherwise(pl.lit(day))
    last = _last_day(config)
    gone = (last < listed).fill_null(value=False)
    due = table.filter((pl.col("arrives") <= reach) & ~gone).with_columns(last_day=last)
    return _for_us(_explained(due, project.planned_practices, reached), project)


def _for_us(due: pl.DataFrame, project: Project) -> pl.DataFrame:
    """
    Return the rows; tasks that are exempt from consent have a channel in any case.

    They are questions for the team. If the customer must not be contacted so, the reason says it.
    """
    exempt = {p.name: p.channels[0] for p in project.planned_practices if "consent" in p.exempt}
    practice = pl.col("practice").cast(pl.String)
    first = practice.replace_strict(exempt, default=None, return_dtype=pl.String)
    closed = pl.col("channel").is_null() & practice.is_in(list(exempt))
    warned = pl.format("{}; {}", "because", pl.lit(project.reasons.events["not_so"]))
    return due.with_columns(
        channel=pl.when(closed).then(first.cast(CHANNEL)).otherwise("channel"),
        because=pl.when(closed).then(warned).otherwise("because"),
    )


def _arrival(config: Config, day: dt.date) -> pl.Expr:
    """Return when a message of *day* reaches its customer."""
    return pl.when(_POSTED).then(pl.lit(posted_on(config, day))).otherwise(pl.lit(day))


def _coming(
    table: pl.DataFrame, due: pl.DataFrame, project: Project, *, day: dt.date
) -> pl.DataFrame:
    """Return the rows due after *day*: of what has its own day, and of orders that are known."""
    config = project.config
    names = [p.name for p in project.planned_practices if has_day(p) or p.together]
    act_on = pl.when(_POSTED).then(last_posting(pl.col("arrives"), config)).otherwise("arrives")
    later = table.filter(
        pl.col("practice").is_in(names), pl.col("channel").is_not_null(), act_on > day
    )
    nothing = pl.lit(None, dtype=pl.String())
    coming = later.join(due, on="_n", how="anti").with_columns(act_on=act_on, no_way=nothing)
    coming = coming.with_columns(last_day=_last_day(config))
    return coming.select(name for name in COMING if name != "row")


def _with_issues(
    coming: pl.DataFrame, project: Project, ways: pl.DataFrame, *, day: dt.date
) -> pl.DataFrame:
    """Add the issues of the days to come, for the same customers: they take room in caps."""
    last = day + dt.timedelta(days=looks_back(project.config))
    names = [practice for practice in project.planned_practices if practice.is_issue]
    gone = set(project.people.tables["history"]["issue"].drop_nulls())
    days = {issue.name: issue.date for issue in project.issues if issue.name not in gone}
    days = {name: date for name, date in days.items() if day < date <= last}
    if coming.is_empty() or not names or not days:
        return coming
    customers = coming["idx"].unique()
    reached = ways[customers].select(customers, chosen(names[0].channels))
    issues = [
        reached.drop_nulls("channel").with_columns(
            practice=pl.lit(names[0].name), key=pl.lit(name), act_on=pl.lit(date),
            arrives=pl.lit(date), priority=pl.lit(names[0].priority), owed=pl.lit(value=False),
        )
        for name, date in sorted(days.items())
    ]  # fmt: skip
    rows = pl.concat(issues).cast({"practice": coming.schema["practice"]})
    return pl.concat([coming, rows], how="diagonal_relaxed")


_POSTED = pl.col("channel").is_in(POSTED).fill_null(value=False)


def _last_day(config: Config) -> pl.Expr:
    """Return the last day to use the row's channel; null if there is no deadline."""
    return pl.when(_POSTED).then(last_posting(pl.col("last_day"), config)).otherwise("last_day")


def _with_channel(
    table: pl.DataFrame, practices: Sequence[Practice], reached: _Reached, *, too_late: pl.Expr
) -> pl.DataFrame:
    """Add the channel: if it is *too_late* for the post, a faster one where possible."""

    def faster(practice: Practice) -> tuple[Channel, ...]:
        return tuple(channel for channel in practice.channels if channel not in POSTED)

    choices = (
        reached(table)
        .with_columns(table["practice"])
        .select(
            _by_practice(practices, lambda p: p.channels, chosen).alias("channel"),
            _by_practice(practices, faster, chosen).alias("_faster"),
        )
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
    due: pl.DataFrame, practices: Sequence[Practice], reached: _Reached
) -> pl.DataFrame:
    """Add `no_way`: why there is no channel."""
    nothing = pl.lit(None, dtype=pl.String())
    there = pl.col("channel").is_not_null()
    possible, others = due.filter(there), due.filter(~there)
    why = reached(others).with_columns(others["practice"])
    why = why.select(no_way=_by_practice(practices, lambda p: p.channels, no_way))
    return pl.concat([possible.with_columns(no_way=nothing), others.hstack(why)])
