"""Finds and reads filled-in work lists and plans: what was done, when, and with which outcome."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl

from newsletter.errors import NewsletterError, Place, Problem, raise_all
from newsletter.model.practice import PERSONAL
from newsletter.model.tables import NOT_REACHED
from newsletter.model.worklist import DONE, FILLED_IN, HEADERS, TO_DO, FilledList, WorkList
from newsletter.read.people.findings import ROW, Column, Findings
from newsletter.read.people.header_names import by_key, key
from newsletter.read.people.raw_tables import RawTable
from newsletter.read.people.table_files import read_raw
from newsletter.read.people.values.choices import CHANNELS, read_word
from newsletter.read.people.values.moments import read_date
from newsletter.read.people.values.texts import read_code, read_list, read_long_text, read_text
from newsletter.read.returned.sent_plans import DISARMED
from newsletter.read.returned.ticks import day_order, read_key, read_outcome, read_tick, whole_ids

_PLAN = "skipped_because"
"""A column that only a plan has."""
_KNOWN = (*FILLED_IN, *TO_DO, "member", _PLAN)
_FIELDS = by_key({field: HEADERS.get(field, "").replace(" ", "_") for field in _KNOWN})
_LIST = r"^(\d{4}-\d{2}-\d{2}) (.+)$"
_NOTES = ("remark", "reason", "promise", "promised_by")


def read_worklist(
    file: Path, *, shown: str, today: dt.date, dates: str = "", ids: pl.Series | None = None
) -> WorkList:
    """
    Return what was done by a list (CSV, Excel, Calc), or by a plan.csv.

    A row of a list counts if it has a tick, an outcome or a date. A plan has no column `done`:
    every planned row whose day has come counts. *dates* is the order of 03/04/2026, empty:
    detected; *ids* are those of the customers, None: not compared. Raises NewsletterError with
    every cell that cannot be read.
    """
    findings = Findings(shown=shown)
    cells = _cells(read_raw(file, _FIELDS, findings=findings), shown=shown)
    read = _read_plan if "done" not in cells else _read_list
    rows = read(cells, findings, dates=dates, today=today)
    # An issue is recorded by its name: who got it by which channel, and with which entries.
    done = rows.filter(pl.col("acted") & PERSONAL)
    if ids is not None:
        done = done.with_columns(whole_ids(done["customer"], ids))
    _check_customers(done, cells, findings=findings, ids=ids)
    raise_all((*findings.problems, *findings.bad_rows()))
    return WorkList(
        done=done.select(pl.col(name).cast(dtype) for name, dtype in DONE.items()),
        left=rows.filter(~pl.col("acted") & PERSONAL).height,
        issues=tuple(rows.filter(~PERSONAL)["key"].drop_nulls().unique().sort()),
    )


class _Cells(dict[str, Column]):
    """The columns by field; one that the file lacks is empty."""

    def __init__(self, rows: pl.Series) -> None:
        super().__init__()
        self.rows = rows

    def __missing__(self, field: str) -> Column:
        nothing = pl.Series([None] * len(self.rows), dtype=pl.String)
        return Column(HEADERS.get(field, field), nothing, self.rows)


def _cells(raw: RawTable, *, shown: str) -> _Cells:
    cells = _Cells(raw.cells[ROW])
    for header in raw.headers:
        field, _ = _FIELDS.get(key(header), ("", 0))
        if field and field not in cells:
            column = raw.column(header)
            text = column.text.str.replace(DISARMED, "${1}")
            cells[field] = Column(header, text, column.rows)
    missing = [field for field in ("customer", "practice") if field not in cells]
    if "done" not in cells and _PLAN not in cells:
        missing.append("done")
    if missing:
        raise NewsletterError(*(_missing(field, raw.headers, shown=shown) for field in missing))
    return cells


def _missing(field: str, headers: list[str], *, shown: str) -> Problem:
    hint = "take a list from output/private/care/lists, or private/care/plan.csv"
    message = f"no column '{field}' among: {', '.join(headers[:12])}"
    return Problem(message=message, at=Place(path=shown, line=1), hint=hint)


def _read_plan(cells: _Cells, findings: Findings, *, dates: str, today: dt.date) -> pl.DataFrame:
    day = read_date(cells["date"], findings, order=dates, ask=True).values
    is_done = cells[_PLAN].text.is_null() & (day <= today).fill_null(value=False)
    return (
        _shared_columns(cells, findings, dates=dates)
        .with_columns(day.alias("date"), outcome=pl.lit("done"), acted=pl.lit(value=True))
        .filter(is_done)
    )


def _read_list(cells: _Cells, findings: Findings, *, dates: str, today: dt.date) -> pl.DataFrame:
    planned = cells["list"].text.str.extract(_LIST, 1).str.to_date("%Y-%m-%d", strict=False)
    order = day_order((cells["date"], cells["done"]), planned, declared=dates)
    tick = read_tick(cells["done"], findings, order=order)
    day = read_date(cells["date"], findings, order=order, ask=True).values
    outcome = read_outcome(cells["outcome"], findings)
    by = read_date(cells["promised_by"], findings, order=order, ask=True).values
    frame = _shared_columns(cells, findings, dates=order).with_columns(
        day.alias("given"),
        by.alias("promised_by"),
        outcome.alias("outcome"),
        planned.alias("planned"),
        cells["list"].text.str.extract(_LIST, 2).alias("member"),
    )
    frame = frame.with_columns(tick.get_columns())
    acted = pl.col("ticked").fill_null(value=False) | pl.any_horizontal(
        pl.col("given", "tick_day", "outcome", "tick_outcome").is_not_null()
    )
    frame = frame.with_columns(
        acted.alias("acted"),
        pl.coalesce("outcome", "tick_outcome", pl.lit("done")).alias("outcome"),
        pl.coalesce(
            "given", "tick_day", pl.min_horizontal("planned", pl.lit(today)), pl.lit(today)
        ).alias("date"),
    )
    _check(frame, cells, findings=findings, today=today)
    return frame


def _shared_columns(cells: _Cells, findings: Findings, *, dates: str) -> pl.DataFrame:
    """Return the columns that lists and plans share."""
    channel = read_word(cells["channel"], findings, meanings=CHANNELS, noun="channel").values
    series = {
        "row": cells.rows,
        "customer": read_code(cells["customer"], findings).values,
        "practice": read_text(cells["practice"], findings).values,
        "channel": channel,
        "key": read_key(cells["key"], findings, order=dates),
        "code": read_code(cells["code"], findings).values,
        "member": read_text(cells["member"], findings).values,
        "prompts": read_list(cells["prompt_keys"], findings, lower=False).values,
        "entries": read_list(cells["entry"], findings, lower=False).values,
        **{
            name: read_long_text(cells[name], findings).values
            for name in ("remark", "reason", "promise")
        },
    }
    nothing = {name: pl.lit(None, dtype) for name, dtype in DONE.items() if name not in series}
    return pl.DataFrame(series).with_columns(**nothing)


def _check(frame: pl.DataFrame, cells: _Cells, *, findings: Findings, today: dt.date) -> None:
    """Report contradictions within a row."""
    acted, refused = frame["acted"], frame.select(~pl.col("ticked").fill_null(True)).to_series()
    findings.bad(
        cells["done"],
        acted & refused,
        what="says that it was not done, but there is a date or an outcome",
        hint="empty one of them",
    )
    hint = "tick the row as done, or choose an outcome, else the note would be lost"
    for name in _NOTES:
        noted = frame[name].is_not_null() & ~acted
        findings.bad(cells[name], noted, what="stands in a row that is not ticked", hint=hint)
    for name in ("date", "done"):
        day = frame["given" if name == "date" else "tick_day"]
        hint = "write the day on which it was done"
        findings.bad(cells[name], day > today, what="lies in the future", hint=hint)
    by = frame["promised_by"]
    lost = by.is_not_null() & frame["promise"].is_null()
    hint = "write into the column before it what was promised"
    findings.bad(cells["promised_by"], lost, what="is a day without a promise", hint=hint)
    hint = "write the day by which it was promised"
    early = by < frame["date"]
    findings.bad(cells["promised_by"], early, what="lies before the day of the promise", hint=hint)


def _check_customers(
    done: pl.DataFrame, cells: _Cells, *, findings: Findings, ids: pl.Series | None
) -> None:
    """Report rows without a practice, or whose customer does not exist."""
    rows = cells.rows
    for name in ("customer", "practice"):
        empty = rows.is_in(done.filter(pl.col(name).is_null())["row"].to_list())
        for row in rows.filter(empty):
            message = f"column '{cells[name].header}': the cell is empty"
            findings.problem(message, hint="take the row as the list had it", row=row)
    if ids is None:
        return
    is_customer = done["customer"].is_in(ids.implode()) | done["customer"].is_null()
    hint = "write the customer's id as in the customer file"
    stranger = rows.is_in(done.filter(~is_customer)["row"].to_list())
    findings.bad(cells["customer"], stranger, what="is not a customer", hint=hint)


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
