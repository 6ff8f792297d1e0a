"""Proposals are exactly the events that are due and not over."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import polars as pl
from hypothesis import given, strategies
from made import basis_of, practice
from made import settings as config_of

from newsletter.model.practice import Span
from newsletter.plan.due import latest_arrival, shift
from newsletter.plan.events import events_of
from newsletter.plan.proposals import proposals
from newsletter.plan.time_away import TimeAway

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


@given(
    kind=strategies.sampled_from(["order", "occasion"]),
    until=spans,
    belated=spans | strategies.none(),
    day=days,
    ago=strategies.integers(1, 40),
    length=strategies.integers(1, 60),
)
def test_what_fell_into_a_time_away_is_due_for_longer(
    *, kind: str, until: Span, belated: Span | None, day: D, ago: int, length: int
) -> None:
    """As long as `belated` says; if the time is not over, all that lapsed in it is listed."""
    last = day - dt.timedelta(ago)
    away = TimeAway(last - dt.timedelta(length), last, is_over=ago > 1)
    tested = practice(kind, until=until, belated=belated)

    rows = proposals([tested], replace(BASIS, away=(away,)), day=day).rows
    found = rows.select(BASIS.facts["id"].gather(rows["customer"]).alias("customer"), "last_day")

    timed = events_of(kind, BASIS, first=D(2020, 1, 1), last=day).with_columns(
        until=shift(pl.col("on"), until, CONFIG),
        late=shift(pl.col("on"), belated or until, CONFIG),
    )
    missed = (pl.col("on") <= away.last) & (pl.col("until") >= away.first)
    longer = pl.when(missed).then(pl.max_horizontal("until", "late")).otherwise("until")
    listed = day - dt.timedelta(days=1) if away.is_over else away.first
    due = timed.with_columns(last_day=longer).filter(
        pl.col("on").is_between(START, day), pl.col("last_day") >= listed
    )
    assert (
        found.sort("customer").rows() == due.select("customer", "last_day").sort("customer").rows()
    )
