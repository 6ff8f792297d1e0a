"""What is wrong with the rows of a filled-in work list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl

from newsletter.model.tables import ATTEMPTS, REACHED, VISIT_ANNOUNCED
from newsletter.read.list_words import language_of, outcomes_in
from newsletter.read.people.findings import Column, Findings

_NOTES = ("again", "remark", "reason", "promise", "promised_by")


def check_rows(
    frame: pl.DataFrame, cells: Mapping[str, Column], *, findings: Findings, today: dt.date
) -> None:
    """Report contradictions within a row; *frame* has the values of *cells*."""
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
        findings.bad(cells[name], noted, what="is in a row that is not ticked", hint=hint)
    for name in ("date", "done"):
        day = frame["given" if name == "date" else "tick_day"]
        hint = "write the day on which it was done"
        findings.bad(cells[name], day > today, what="is in the future", hint=hint)
    by, column = frame["promised_by"], cells["promised_by"]
    lost = by.is_not_null() & frame["promise"].is_null()
    hint = "write what was promised into the column before it"
    findings.bad(column, lost, what="is a day without a promise", hint=hint)
    hint = "write the day by which it was promised"
    early = by < frame["date"]
    findings.bad(column, early, what="is before the day of the promise", hint=hint)
    _check_again(frame, cells, findings=findings)


def _check_again(frame: pl.DataFrame, cells: Mapping[str, Column], *, findings: Findings) -> None:
    """Report visits without a day, and days to try again that mean nothing."""
    column, again, outcome = cells["again"], frame["again"], frame["outcome"]
    acted, visit = frame["acted"], outcome == VISIT_ANNOUNCED
    hint = f"write the day of the visit into '{column.header}'"
    shown = cells["outcome"] if cells["outcome"].is_filled else cells["done"]
    findings.bad(shown, acted & visit & again.is_null(), what="has no day", hint=hint)
    reached = frame.select(REACHED).to_series()
    words = outcomes_in(language_of(cells["outcome"].header))
    open_ended = ", ".join(words[name] for name in (*ATTEMPTS, VISIT_ANNOUNCED))
    hint = f"choose what came of it: {open_ended}"
    findings.bad(column, acted & again.is_not_null() & reached & ~visit, what=_NO_NEXT, hint=hint)
    hint = "write the day on which to try again, or of the visit"
    early = (again < frame["date"]).fill_null(value=False) & acted
    findings.bad(column, early, what="is before the day of the task", hint=hint)


_NO_NEXT = "is a day to try again, but the task is finished"


def check_customers(
    done: pl.DataFrame,
    cells: Mapping[str, Column],
    rows: pl.Series,
    *,
    findings: Findings,
    ids: pl.Series | None,
) -> None:
    """Report rows of the list without a practice, or whose customer does not exist."""
    for name in ("customer", "practice"):
        empty = rows.is_in(done.filter(pl.col(name).is_null())["row"].to_list())
        for row in rows.filter(empty):
            message = f"column '{cells[name].header}': the cell is empty"
            findings.problem(message, hint="restore the row as it was in the list", row=row)
    if ids is None:
        return
    is_customer = done["customer"].is_in(ids.implode()) | done["customer"].is_null()
    hint = "write the customer's id as in the customer file"
    stranger = rows.is_in(done.filter(~is_customer)["row"].to_list())
    findings.bad(cells["customer"], stranger, what="is not a customer", hint=hint)
