"""What a practice proposes: for whom its rule holds, when it is to arrive and until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl

from newsletter.errors import NewsletterError, Problem, did_you_mean, raise_all
from newsletter.model.practice import Practice
from newsletter.plan.due import latest_arrival, most_days, shift
from newsletter.plan.events import EVENTS, EventBasis, Window, columns_of, events_of
from newsletter.plan.rhythms import rhythm, since_start, state
from newsletter.rules.compile import compile_rule, names_in
from newsletter.rules.kinds import kind_of

PROPOSAL: dict[str, pl.DataType] = {
    "customer": pl.String(),
    "practice": pl.String(),
    "key": pl.String(),
    "on": pl.Date(),
    "about": pl.String(),
    "because": pl.String(),  # the event, and the rule of the practice
    "arrives": pl.Date(),
    "last_day": pl.Date(),  # on which it may still arrive; null: as long as it is due
    "priority": pl.Int64(),
    "owed": pl.Boolean(),
}
"""What every table of proposals begins with; the details of its event follow."""

PERIODS = {
    "year": pl.format("{}", pl.col("_at").dt.year()),
    "quarter": pl.format("{}-Q{}", pl.col("_at").dt.year(), pl.col("_at").dt.quarter()),
    "month": pl.col("_at").dt.to_string("%Y-%m"),
}
"""once_per → key, by the day `_at`."""


def proposals(
    practice: Practice, basis: EventBasis, *, day: dt.date, history: pl.DataFrame
) -> pl.DataFrame:
    """
    Return what the practice has to propose on *day*: PROPOSAL and the details of its event.

    That is all whose rule holds and whose day of arrival is not before the start and not later
    than what must leave on *day* (the post takes a while), up to the day after the last one, so
    that somebody can say that its time is over. What the history holds is in it, too. Sorted by
    customer and key. Raises NewsletterError where a name in the practice is wrong.
    """
    raise_all(wrong_names(practice, basis.facts.schema))
    rows = _rows(practice, _known_on(day, basis, history), day=day)
    rows = _once(practice, rows, day=day)
    schema = PROPOSAL | columns_of(practice.event)
    told = rows.with_columns(
        _because(practice),
        practice=pl.lit(practice.name),
        priority=practice.priority,
        owed=practice.owed,
    )
    return told.select(*schema).cast(pl.Schema(schema)).sort("customer", "key")


def wrong_names(practice: Practice, facts: Mapping[str, pl.DataType]) -> Iterator[Problem]:
    """Yield what is wrong with the names in the rule, in `once_per` and in `every`."""
    names = names_of(practice, facts)
    if practice.when:
        try:
            compile_rule(practice.when, names)
        except NewsletterError as error:
            yield from error.problems
    if _column(practice) not in ("", *names):
        what = f"unknown name '{practice.once_per}' in 'once_per'"
        known = [*names, "event", "customer", *PERIODS]
        hint = did_you_mean(practice.once_per, known) or (
            "write event, customer, year, quarter, month, or the name of a column"
        )
        yield Problem(message=what, at=practice.places.get("once_per", practice.at), hint=hint)
    for step in practice.every:
        known = [name for name, dtype in facts.items() if kind_of(dtype) == "yes/no"]
        if step.segment not in ("", *known):
            hint = did_you_mean(step.segment, known) or "write a segment of content/segments.yml"
            message = f"unknown segment '{step.segment}' in 'every'"
            yield Problem(message=message, at=practice.places.get("every", practice.at), hint=hint)


def names_of(practice: Practice, facts: Mapping[str, pl.DataType]) -> dict[str, pl.DataType]:
    """Return what `when:` and the words of a practice may name: facts, and its event's details."""
    details = EVENTS[practice.event].details if practice.event else {}
    return {**facts, **details}


def _known_on(day: dt.date, basis: EventBasis, history: pl.DataFrame) -> EventBasis:
    """Leave out what is written later, but foreseen events would show: entries and promises."""
    talks = basis.tables["conversations"].filter(pl.col("date") <= day)
    return replace(
        basis,
        entries=tuple(entry for entry in basis.entries if entry.date <= day),
        tables={**basis.tables, "conversations": talks, "history": history},
    )


def _rows(practice: Practice, basis: EventBasis, *, day: dt.date) -> pl.DataFrame:
    """Return the events, with `arrives`, `last_day` and `_value`: that of the once_per column."""
    facts, config = basis.facts, basis.config
    if practice.event:
        timely = _timely(practice, _arriving(practice, basis, day=day), basis, day=day)
        return _holding(practice, timely, facts)
    if practice.every:
        latest = latest_arrival(practice.channels, config, day=day)
        past = basis.tables["history"].filter(pl.col("date") <= day)
        due = rhythm(practice, facts, history=past, latest=latest, config=config)
        return _holding(practice, _timely(practice, due, basis, day=day), facts)
    customers = facts.select(pl.col("id").alias("customer"))
    due = state(practice, _holding(practice, customers, facts), day=day, config=config)
    return _timely(practice, due, basis, day=day)


def _arriving(practice: Practice, basis: EventBasis, *, day: dt.date) -> pl.DataFrame:
    """Return the events of the practice that may be due on that day, with `arrives`."""
    window = _window(practice, basis, day=day)
    found = events_of(
        practice.event, basis, first=window.first, last=window.last, date=practice.date
    )
    dated = found.filter(pl.col("on").is_not_null()).with_columns(
        arrives=shift(pl.col("on"), practice.offset, basis.config)
    )
    undated = found.filter(pl.col("on").is_null())
    spread = since_start(undated["customer"], practice, basis.config)
    return pl.concat([dated, undated.with_columns(arrives=spread)])


def _window(practice: Practice, basis: EventBasis, *, day: dt.date) -> Window:
    """Return the days on which an event may lie that is due on *day*, rather a few too many."""
    config, offset = basis.config, practice.offset
    first, last = _start(basis), latest_arrival(practice.channels, config, day=day)
    if practice.until:
        first = max(first, day - dt.timedelta(days=most_days(practice.until, config) + 1))
    distance = dt.timedelta(days=most_days(offset, config))
    if offset.count > 0:
        first -= distance
    elif offset.count < 0:
        last += distance
    # Of what cannot be foreseen nobody knows on that day, though the tables may hold it already.
    return Window(first, last if EVENTS[practice.event].foreseen else min(last, day))


def _timely(
    practice: Practice, rows: pl.DataFrame, basis: EventBasis, *, day: dt.date
) -> pl.DataFrame:
    """Return those that are due or were until yesterday, with `last_day`."""
    arrives, last = pl.col("arrives"), pl.lit(None, dtype=pl.Date)
    if practice.until:
        last = pl.when(pl.col("on").is_not_null()).then(
            shift(arrives, practice.until, basis.config)
        )
    latest = latest_arrival(practice.channels, basis.config, day=day)
    timely = rows.filter(arrives.is_between(_start(basis), latest)).with_columns(last_day=last)
    yesterday = pl.lit(day - dt.timedelta(days=1))
    return timely.filter((pl.col("last_day") >= yesterday).fill_null(value=True))


def _start(basis: EventBasis) -> dt.date:
    assert basis.config.start  # that it is missing where there are practices is said in reading
    return basis.config.start


def _holding(practice: Practice, rows: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Return the rows for which the rule holds, with `_value`: what is once_per, as text."""
    column = _column(practice)
    used = (names_in(practice.when) if practice.when else set()) | ({column} - {""})
    wanted = [name for name in facts.columns if name in used and name not in rows.columns]
    known = rows.join(
        facts.select(pl.col("id").alias("customer"), pl.col(wanted)),
        on="customer",
        how="inner",
        maintain_order="left",
    )
    if practice.when:
        known = known.filter(compile_rule(practice.when, known.schema))
    value = _as_text(column, known.schema[column]) if column else pl.lit(None, dtype=pl.String)
    return known.select(*rows.columns, value.alias("_value"))


def _column(practice: Practice) -> str:
    """Return the column that is once_per, nothing where it is none."""
    return "" if practice.once_per in ("event", "customer", *PERIODS) else practice.once_per


def _as_text(column: str, dtype: pl.DataType) -> pl.Expr:
    if isinstance(dtype, pl.List):
        return pl.col(column).cast(pl.List(pl.String)).list.sort().list.join(", ")
    return pl.col(column).cast(pl.String)


def _once(practice: Practice, rows: pl.DataFrame, *, day: dt.date) -> pl.DataFrame:
    """Return the rows with the key that `once_per` says, one for each customer and key."""
    if practice.once_per == "event":
        return rows
    if practice.once_per in PERIODS:
        # A state has no day of its own: it is due again with each period that begins.
        at = pl.col("arrives") if practice.event or practice.every else pl.lit(day)
        keyed = rows.with_columns(_at=at).with_columns(key=PERIODS[practice.once_per])
    elif practice.once_per == "customer":
        keyed = rows.with_columns(key=pl.lit("once"))
    else:
        keyed = rows.with_columns(key=pl.coalesce("_value", "key"))
    # Of two for one key the earlier, unless its time is over.
    over = (pl.col("last_day") < pl.lit(day)).fill_null(value=False)
    ordered = keyed.with_columns(_over=over).sort("customer", "key", "_over", "arrives", "on")
    return ordered.unique(["customer", "key"], keep="first", maintain_order=True)


def _because(practice: Practice) -> pl.Expr:
    """Return what happened, and the rule where there is one: order of 2026-10-31 (Ink); vip."""
    about = pl.col("about")
    if not practice.when:
        return about.alias("because")
    rule = " ".join(practice.when.text.split())
    told = (
        pl.when(about == "").then(pl.lit(rule)).otherwise(pl.format("{}; {}", about, pl.lit(rule)))
    )
    return told.alias("because")
