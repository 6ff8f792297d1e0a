"""Proposals are exactly the events that are due and not over."""

from __future__ import annotations

import datetime as dt

import polars as pl
from hypothesis import given, strategies
from made import basis_of, practice
from made import settings as config_of

from newsletter.model.practice import Span
from newsletter.plan.due import latest_arrival, shift
from newsletter.plan.events import events_of
from newsletter.plan.proposals import proposals

D = dt.date
START = D(2025, 6, 1)
CONFIG = config_of(
    start=START, etiquette={"quiet_days": ["saturday", "sunday", D(2026, 12, 25)], "post_days": 3}
)
DAYS = [D(2023, 1, 1) + dt.timedelta(n) for n in range(0, 5 * 365, 3)]
PEOPLE = [{"id": f"C{n:04}"} for n in range(len(DAYS))]
ORDERS = [{"customer": f"C{n:04}", "date": day, "amount": 1.0} for n, day in enumerate(DAYS)]
OCCASIONS = [
    {"customer": f"C{n:04}", "date": day, "occasion": "move"} for n, day in enumerate(DAYS)
]
BASIS = basis_of(PEOPLE, config=CONFIG, orders=ORDERS, occasions=OCCASIONS, day=D(2028, 1, 1))

spans = strategies.builds(
    Span,
    strategies.integers(0, 20),
    strategies.sampled_from(["day", "working day", "week", "month"]),
)
days = strategies.dates(D(2025, 5, 20), D(2027, 6, 1))


@given(
    kind=strategies.sampled_from(["order", "occasion", "occasion anniversary"]),
    offset=spans,
    before=strategies.booleans(),
    until=spans,
    day=days,
    channel=strategies.sampled_from(["email", "letter"]),
)
def test_a_window_of_days_finds_exactly_the_due_events(
    *, kind: str, offset: Span, before: bool, until: Span, day: D, channel: str
) -> None:
    """Looking at the relevant days alone finds the same as looking at all events."""
    if before and kind != "order":
        offset = Span(-offset.count, offset.unit)
    tested = practice(kind, offset=offset, until=until, channels=(channel,))

    rows = proposals([tested], BASIS, day=day).rows
    rows = rows.with_columns(BASIS.facts["id"].gather(rows["customer"]).alias("customer"))

    last = D(2030, 1, 1) if kind != "order" else day
    all_events = events_of(kind, BASIS, first=D(2020, 1, 1), last=last)
    arrives = all_events.with_columns(arrives=shift(pl.col("on"), offset, CONFIG))
    timed = arrives.with_columns(last_day=shift(pl.col("arrives"), until, CONFIG))
    due = timed.filter(
        pl.col("arrives").is_between(START, latest_arrival((channel,), CONFIG, day=day)),
        pl.col("last_day") >= day - dt.timedelta(days=1),
    )
    columns = ["customer", "key", "on", "arrives", "last_day"]
    assert rows.select(columns).rows() == due.select(columns).sort("customer", "key").rows()
