"""Asking, selling and celebrating wait while something is owed, or for unhappy and sad times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from newsletter.model.peace import Effort, Peace
from newsletter.model.practice import Practice
from newsletter.model.tables import REACHED
from newsletter.plan.due import shift
from newsletter.plan.etiquette.evidence import Basis

FACTS = (
    *("owed", "open_feedback", "open_promise_by"),
    *("unhappy_until", "bereaved_until", "pause_until"),
)
"""The facts of customers that the rule reads."""


@dataclass(frozen=True)
class _State:
    """A state that some practices wait for to pass."""

    stops: tuple[Effort, ...]
    until: pl.Expr
    """Its last day, or the day before which it cannot pass; null: the customer is not in it."""
    reason: pl.Expr


def peace(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Hold the rows of practices that must wait until their customer's state has passed."""
    states = with_states(rows, basis)
    return states.filter(pl.col("until").is_not_null())


def stays_in_peace(coming: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Return the *coming* rows that must still wait on the day of acting, `act_on`."""
    return with_states(coming, basis).filter(pl.col("until") >= pl.col("act_on"))


def with_states(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """
    Return the *rows* that a state may stop, with `until` and `skipped_because`.

    `until` is the last day of the state that lasts longest; null: none stops the row.
    """
    stoppable = basis.subject_to("peace", rows).filter(~pl.col("owed"))
    table = basis.of(stoppable.drop("owed"), *FACTS)
    table = _with_asked(table, basis) if table.height else table.with_columns(_NOT_ASKED)
    states = [*_states(basis.config.etiquette.peace, basis)]
    ends = [_where(state, basis.practices, state.until) for state in states]
    last = pl.max_horizontal(ends)
    reasons = [
        pl.when(end == last).then(state.reason) for state, end in zip(states, ends, strict=True)
    ]
    return table.with_columns(until=last, skipped_because=pl.coalesce(reasons))


def effort_of(practice: Practice) -> tuple[Effort, ...]:
    """Return what a practice does: it cares, asks or celebrates, and perhaps sells as well."""
    return (practice.does, "sell") if practice.sells else (practice.does,)


def _where(state: _State, practices: Mapping[str, Practice], value: pl.Expr) -> pl.Expr:
    """Return *value* for the rows of practices that the state stops, else null."""
    stopped = [
        name
        for name, practice in practices.items()
        if not set(effort_of(practice)).isdisjoint(state.stops)
    ]
    is_stopped = pl.col("practice").cast(pl.String).is_in(stopped)
    return pl.when(is_stopped).then(value)


def _states(peace: Peace, basis: Basis) -> Iterator[_State]:
    """Yield the states; of several that end on one day, the first is the reason."""
    yield _State(
        peace.paused.stops,
        pl.col("pause_until"),
        basis.told("paused", date="pause_until"),
    )
    yield _State(
        peace.bereaved.stops,
        pl.col("bereaved_until"),
        basis.told("bereaved", date="bereaved_until"),
    )
    yield _State(
        peace.unhappy.stops,
        pl.col("unhappy_until"),
        basis.told("unhappy", date="unhappy_until"),
    )
    # Nobody knows when something is answered; a promise may take until its day.
    day = basis.day
    promised = pl.max_horizontal(pl.lit(day), "open_promise_by")
    yield _State(
        peace.owed.stops,
        pl.when("owed").then(promised),
        basis.told("owed"),
    )
    late = pl.col("open_feedback") | (pl.col("open_promise_by") < day).fill_null(value=False)
    yield _State(
        peace.overdue.stops,
        pl.when(late).then(pl.lit(day)),
        basis.told("overdue"),
    )
    yield _State(
        peace.asked.stops,
        pl.col("_asked_until"),
        basis.told("asked", date="_asked_until", practice=basis.title("_asked")),
    )


_NOT_ASKED = (
    pl.lit(None, pl.Date()).alias("_asked_until"),
    pl.lit(None, pl.String()).alias("_asked"),
)


def _with_asked(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Add until when a practice done before wants peace after it, and the practice's name."""
    after = [p for p in basis.practices.values() if p.peace_after]
    done = basis.history.filter(
        pl.col("practice").is_in([practice.name for practice in after]),
        REACHED,
    )
    if done.is_empty():
        return rows.with_columns(_NOT_ASKED)
    ends = [
        pl.when(pl.col("practice") == practice.name).then(
            shift(pl.col("date"), practice.peace_after, basis.config)
        )
        for practice in after
        if practice.peace_after
    ]
    name = pl.col("practice").cast(pl.String)
    spans = done.select("idx", _asked_until=pl.coalesce(ends), _asked=name)
    current = spans.filter(pl.col("_asked_until") >= pl.lit(basis.day))
    # A practice does not wait for itself, but for others.
    waiting = rows.select("row", "idx", pl.col("practice").cast(pl.String)).join(current, on="idx")
    others = waiting.filter(pl.col("practice") != pl.col("_asked")).sort("_asked_until", "_asked")
    last = others.unique("row", keep="last", maintain_order=True)
    columns = last.select("row", "_asked_until", "_asked")
    return rows.join(columns, on="row", how="left", maintain_order="left")
