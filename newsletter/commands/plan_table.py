"""A plan as text for people: its tasks in a table that fits the terminal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import polars as pl

from newsletter.commands.screen import Screen
from newsletter.commands.terminal import columns, cut
from newsletter.model.practice import Practice
from newsletter.model.project import Project
from newsletter.plan.etiquette import ETIQUETTE

BY: Mapping[str, tuple[str, ...]] = {
    "day": ("date", "member", "channel"),
    "member": ("member", "date", "channel"),
    "channel": ("channel", "date", "member"),
}
"""How the table is grouped → the columns it is sorted by; the first two are headings."""
_MOST_ALIKE = 3
"""Above this many customers, the same task for the same reason is one line."""
IDENTITY = ["customer", "practice", "key"]
"""Rows with the same values here are the same task."""
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Room:
    """How much of a plan is shown."""

    everything: bool = False
    """Every customer by name, and every task left out."""
    lines: int = 0
    """Lines and cells of the terminal; 0: any number."""
    width: int = 0
    file: str = ""
    """The file that has the whole plan, as the user would type it."""


EVERYTHING = Room(everything=True)


def plan_text(
    project: Project,
    table: pl.DataFrame,
    *,
    days: Sequence[dt.date],
    by: str = "day",
    room: Room = Room(),
    verbose: bool = False,
) -> str:
    """
    Return the tasks in PLAN, grouped, and the numbers left out by reason.

    With *verbose* the rules of the practices follow as their files have them.
    """
    tasks = table.filter(pl.col("skipped_because").is_null())
    left_out = table.filter(pl.col("skipped_because").is_not_null())
    grouped = _Grouped(project, Screen(project.config.language), room, by)
    parts = [_head(tasks, days, grouped.screen)]
    start = project.config.start
    if start and start > days[0]:
        parts.append(grouped.screen("plan_begins", day=start))
    below = []
    if room.everything and left_out.height:
        below.append(_all_left_out(left_out, grouped))
    elif left_out.height:
        below.append(_summary(tasks, left_out, grouped.screen))
    if verbose:
        below.append(rules_text(project.practices, table["practice"], grouped.screen))
    used = sum(part.count("\n") + 2 for part in (*parts, *below))
    shown = grouped.text(tasks, days, lines=max(room.lines - used, _FEWEST) if room.lines else 0)
    return "\n\n".join([*parts, shown, *below])


_FEWEST = 5
"""Lines of tasks that a terminal shows, however low it is."""


def rules_text(practices: Iterable[Practice], names: Iterable[str], screen: Screen) -> str:
    """Return the rules of the practices of these *names* as their files have them."""
    shown = set(names)
    rows = [["", p.title, p.rule_text] for p in practices if p.when and p.name in shown]
    return f"{screen('rules')}\n{columns(rows)}" if rows else screen("no_rules")


def _head(tasks: pl.DataFrame, days: Sequence[dt.date], screen: Screen) -> str:
    gaps = {
        "tasks": screen.counted("tasks", tasks.height),
        "customers": screen.counted("customers", tasks["customer"].n_unique()),
    }
    if len(days) == 1:
        return screen("plan_on", **gaps, day=screen.weekday(days[0]))
    return screen("plan_from", **gaps, first=days[0], last=days[-1])


@dataclass(frozen=True)
class _Line:
    text: str
    tasks: int = 0
    """How many it tells of."""


@dataclass(frozen=True)
class _Grouped:
    """The tasks in groups, as lines."""

    project: Project
    screen: Screen
    room: Room
    by: str

    def text(self, tasks: pl.DataFrame, days: Sequence[dt.date], *, lines: int) -> str:
        """Return the groups in at most so many *lines* (0: any number), and what they hide."""
        shown = tasks if self.room.everything else _gathered(tasks)
        every = [line for group in self._groups(shown, days) for line in (_BLANK, *group)][1:]
        if not lines or len(every) <= lines:
            return "\n".join(line.text for line in every)
        first = every[: lines - 1]
        while first and not first[-1].tasks:
            first.pop()
        hidden = sum(line.tasks for line in every[len(first) :])
        rest = self.screen("plan_rest", tasks=self._count(hidden), file=self.room.file)
        return "\n".join([*(line.text for line in first), rest])

    def _count(self, number: int) -> str:
        return self.screen.counted("tasks", number)

    def _groups(self, tasks: pl.DataFrame, days: Sequence[dt.date]) -> Iterator[list[_Line]]:
        """Yield the lines of each group; empty days that follow each other share one."""
        outer, inner, first = BY[self.by]
        order = [outer, inner, first, "owed", "priority", "customer", "key"]
        descending = [name in ("owed", "priority") for name in order]
        rows = tasks.sort(order, descending=descending, nulls_last=True)
        groups = rows.partition_by(outer, as_dict=True, maintain_order=True)
        values = days if outer == "date" else [key for (key,) in groups]
        for is_empty, some in groupby(values, key=lambda value: (value,) not in groups):
            if is_empty:
                names = " · ".join(map(self._named, some))
                yield [self._line(self.screen("plan_empty", days=names))]
                continue
            for value in some:
                lines = [self._line(self._named(value))]
                for part in groups[(value,)].partition_by(inner, maintain_order=True):
                    lines.append(self._line(f"  {self._named(part[inner][0])}"))
                    lines += self._table(part, first)
                yield lines

    def _table(self, rows: pl.DataFrame, first: str) -> list[_Line]:
        """Return the lines of one group, indented."""
        titles = self.project.titles
        named = [*rows.iter_rows(named=True)]
        cells = [
            [
                "   ",
                self._named(row[first]),
                *self._who(row),
                titles[row["practice"]],
                row["because"],
            ]
            for row in named
        ]
        texts = columns(cells).split("\n")
        return [
            self._line(text, row.get("size", 1)) for text, row in zip(texts, named, strict=True)
        ]

    def _who(self, row: Row) -> tuple[str, str]:
        """Return id and name of the customer; of many, the name of the first and their number."""
        if row.get("size", 1) == 1:
            return row["customer"], row["name"] or ""
        return "", self.screen("names_more", name=row["first"], n=row["size"] - 1)

    def _line(self, text: str, tasks: int = 0) -> _Line:
        return _Line(cut(text, self.room.width) if self.room.width else text, tasks)

    def _named(self, value: object) -> str:
        """Return the name of a day, a team member or a channel."""
        if isinstance(value, dt.date):
            return self.screen.weekday(value)
        names = {member.id: member.name for member in self.project.config.team}
        text = str(value)
        return names.get(text) or self.screen.channel(text) if value else self.screen("nobody")


_BLANK = _Line("")


def _gathered(tasks: pl.DataFrame) -> pl.DataFrame:
    """Return the tasks; many customers whose rows differ only in name share one row."""
    same = ["date", "member", "practice", "channel", "because"]
    called = pl.coalesce("name", "customer").sort_by("customer").first()
    sized = tasks.with_columns(size=pl.len().over(same), first=called.over(same))
    first = pl.col("customer") == pl.col("customer").min().over(same)
    many = pl.col("size") > _MOST_ALIKE
    return sized.filter(~many | first).with_columns(size=pl.when(many).then("size").otherwise(1))


def _summary(tasks: pl.DataFrame, left_out: pl.DataFrame, screen: Screen) -> str:
    """Return the numbers of tasks that no day has, by the last reason of each."""
    never = left_out.join(tasks, on=IDENTITY, how="anti", nulls_equal=True)
    latest = never.sort("date", *IDENTITY).unique(IDENTITY, keep="last", maintain_order=True)
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
    rows = [[f"  {screen.number(number)}", why] for _, why, number in counts.iter_rows()]
    left = screen.counted("plan_left_out", latest.height)
    head = screen("plan_list_all", left_out=left)
    return f"{head}\n{columns(rows, right=[0])}" if rows else head


def _all_left_out(left_out: pl.DataFrame, grouped: _Grouped) -> str:
    """Return every row with its reason."""
    screen, titles = grouped.screen, grouped.project.titles
    rows = []
    for row in left_out.sort("date", "practice", "customer", "key").iter_rows(named=True):
        who = screen.day(row["date"]), row["customer"], row["name"] or ""
        rows.append(["", *who, titles[row["practice"]], screen.reason_not(row)])
    return f"{screen.counted('plan_left_out', left_out.height)}\n{columns(rows)}"
