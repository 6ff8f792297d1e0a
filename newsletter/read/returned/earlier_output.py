"""Files that earlier builds wrote into output/: plans, records of issues, and filled-in lists."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from newsletter.errors import NewsletterError, Place, did_you_mean, raise_all
from newsletter.model.care import PLAN
from newsletter.model.tables import REACHED, FilledList
from newsletter.read.people.customer_tables import read_table
from newsletter.read.people.duplicates import Known
from newsletter.read.people.excel import SheetChoice
from newsletter.read.people.findings import Findings, ReadingOptions
from newsletter.read.people.header_names import TABLE_HEADERS
from newsletter.read.people.table_files import read_raw
from newsletter.read.pipes import is_pipe, pipe_problem
from newsletter.read.returned.work_lists import DISARMED, read_worklist, whole_ids

RECORDS = "private/record"
"""Folder below output/ with a file for each issue that was built."""


def read_record(output: Path, name: str, *, shown: str, ids: pl.Series) -> pl.DataFrame:
    """
    Return the rows of HISTORY for the issue *name* that a build wrote into *output*.

    *shown* is that folder as the user would type it, *ids* are those of the customers. Raises
    NewsletterError if there is no such file, or it cannot be read any more.
    """
    folder = output / RECORDS
    file = folder / f"{name}.csv"
    if not file.is_file():
        built = sorted(path.stem for path in folder.glob("*.csv")) if folder.is_dir() else []
        hint = did_you_mean(name, built) or f"build it first: newsletter build --issue {name}"
        raise NewsletterError.at(f"no issue '{name}' was built in {shown}", hint=hint)
    findings = Findings(shown=f"{shown}/{RECORDS}/{file.name}")
    raw = read_raw(file, TABLE_HEADERS["history"], SheetChoice("history"), findings=findings)
    known = Known(pl.DataFrame({"key": ids, "id": ids}))
    rows = read_table(
        "history", raw, known, options=ReadingOptions(dates="DMY"), findings=findings
    )
    raise_all((*findings.problems, *findings.bad_rows()))
    return rows


def read_plan(file: Path, *, shown: str) -> pl.DataFrame:
    """
    Return the plan that a build wrote into *file*, with the columns of PLAN.

    Raises NewsletterError if there is none, or somebody changed its columns.
    """
    place = Place(path=shown)
    if not file.exists():
        hint = "run: newsletter build"
        raise NewsletterError.at("no build has written a plan yet", place, hint=hint)
    if is_pipe(file):
        raise NewsletterError(pipe_problem(place))
    try:
        text = file.read_text(encoding="utf-8-sig")
        separator = ";" if '";"' in text.partition("\n")[0] else ","
        cells = pl.read_csv(text.encode(), separator=separator, infer_schema=False)
        return cells.select(_column(name, dtype) for name, dtype in PLAN.items())
    except (PolarsError, UnicodeDecodeError):
        hint = "run: newsletter build"
        raise NewsletterError.at(
            "this is not a plan that a build wrote", place, hint=hint
        ) from None


def _column(name: str, dtype: pl.DataType) -> pl.Expr:
    text = pl.when(pl.col(name) != "").then(pl.col(name).str.replace(DISARMED, "${1}"))
    if dtype == pl.Date:
        return text.str.to_date("%Y-%m-%d").alias(name)
    if dtype == pl.Boolean:
        return text.is_not_null().alias(name)
    return text.cast(dtype).alias(name)


LISTS = "private/care/lists"
"""Folder of work lists below output/."""
_SUFFIXES = (".csv", ".xlsx")


def filled_lists(
    output: Path, history: pl.DataFrame, *, dates: str = ""
) -> tuple[FilledList, ...]:
    """
    Return the lists below *output* with ticks that *history* lacks, sorted by path.

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
    Return the rows of *done* that *history* lacks, each touchpoint once.

    Both have the columns of HISTORY. Rows are the same if customer, practice and key are equal,
    and for attempts that reached nobody also the day.
    """
    few = history.filter(pl.col("customer").is_in(done["customer"].implode()))
    mine, theirs = done.with_columns(**_IDENTITY), few.with_columns(**_IDENTITY)
    new = mine.join(theirs, on=list(_IDENTITY), how="anti", nulls_equal=True)
    once = new.unique(list(_IDENTITY), keep="first", maintain_order=True)
    return once.drop(list(_IDENTITY))


_MISSED = ~REACHED
_IDENTITY = {
    "_who": pl.col("customer"),
    "_what": pl.col("practice").cast(pl.String),
    "_for": pl.coalesce("key", "issue"),
    "_on": pl.when(_MISSED).then("date"),
}


def _count(file: Path, history: pl.DataFrame, *, dates: str) -> int:
    """Return the number of rows to be recorded; -1 if the list cannot be read."""
    try:
        # Today's date does not matter here: `record` refuses future days.
        worklist = read_worklist(file, shown=file.name, today=dt.date.max, dates=dates)
    except NewsletterError:
        return -1
    if worklist.done.is_empty():
        return 0
    customers = whole_ids(worklist.done["customer"], history["customer"].unique())
    return unrecorded(worklist.done.with_columns(customers), history).height
