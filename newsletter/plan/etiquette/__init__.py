"""The rules that hold touchpoints back, in their order; the first that applies is the reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from newsletter.model.care import OWED_TOGETHER
from newsletter.plan.etiquette.allowed import closed, consent, duplicate, suppressed
from newsletter.plan.etiquette.caps import cap
from newsletter.plan.etiquette.done import after, expired, had, too_late, try_again
from newsletter.plan.etiquette.evidence import Basis, as_touches
from newsletter.plan.etiquette.gap import gap
from newsletter.plan.etiquette.left_in_peace import peace, stays_in_peace
from newsletter.plan.etiquette.quiet_days import do_not_write, possible, quiet
from newsletter.plan.etiquette.reserved import reserved
from newsletter.plan.etiquette.together import together, touches_of

_ALONE: tuple[Callable[[pl.DataFrame, Basis], pl.DataFrame], ...] = (
    closed,
    suppressed,
    consent,
    duplicate,
    expired,
    had,
    too_late,
    peace,
    after,
    try_again,
    cap,
    gap,
    reserved,
    quiet,
    do_not_write,
)
"""Rules that judge each touchpoint alone. They return the rows to hold, with `skipped_because`."""

ETIQUETTE = (*(rule.__name__ for rule in _ALONE), OWED_TOGETHER, "one_a_day", "capacity")
"""The names of the rules in their order, as in docs/etiquette.md."""

VERDICT: dict[str, pl.DataType] = {
    "row": pl.UInt32(),
    "rule": pl.String(),
    "skipped_because": pl.String(),
    "possible_on": pl.Date(),
}


def really_coming(basis: Basis) -> Basis:
    """Return the basis without coming rows that other rules will hold whatever the day is."""
    coming = basis.coming
    for rule in (closed, expired, had, stays_in_peace):
        if coming.height:
            coming = coming.join(rule(coming, basis), on="row", how="anti", maintain_order="left")
    return replace(basis, coming=coming)


def judge(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """
    Return VERDICT for each of *rows* (ROWS), in their order; planned rows have no verdict (null).

    Rows of practices that come first are judged before the others. Only another such practice
    can take their customer's day.
    """
    first = pl.col("practice").cast(pl.String).is_in(basis.first).fill_null(value=False)
    gone = as_touches(basis.history.filter(pl.col("date") == basis.day))
    ahead, planned = _judged(rows.filter(first), basis, gone=gone.filter(first))
    after_those = replace(basis, placed=touches_of(planned, basis))
    others, _ = _judged(
        rows.filter(~first), after_those, gone=pl.concat([gone, after_those.placed])
    )
    verdicts = pl.concat([ahead, others])
    return rows.select("row").join(verdicts, on="row", how="left", maintain_order="left")


def _judged(
    rows: pl.DataFrame, basis: Basis, *, gone: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return VERDICT of the rows that a rule holds, and the rows that are planned."""
    if rows.is_empty():
        return pl.DataFrame(schema=VERDICT), rows
    waiting, held = rows, []
    for rule in _ALONE:
        stopped = rule(waiting, basis)
        if stopped.is_empty():
            continue
        held.append(
            stopped.select("row", "idx", pl.lit(rule.__name__).alias("rule"), "skipped_because")
        )
        waiting = waiting.join(stopped, on="row", how="anti", maintain_order="left")
    planned, others = together(waiting, basis, gone=gone)
    return possible(rows, pl.concat([*held, others]), planned, basis), planned
