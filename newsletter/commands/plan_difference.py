"""How two plans differ, as text for people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from newsletter.commands.plan_table import IDENTITY, Row
from newsletter.commands.screen import Screen
from newsletter.commands.terminal import columns
from newsletter.model.project import Project


def diff_text(
    old: pl.DataFrame,
    new: pl.DataFrame,
    *,
    project: Project,
    why_gone: Callable[[Row], str],
    everything: bool = False,
) -> str:
    """
    Return how the plan *new* (PLAN) differs from *old*; a day that has passed is no difference.

    Compares as many days of *new* as *old* has. *why_gone* explains a row that is no longer due.
    Without *everything*, rows that both plans leave out are only counted.
    """
    before, after = _tasks(old), _tasks(_first_days(new, like=old))
    added = after.join(before, on=IDENTITY, how="anti", nulls_equal=True)
    gone = before.join(after, on=IDENTITY, how="anti", nulls_equal=True)
    in_both = before.join(after, on=IDENTITY, how="inner", nulls_equal=True, suffix="_now")
    other_rule = pl.col("rule").ne_missing(pl.col("rule_now"))
    other_channel = pl.col("rule").is_null() & pl.col("channel").ne_missing(pl.col("channel_now"))
    changed = in_both.filter(other_rule | other_channel)
    planned, planned_now = pl.col("rule").is_null(), pl.col("rule_now").is_null()
    difference = _Difference(project.titles, Screen(project.config.language), everything)
    parts = [
        difference.part("plan_added", added, planned, text=lambda row: difference.state(row, "")),
        difference.part("plan_gone", gone, planned, text=why_gone),
        difference.part("plan_changed", changed, planned | planned_now, text=difference.change),
    ]
    return "\n\n".join(parts)


def _tasks(plan: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each task: the planned one, else the last that was left out."""
    ordered = plan.sort(pl.col("rule").is_not_null(), -pl.col("date").to_physical())
    return ordered.unique(IDENTITY, keep="first", maintain_order=True).sort(IDENTITY)


def _first_days(new: pl.DataFrame, *, like: pl.DataFrame) -> pl.DataFrame:
    if not new.height or not like.height:
        return new
    days = like.select(pl.col("date").max() - pl.col("date").min()).item() or dt.timedelta()
    return new.filter(pl.col("date") <= pl.col("date").min() + days)


@dataclass(frozen=True)
class _Difference:
    """The differences as text."""

    titles: Mapping[str, str]
    screen: Screen
    everything: bool

    def part(
        self, phrase: str, rows: pl.DataFrame, planned: pl.Expr, *, text: Callable[[Row], str]
    ) -> str:
        """Return a heading with numbers, and a line for each planned row."""
        shown = rows if self.everything else rows.filter(planned)
        cells = [
            ["", row["customer"], row["name"] or "", self._title(row), text(row)]
            for row in shown.iter_rows(named=True)
        ]
        head, hidden = self.screen.counted(phrase, shown.height), rows.height - shown.height
        if hidden:
            head = self.screen("plan_hidden", tasks=head, n=hidden)
        return f"{head}\n{columns(cells)}" if cells else head

    def change(self, row: Row) -> str:
        """Return what the row was, and what it is now."""
        before, after = self.state(row, ""), self.state(row, "_now")
        return self.screen("plan_change", before=before, after=after)

    def state(self, row: Row, suffix: str) -> str:
        """Return `call on 2026-11-03: …` or `left out: …` from the columns with that suffix."""
        if row[f"rule{suffix}"] is not None:
            return self.screen("plan_state_left_out", why=row[f"skipped_because{suffix}"])
        channel, day = self.screen.channel(row[f"channel{suffix}"]), row[f"date{suffix}"]
        because = row[f"because{suffix}"]
        return self.screen("plan_state", channel=channel, day=day, because=because)

    def _title(self, row: Row) -> str:
        """Return the title of the practice; one that has gone is called by its name."""
        return self.titles.get(row["practice"], row["practice"])
