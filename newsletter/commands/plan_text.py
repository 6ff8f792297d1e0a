"""A plan as a table that a person can read: by day, member or channel; and what is skipped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from newsletter.commands.show import columns, counted
from newsletter.model.project import Project
from newsletter.plan.etiquette import ETIQUETTE

BY: Mapping[str, tuple[str, ...]] = {
    "day": ("date", "member", "channel"),
    "member": ("member", "date", "channel"),
    "channel": ("channel", "date", "member"),
}
"""How it is grouped → the columns it is sorted by; the first two are headings."""
_CELLS = ("customer", "name", "practice", "because")


def plan_text(
    project: Project,
    table: pl.DataFrame,
    *,
    days: Sequence[dt.date],
    by: str = "day",
    everything: bool = False,
) -> str:
    """
    Return the kept touchpoints of PLAN, grouped, and the others: how many for which reason.

    With *everything* the others stand one by one; without, many who get the same share a line.
    """
    kept = table.filter(pl.col("skipped_because").is_null())
    skipped = table.filter(pl.col("skipped_because").is_not_null())
    members = {member.id: member.name for member in project.config.team}
    shown = kept if everything else _gathered(kept)
    parts = [_head(kept, days), *_groups(shown, days, by=by, members=members)]
    start = project.config.start
    if start and start > days[0]:
        parts.insert(1, f"the care plan begins on {start}: 'start:' in content/newsletter.yml")
    if everything and skipped.height:
        parts.append(_all_skipped(skipped))
    elif skipped.height:
        parts.append(_summary(kept, skipped))
    return "\n\n".join(parts)


def weekday(day: dt.date) -> str:
    """Return `Tuesday 2026-11-03`, whatever the language of the computer."""
    return f"{_WEEKDAYS[day.weekday()]} {day}"


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _head(kept: pl.DataFrame, days: Sequence[dt.date]) -> str:
    when = f"on {weekday(days[0])}" if len(days) == 1 else f"from {days[0]} to {days[-1]}"
    people = counted(kept["customer"].n_unique(), "customer")
    return f"{counted(kept.height, 'touchpoint')} for {people} {when}"


def _gathered(kept: pl.DataFrame) -> pl.DataFrame:
    """Return the touchpoints, one row for many customers who get the same because of the same."""
    same = ["date", "member", "practice", "channel", "because"]
    many = kept.with_columns(_many=pl.len().over(same))
    first = pl.col("customer") == pl.col("customer").min().over(same)
    whole = pl.col("_many") > _MOST_ALIKE
    who = pl.when(whole).then(pl.format("{} customers", "_many")).otherwise("name")
    return many.filter(~whole | first).with_columns(
        name=who, customer=pl.when(~whole).then("customer")
    )


_MOST_ALIKE = 12


def _groups(
    kept: pl.DataFrame, days: Sequence[dt.date], *, by: str, members: Mapping[str, str]
) -> Iterator[str]:
    outer, inner, last = BY[by]
    order = [outer, inner, last, "owed", "priority", "customer", "key"]
    falling = [name in ("owed", "priority") for name in order]
    rows = kept.sort(order, descending=falling, nulls_last=True)
    found = rows.partition_by(outer, as_dict=True, maintain_order=True)
    values = days if outer == "date" else [key for (key,) in found]
    for value in values:
        part = found.get((value,))
        if part is None:
            yield f"{_named(value, members)}: nobody"
            continue
        lines = [_named(value, members)]
        for inside in part.partition_by(inner, maintain_order=True):
            lines.append(f"  {_named(inside[inner][0], members)}")
            lines.append(_table(inside, last, members))
        yield "\n".join(lines)


def _table(rows: pl.DataFrame, first: str, members: Mapping[str, str]) -> str:
    """Return the lines of one group, indented."""
    cells = [
        ["   ", _named(row[first], members), *(row[name] or "" for name in _CELLS)]
        for row in rows.iter_rows(named=True)
    ]
    return columns(cells)


def _named(value: object, members: Mapping[str, str]) -> str:
    if isinstance(value, dt.date):
        return weekday(value)
    return members.get(str(value), str(value)) if value else "nobody"


def _summary(kept: pl.DataFrame, skipped: pl.DataFrame) -> str:
    """Return how many touchpoints are kept on none of the days, by the last reason of each."""
    own = ["customer", "practice", "key"]
    waiting = skipped.join(kept, on=own, how="anti", nulls_equal=True)
    latest = waiting.sort("date", "customer", "practice", "key").unique(
        own, keep="last", maintain_order=True
    )
    # Before the colon stands the rule in words, behind it whom or what it met, and when.
    reason = pl.col("skipped_because").str.split(": ").list.first()
    reason = reason.str.replace_all(r" on \d{4}-\d\d-\d\d", "")
    order = pl.col("rule").replace_strict(
        list(ETIQUETTE), list(range(len(ETIQUETTE))), default=len(ETIQUETTE), return_dtype=pl.Int64
    )
    counts = (
        latest.group_by("rule", reason.alias("reason"))
        .agg(pl.len())
        .sort(order, pl.col("len"), "reason", descending=[False, True, False])
    )
    rows = [[f"  {number:,}", rule, why] for rule, why, number in counts.iter_rows()]
    head = f"{counted(latest.height, 'touchpoint')} skipped (--all lists them)"
    return f"{head}\n{columns(rows, right=[0])}" if rows else head


def _all_skipped(skipped: pl.DataFrame) -> str:
    """Return every skipped row with its reason, and the day on which it becomes possible."""
    rows = []
    for row in skipped.sort("date", "practice", "customer", "key").iter_rows(named=True):
        later = f" (possible on {row['possible_on']})" if row["possible_on"] else ""
        cells = (str(row["date"]), row["customer"], row["name"] or "", row["practice"])
        rows.append(["", *cells, f"{row['rule']}: {row['skipped_because']}{later}"])
    return f"{counted(skipped.height, 'skipped touchpoint')}\n{columns(rows)}"
