"""Reads filled-in work lists and plans: what was done, when, and with which outcome."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from newsletter.errors import NewsletterError, Place, Problem, raise_all
from newsletter.model.care import OWED_TOGETHER
from newsletter.model.practice import PERSONAL
from newsletter.model.tables import DONE, FILLED_IN, TO_DO, WorkList
from newsletter.read.list_words import every_header, headers_in, language_of, outcomes_in
from newsletter.read.people.excel import SheetChoice
from newsletter.read.people.findings import ROW, Column, Findings
from newsletter.read.people.header_names import by_key, key
from newsletter.read.people.raw_tables import RawTable
from newsletter.read.people.table_files import read_raw
from newsletter.read.people.values.choices import (
    CHANNELS,
    OUTCOMES,
    outcome_of,
    replace_words,
)
from newsletter.read.people.values.moments import parse, read_date
from newsletter.read.people.values.texts import read_code, read_list, read_long_text, read_text
from newsletter.read.people.values.yes_and_no import NO, NOTHING, YES
from newsletter.read.returned.list_faults import check_customers, check_rows

_PLAN = "skipped_because"
"""A column that only a plan has."""
_KNOWN = (*FILLED_IN, *TO_DO, "member", _PLAN, "rule")
_FIELDS = by_key(dict.fromkeys(_KNOWN, "") | every_header())
_LIST = r"^(\d{4}-\d{2}-\d{2}) (.+)$"
DISARMED = r"^'([=+\-@＝＋－＠])"
"""The character that export/table.py writes before possible formulas."""

_EITHER = frozenset("✗✘✕✖")
"""A cross in a tick box may mean done or not done: the user is asked."""
_TICKED = (YES | {"☑", "☒", "✅"} | {w for w, o in OUTCOMES.items() if o == "done"}) - _EITHER
_NOT_TICKED = (NO | NOTHING | {"☐", "open", "offen", "ouvert"}) - _TICKED - _EITHER
_NUMERIC = re.compile(r"\d{1,2}([-./])\d{1,2}\1\d{4}")
_DAY = r"^\d{1,2}[-./]\d{1,2}[-./]\d{4}$"
_NEAR = dt.timedelta(days=25)
"""Less than a month, so that the other order is never near as well, except on the same day."""


def read_worklist(
    file: Path, *, shown: str, today: dt.date, dates: str = "", ids: pl.Series | None = None
) -> WorkList:
    """
    Return what was done of a list (CSV, Excel, Calc), or of a plan.csv.

    A row of a list counts if it has a tick, an outcome or a date. A plan has no column `done`:
    every planned row whose day has come counts. *dates* is the order of 03/04/2026 (empty:
    detected), *ids* the customers (None: not compared). Raises NewsletterError with every cell
    that cannot be read.
    """
    findings = Findings(shown=shown)
    raw = read_raw(file, _FIELDS, SheetChoice("history"), findings=findings)
    cells = _cells(raw, findings)
    if "done" in cells and not any(cells[name].is_filled for name in FILLED_IN):
        untouched = pl.DataFrame({"practice": cells["practice"].text}).filter(PERSONAL)
        return WorkList(done=pl.DataFrame(schema=DONE), left=untouched.height)
    read = _read_list if "done" in cells else _read_plan
    rows = read(cells, findings, dates=dates, today=today)
    # An issue is recorded by its name, from the file that its build wrote.
    done = rows.filter(pl.col("acted") & PERSONAL)
    if ids is not None:
        done = done.with_columns(whole_ids(done["customer"], ids))
    check_customers(done, cells, cells.rows, findings=findings, ids=ids)
    raise_all((*findings.problems, *findings.bad_rows()))
    return WorkList(
        done=done.select(pl.col(name).cast(dtype) for name, dtype in DONE.items()),
        left=rows.filter(~pl.col("acted") & PERSONAL).height,
        ticked="done" in cells,
        issues=tuple(rows.filter(~PERSONAL)["key"].drop_nulls().unique().sort()),
    )


def is_work_list(headers: Collection[str]) -> bool:
    """Return whether a table with these headers is a work list or a plan, in any language."""
    fields = {_FIELDS[key(header)][0] for header in headers if key(header) in _FIELDS}
    return fields >= {"customer", "practice"} and (fields >= {"done", "list"} or _PLAN in fields)


class _Cells(dict[str, Column]):
    """The columns by field; missing columns are empty."""

    def __init__(self, rows: pl.Series) -> None:
        super().__init__()
        self.rows = rows

    def __missing__(self, field: str) -> Column:
        nothing = pl.Series([None] * len(self.rows), dtype=pl.String)
        return Column(headers_in("en").get(field, field), nothing, self.rows)


def _cells(raw: RawTable, findings: Findings) -> _Cells:
    armed = raw.cells.with_columns(pl.col(raw.headers).str.replace(DISARMED, "${1}"))
    raw, cells = replace(raw, cells=armed), _Cells(raw.cells[ROW])
    for header in raw.headers:
        field, _ = _FIELDS.get(key(header), ("", 0))
        if field and field not in cells:
            cells[field] = raw.column(header)
    missing = [field for field in ("customer", "practice") if field not in cells]
    if "done" not in cells and _PLAN not in cells:
        missing.append("done")
    if missing:
        raise NewsletterError(*(_missing(field, raw.headers, findings) for field in missing))
    return cells


def _missing(field: str, headers: list[str], findings: Findings) -> Problem:
    hint = "take a list from output/private/care/lists, or private/care/plan.csv"
    message = f"no column '{field}' among: {', '.join(headers[:12])}"
    at = Place(path=findings.shown, line=findings.header_row)
    return Problem(message=message, at=at, hint=hint)


def _read_plan(cells: _Cells, findings: Findings, *, dates: str, today: dt.date) -> pl.DataFrame:
    day = read_date(cells["date"], findings, order=dates, ask=True).values
    along = (cells["rule"].text == OWED_TOGETHER).fill_null(value=False)
    is_done = (cells[_PLAN].text.is_null() | along) & (day <= today).fill_null(value=False)
    return (
        _shared_columns(cells, findings, dates=dates)
        .with_columns(day.alias("date"), outcome=pl.lit("done"), acted=pl.lit(value=True))
        .filter(is_done)
    )


def _read_list(cells: _Cells, findings: Findings, *, dates: str, today: dt.date) -> pl.DataFrame:
    planned = cells["list"].text.str.extract(_LIST, 1).str.to_date("%Y-%m-%d", strict=False)
    order = _day_order((cells["date"], cells["done"]), planned, declared=dates)
    tick = _read_ticks(cells["done"], findings, order=order)
    day = read_date(cells["date"], findings, order=order, ask=True).values
    outcome = _read_outcomes(cells["outcome"], findings)
    by, again = (
        read_date(cells[name], findings, order=order, ask=True).values
        for name in ("promised_by", "again")
    )
    frame = _shared_columns(cells, findings, dates=order).with_columns(
        day.alias("given"),
        by.alias("promised_by"),
        again.alias("again"),
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
    check_rows(frame, cells, findings=findings, today=today)
    return frame


def _shared_columns(cells: _Cells, findings: Findings, *, dates: str) -> pl.DataFrame:
    """Return the columns that lists and plans share."""
    channel = replace_words(cells["channel"], findings, ours=CHANNELS, noun="channel").values
    series = {
        "row": cells.rows,
        "customer": read_code(cells["customer"], findings).values,
        "practice": read_text(cells["practice"], findings).values,
        "channel": channel,
        "key": _read_keys(cells["key"], findings, order=dates),
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


def _read_ticks(column: Column, findings: Findings, *, order: str) -> pl.DataFrame:
    """
    Return `ticked` (null for an empty cell), and values written instead of a tick.

    These are `tick_day` and `tick_outcome`. *order* is that of the days.
    """
    meanings = {text: _meaning(text, order) for text in column.text.drop_nulls().unique()}
    rows = [meanings.get(text) if text else (None, None, None) for text in column.text]
    unknown = pl.Series([row is None for row in rows], dtype=pl.Boolean)
    hint = "write x, yes or the day for what was done, and leave the cell empty for what was not"
    findings.bad(column, unknown, what="is not a tick", hint=hint)
    return pl.DataFrame(
        [row or (None, None, None) for row in rows],
        schema={"ticked": pl.Boolean, "tick_day": pl.Date, "tick_outcome": pl.String},
        orient="row",
    )


def is_tick(text: str) -> bool:
    """Return whether a word in a tick box says that something was done, or what came of it."""
    meaning = _meaning(text, "")
    return meaning is not None and meaning[0]


def _meaning(text: str, order: str) -> tuple[bool, dt.date | None, str | None] | None:
    word = text.casefold()
    if word in _TICKED:
        return True, None, None
    if word in _NOT_TICKED:
        return False, None, None
    if (outcome := outcome_of(text)) and word not in _EITHER:
        return True, None, outcome
    day = parse(text.partition(" ")[0], order) or parse(text, order)
    return (True, day[0], None) if day and day[1] else None


def _read_outcomes(column: Column, findings: Findings) -> pl.Series:
    """Return the outcomes, in the words of HISTORY."""
    known = {text: outcome_of(text) for text in column.text.drop_nulls().unique()}
    values = column.text.replace_strict(known, default=None, return_dtype=pl.String)
    unknown = values.is_null() & column.text.is_not_null()
    hint = f"write {', '.join(outcomes_in(language_of(column.header)).values())}"
    findings.bad(column, unknown, what="is not an outcome", hint=hint)
    return values


def _day_order(columns: Sequence[Column], planned: pl.Series, *, declared: str) -> str:
    """
    Return the order of day and month in the list; empty if undecided.

    It is the declared one, else the only one that places all days near the day of the list.
    """
    if declared:
        return declared
    pairs = [
        (text, plan)
        for column in columns
        for text, plan in zip(column.text, planned, strict=True)
        if text and plan and _NUMERIC.match(text)
    ]
    near = [o for o in ("DMY", "MDY") if pairs and all(_is_near(t, p, o) for t, p in pairs)]
    return near[0] if len(near) == 1 else ""


def _is_near(text: str, planned: dt.date, order: str) -> bool:
    day = parse(text.partition(" ")[0], order)
    return day is not None and abs(day[0] - planned) < _NEAR


def _read_keys(column: Column, findings: Findings, *, order: str) -> pl.Series:
    """Return the keys of touchpoints; days that Excel rewrote are put back into ISO form."""
    keys = read_code(column, findings).values
    odd = pl.select(pl.when(keys.str.contains(_DAY)).then(keys)).to_series()
    numeric = Column(column.header, odd, column.rows)
    days = read_date(numeric, findings, order=order, ask=True).values.dt.to_string("%Y-%m-%d")
    return pl.select(pl.coalesce(days, keys)).to_series()


def whole_ids(given: pl.Series, ids: pl.Series) -> pl.Series:
    """
    Return *given* with leading zeros as in *ids*: Excel and Calc turn 007 of a CSV file into 7.

    Ids of customers stay, and so do ambiguous ones.
    """
    with_zeros = ids.filter(ids.str.starts_with("0")).unique()
    bare = pl.DataFrame({"bare": with_zeros.str.strip_chars_start("0"), "id": with_zeros})
    only = bare.filter(pl.col("bare").is_unique() & ~pl.col("bare").is_in(ids.implode()))
    return given.replace(only["bare"], only["id"])
