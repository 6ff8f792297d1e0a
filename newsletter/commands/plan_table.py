"""A plan as text for people: its tasks in a table, or the differences from the last build."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from newsletter.commands.terminal import columns, counted, reason_not
from newsletter.model.practice import Practice
from newsletter.model.project import Project
from newsletter.plan.etiquette import ETIQUETTE

BY: Mapping[str, tuple[str, ...]] = {
    "day": ("date", "member", "channel"),
    "member": ("member", "date", "channel"),
    "channel": ("channel", "date", "member"),
}
"""How the table is grouped → the columns it is sorted by; the first two are headings."""
_CELLS = ("customer", "name", "practice", "because")
_MOST_ALIKE = 12
"""Above this many customers, the same task for the same reason is one line."""
_IDENTITY = ["customer", "practice", "key"]
"""Rows with the same values here are the same task."""
Row = Mapping[str, Any]
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def plan_text(
    project: Project,
    table: pl.DataFrame,
    *,
    days: Sequence[dt.date],
    by: str = "day",
    everything: bool = False,
    verbose: bool = False,
) -> str:
    """
    Return the tasks in PLAN, grouped, and the numbers left out by reason.

    With *everything* each customer and each task left out has its own line. With *verbose* the
    rules of the practices follow as their files have them.
    """
    tasks = table.filter(pl.col("skipped_because").is_null())
    left_out = table.filter(pl.col("skipped_because").is_not_null())
    members = {member.id: member.name for member in project.config.team}
    shown = tasks if everything else _gathered(tasks)
    parts = [_head(tasks, days), *_groups(shown, days, by=by, members=members)]
    start = project.config.start
    if start and start > days[0]:
        parts.insert(1, f"the care plan begins on {start}: 'start:' in content/newsletter.yml")
    if everything and left_out.height:
        parts.append(_all_left_out(left_out))
    elif left_out.height:
        parts.append(_summary(tasks, left_out))
    if verbose:
        parts.append(rules_text(project.practices, table["practice"]))
    return "\n\n".join(parts)


def rules_text(practices: Iterable[Practice], names: Iterable[str]) -> str:
    """Return the rules of the practices of these *names* as their files have them."""
    shown = set(names)
    rows = [["", p.name, p.rule_text] for p in practices if p.when and p.name in shown]
    return f"rules\n{columns(rows)}" if rows else "no rules: all is for everybody"


def weekday(day: dt.date) -> str:
    """Return `Tuesday 2026-11-03`, whatever the language of the computer."""
    return f"{_WEEKDAYS[day.weekday()]} {day}"


def _head(tasks: pl.DataFrame, days: Sequence[dt.date]) -> str:
    when = f"on {weekday(days[0])}" if len(days) == 1 else f"from {days[0]} to {days[-1]}"
    customers = counted(tasks["customer"].n_unique(), "customer")
    return f"{counted(tasks.height, 'task')} for {customers} {when}"


def _gathered(tasks: pl.DataFrame) -> pl.DataFrame:
    """Return the tasks; many customers whose rows differ only in name share one row."""
    same = ["date", "member", "practice", "channel", "because"]
    sized = tasks.with_columns(_size=pl.len().over(same))
    first = pl.col("customer") == pl.col("customer").min().over(same)
    many = pl.col("_size") > _MOST_ALIKE
    name = pl.when(many).then(pl.format("{} customers", "_size")).otherwise("name")
    return sized.filter(~many | first).with_columns(
        name=name, customer=pl.when(~many).then("customer")
    )


def _groups(
    tasks: pl.DataFrame, days: Sequence[dt.date], *, by: str, members: Mapping[str, str]
) -> Iterator[str]:
    outer, inner, first = BY[by]
    order = [outer, inner, first, "owed", "priority", "customer", "key"]
    descending = [name in ("owed", "priority") for name in order]
    rows = tasks.sort(order, descending=descending, nulls_last=True)
    groups = rows.partition_by(outer, as_dict=True, maintain_order=True)
    for value in days if outer == "date" else [key for (key,) in groups]:
        group = groups.get((value,))
        if group is None:
            yield f"{_named(value, members)}: nothing to do"
            continue
        lines = [_named(value, members)]
        for part in group.partition_by(inner, maintain_order=True):
            lines.append(f"  {_named(part[inner][0], members)}")
            lines.append(_table(part, first, members))
        yield "\n".join(lines)


def _table(rows: pl.DataFrame, first: str, members: Mapping[str, str]) -> str:
    """Return the lines of one group, indented."""
    cells = [
        ["   ", _named(row[first], members), *(row[name] or "" for name in _CELLS)]
        for row in rows.iter_rows(named=True)
    ]
    return columns(cells)


def _named(value: object, members: Mapping[str, str]) -> str:
    """Return the name of a day, a team member or a channel."""
    if isinstance(value, dt.date):
        return weekday(value)
    return members.get(str(value), str(value)) if value else "nobody"


def _summary(tasks: pl.DataFrame, left_out: pl.DataFrame) -> str:
    """Return the numbers of tasks that no day has, by the last reason of each."""
    never = left_out.join(tasks, on=_IDENTITY, how="anti", nulls_equal=True)
    latest = never.sort("date", *_IDENTITY).unique(_IDENTITY, keep="last", maintain_order=True)
    # The reason ends at the colon; customers, practices and days follow.
    reason = pl.col("skipped_because").str.split(": ").list.first().str.strip_chars()
    order = pl.col("rule").replace_strict(
        list(ETIQUETTE), list(range(len(ETIQUETTE))), default=len(ETIQUETTE), return_dtype=pl.Int64
    )
    counts = (
        latest.group_by("rule", reason.alias("reason"))
        .agg(pl.len())
        .sort(order, pl.col("len"), "reason", descending=[False, True, False])
    )
    rows = [[f"  {number:,}", rule, why] for rule, why, number in counts.iter_rows()]
    head = f"{counted(latest.height, 'task')} left out (--all lists them)"
    return f"{head}\n{columns(rows, right=[0])}" if rows else head


def _all_left_out(left_out: pl.DataFrame) -> str:
    """Return every row with its reason."""
    rows = []
    for row in left_out.sort("date", "practice", "customer", "key").iter_rows(named=True):
        cells = (str(row["date"]), row["customer"], row["name"] or "", row["practice"])
        rows.append(["", *cells, f"{row['rule']}: {reason_not(row)}"])
    return f"{counted(left_out.height, 'task')} left out\n{columns(rows)}"


def diff_text(
    old: pl.DataFrame,
    new: pl.DataFrame,
    *,
    why_gone: Callable[[Row], str],
    everything: bool = False,
) -> str:
    """
    Return how the plan *new* (PLAN) differs from *old*; a day that has passed is no difference.

    Compares as many days of *new* as *old* has. *why_gone* explains a row that is no longer due.
    Without *everything*, rows that both plans leave out are only counted.
    """
    before, after = _tasks(old), _tasks(_first_days(new, like=old))
    added = after.join(before, on=_IDENTITY, how="anti", nulls_equal=True)
    gone = before.join(after, on=_IDENTITY, how="anti", nulls_equal=True)
    in_both = before.join(after, on=_IDENTITY, how="inner", nulls_equal=True, suffix="_now")
    other_rule = pl.col("rule").ne_missing(pl.col("rule_now"))
    other_channel = pl.col("rule").is_null() & pl.col("channel").ne_missing(pl.col("channel_now"))
    changed = in_both.filter(other_rule | other_channel)
    planned, planned_now = pl.col("rule").is_null(), pl.col("rule_now").is_null()
    parts = [
        _part("added", added, planned, everything, text=lambda row: _state(row, "")),
        _part("gone", gone, planned, everything, text=why_gone),
        _part("changed", changed, planned | planned_now, everything, text=_change),
    ]
    return "\n\n".join(parts)


def _tasks(plan: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each task: the planned one, else the last that was left out."""
    ordered = plan.sort(pl.col("rule").is_not_null(), -pl.col("date").to_physical())
    return ordered.unique(_IDENTITY, keep="first", maintain_order=True).sort(_IDENTITY)


def _first_days(new: pl.DataFrame, *, like: pl.DataFrame) -> pl.DataFrame:
    if not new.height or not like.height:
        return new
    days = like.select(pl.col("date").max() - pl.col("date").min()).item() or dt.timedelta()
    return new.filter(pl.col("date") <= pl.col("date").min() + days)


def _part(
    title: str,
    rows: pl.DataFrame,
    planned: pl.Expr,
    everything: bool,
    *,
    text: Callable[[Row], str],
) -> str:
    """Return a heading with numbers, and a line for each planned row."""
    shown = rows if everything else rows.filter(planned)
    cells = [
        ["", row["customer"], row["name"] or "", row["practice"], text(row)]
        for row in shown.iter_rows(named=True)
    ]
    hidden = rows.height - shown.height
    more = f", and {hidden:,} left out (--all lists them)" if hidden else ""
    head = f"{counted(shown.height, 'task')} {title}{more}"
    return f"{head}\n{columns(cells)}" if cells else head


def _change(row: Row) -> str:
    return f"was {_state(row, '')}; now {_state(row, '_now')}"


def _state(row: Row, suffix: str) -> str:
    """Return `call on 2026-11-03: …` or `left out: …` from the columns with that suffix."""
    if row[f"rule{suffix}"] is None:
        return f"{row[f'channel{suffix}']} on {row[f'date{suffix}']}: {row[f'because{suffix}']}"
    return f"left out: {row[f'skipped_because{suffix}']}"
