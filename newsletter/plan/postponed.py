"""Requests about something past, such as an order, do not run out while they wait for peace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace

import polars as pl

from newsletter.facts.basis import numbers
from newsletter.facts.feedback import feedback_to_date
from newsletter.facts.peace import SPAN, complaints, losses, pauses
from newsletter.facts.promises import owed_promises
from newsletter.model.peace import Peace
from newsletter.model.practice import Practice
from newsletter.plan.due import most_days, shift
from newsletter.plan.events import EVENTS, EventBasis
from newsletter.plan.windows import days_before, listed_from, start_of

Find = Callable[[Sequence[Practice], EventBasis, pl.DataFrame], tuple[pl.DataFrame, pl.DataFrame]]
"""Finds matches and the details of their events: of practices, in a calendar."""


_AT_ONCE = 100_000
"""Of so many customers all events of the past may be in memory together."""
_DAYS = 1 << 32
"""More than the number of possible days."""


def with_postponed(  # noqa: PLR0913  # each is a value of its own
    practices: Sequence[Practice],
    found: tuple[pl.DataFrame, pl.DataFrame],
    basis: EventBasis,
    names: pl.Enum,
    *,
    day: dt.date,
    find: Find,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """
    Return the matches of practices that share an event, with those that waited for peace.

    *found* are the matches without regard to peace, and the details of their events.
    """
    asking = [practice for practice in practices if may_be_postponed(practice)]
    spans = _waits(basis, asking, day=day) if asking else pl.DataFrame(schema=SPAN)
    since = spans["first"].min()
    if not isinstance(since, dt.date):
        return found
    rows, details = found
    listed = pl.col("last_day") >= listed_from(basis, day)
    calendar = days_before(asking, basis, names, since=since, day=day)
    parts, events = [_extended(rows, asking, spans, basis)], [details]
    for some in spans.iter_slices(_AT_ONCE):
        circle = with_colleagues(some["customer"], basis.facts)
        theirs = replace(basis, facts=basis.facts[circle], tables=basis.tables.of(circle))
        late, of_late = find(asking, theirs, calendar)
        late = late.with_columns(circle.gather(late["customer"]).alias("customer"))
        own = late.join(some, on="customer", how="semi")
        postponed = _extended(own, asking, some, basis).filter(listed)
        number = pl.int_range(pl.len(), dtype=pl.UInt32) + sum(part.height for part in events)
        events.append(of_late[postponed["event"]])
        parts.append(postponed.with_columns(event=number.cast(pl.UInt32)).select(rows.columns))
    return pl.concat(parts), pl.concat(events)


def with_colleagues(customers: pl.Series, facts: pl.DataFrame) -> pl.Series:
    """Return the rows of *customers* and of the contacts of their firms, who share orders."""
    firms = facts["account"].gather(customers).drop_nulls().unique()
    of_firm = facts.select(numbers(facts), "account").filter(
        pl.col("account").is_in(firms.implode())
    )
    return pl.concat([customers, of_firm["customer"]]).unique().sort()


def may_be_postponed(practice: Practice) -> bool:
    """Return whether the `until` of a practice does not count the time in which it waits."""
    foreseen = EVENTS[practice.event].foreseen if practice.event else True
    return practice.does == "ask" and not foreseen and practice.until is not None


def _waits(basis: EventBasis, asking: Sequence[Practice], *, day: dt.date) -> pl.DataFrame:
    """
    Return SPAN: the last days, without a break, on which each customer was not to be asked.

    Leaves out what ended so long ago that no practice can still be due for it.
    """
    longest = max(most_days(p.until, basis.config) for p in asking if p.until)
    recent = pl.col("last") >= pl.lit(day - dt.timedelta(days=longest + 1))
    spans = pl.concat(_spans(basis, basis.config.etiquette.peace, day=day))
    waiting = spans.filter(recent).select("customer")
    return _latest_runs(spans.join(waiting, on="customer", how="semi"))


def _latest_runs(spans: pl.DataFrame) -> pl.DataFrame:
    """Return SPAN: the last days without a break in the *spans* of each customer."""
    # Customer and day in one number: all days of a customer come after those of the one before.
    # A window for each customer would take ten times as long.
    above = pl.col("customer").cast(pl.Int64) * _DAYS
    ordered = spans.select(
        "customer",
        first=above + pl.col("first").to_physical(),
        last=above + pl.col("last").to_physical(),
    ).sort("first")
    reach = ordered["last"].cum_max()
    begins = (ordered["first"] > reach.shift() + 1).fill_null(value=True).arg_true()
    ends = begins.shift(-1, fill_value=ordered.height) - 1
    runs = pl.DataFrame([ordered["customer"][begins], ordered["first"][begins], reach[ends]])
    latest = runs.filter(pl.col("customer").ne_missing(pl.col("customer").shift(-1)))
    return latest.select(
        "customer",
        *((pl.col(name) - above).cast(pl.Int32).cast(pl.Date) for name in ("first", "last")),
    )


def _spans(basis: EventBasis, peace: Peace, *, day: dt.date) -> list[pl.DataFrame]:
    config, tables = basis.config, basis.tables
    spans = [pl.DataFrame(schema=SPAN)]
    if "ask" in peace.unhappy.stops:
        spans.append(complaints(tables["feedback"], config))
    if "ask" in peace.bereaved.stops:
        began = start_of(basis) - dt.timedelta(days=peace.bereaved.days)
        spans.append(losses(tables, config, basis.customs, first=began, today=day))
    if "ask" in peace.paused.stops:
        spans.append(pauses(tables["conversations"]))
        people = basis.facts.select(numbers(basis.facts), last="pause_until").drop_nulls()
        spans.append(people.select("customer", first=pl.lit(day), last="last"))
    if "ask" in peace.owed.stops:
        open_ = [
            feedback_to_date(tables, config).filter("open").select("customer", first="date"),
            owed_promises(tables, config).select("customer", first="date"),
        ]
        spans += [part.with_columns(last=pl.lit(day)).select(*SPAN) for part in open_]
    return [span.cast(pl.Schema(SPAN)) for span in spans]


def _extended(
    rows: pl.DataFrame, asking: Sequence[Practice], spans: pl.DataFrame, basis: EventBasis
) -> pl.DataFrame:
    """Return *rows* of proposals, the time in which they waited not counted in `last_day`."""
    named = {practice.name for practice in asking}
    waiting = rows.join(
        spans.select("customer", _from="first", _to="last"),
        on="customer", how="left", maintain_order="left",
    )  # fmt: skip
    later = pl.coalesce(
        pl.when(pl.col("practice") == practice.name).then(
            shift(pl.col("_to"), practice.until, basis.config)
        )
        for practice in asking
        if practice.until
    )
    waited = (pl.col("last_day") >= pl.col("_from")) & (pl.col("arrives") <= pl.col("_to"))
    is_asking = pl.col("practice").cast(pl.String).is_in(list(named))
    last = pl.when(is_asking & waited.fill_null(value=False)).then(
        pl.max_horizontal("last_day", later)
    )
    return waiting.with_columns(last_day=last.fill_null(pl.col("last_day"))).drop("_from", "_to")
