"""Finds work lists in output/ that somebody filled in, and their rows missing in the history."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl

from newsletter.errors import NewsletterError
from newsletter.model.tables import NOT_REACHED
from newsletter.model.worklist import FilledList
from newsletter.read.returned.ticks import whole_ids
from newsletter.read.returned.work_lists import read_worklist

LISTS = "private/care/lists"
"""Where work lists stand below output/."""
_SUFFIXES = (".csv", ".xlsx")


def filled_lists(
    output: Path, history: pl.DataFrame, *, dates: str = ""
) -> tuple[FilledList, ...]:
    """
    Return the lists below *output* with ticks that *history* does not hold, sorted by path.

    A list with a mistake counts as well: somebody worked on it, and nothing may be lost.
    """
    folder = output / LISTS
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    lists = [file for file in files if file.suffix in _SUFFIXES and file.name[0] not in ".~"]
    counts = {file: _count(file, history, dates=dates) for file in lists}
    return tuple(
        FilledList(path=f"{LISTS}/{file.name}", rows=max(count, 0))
        for file, count in counts.items()
        if count
    )


def unrecorded(done: pl.DataFrame, history: pl.DataFrame) -> pl.DataFrame:
    """
    Return the rows of *done* that *history* does not hold, each touchpoint once.

    Both have the columns of HISTORY. Rows are compared by customer, practice and key; attempts
    that reached nobody also by day.
    """
    few = history.filter(pl.col("customer").is_in(done["customer"].implode()))
    mine, theirs = done.with_columns(**_IDENTITY), few.with_columns(**_IDENTITY)
    new = mine.join(theirs, on=list(_IDENTITY), how="anti", nulls_equal=True)
    once = new.unique(list(_IDENTITY), keep="first", maintain_order=True)
    return once.drop(list(_IDENTITY))


_MISSED = pl.col("outcome") == NOT_REACHED
_IDENTITY = {
    "_who": pl.col("customer"),
    "_what": pl.col("practice"),
    "_for": pl.coalesce("key", "issue"),
    "_on": pl.when(_MISSED).then("date"),
}


def _count(file: Path, history: pl.DataFrame, *, dates: str) -> int:
    """Return how many rows wait to be recorded; -1 where the list cannot be read."""
    try:
        # Which day today is decides on nothing here: a day to come is for `record` to refuse.
        worklist = read_worklist(file, shown=file.name, today=dt.date.max, dates=dates)
    except NewsletterError:
        return -1
    customers = whole_ids(worklist.done["customer"], history["customer"].unique())
    return unrecorded(worklist.done.with_columns(customers), history).height
