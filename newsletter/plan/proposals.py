"""What practices propose: for which customers, on which day, and until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import polars as pl

from newsletter.facts.basis import gathered, numbers
from newsletter.model.care import EVENT
from newsletter.model.events import LATE
from newsletter.model.occasions import HAPPY
from newsletter.model.practice import Practice
from newsletter.plan.because import because, rule_told
from newsletter.plan.due import latest_arrival
from newsletter.plan.events import EventBasis, Window, days_late, find_events
from newsletter.plan.joined import due_by, joined
from newsletter.plan.once import once, once_column, once_value
from newsletter.plan.postponed import with_postponed
from newsletter.plan.rhythms import COUNTED, checksums, rhythm, since_start, state
from newsletter.plan.windows import due_days, start_of, timely, window_of
from newsletter.rules.to_polars import compile_rule, names_in

PROPOSAL: dict[str, type[pl.DataType] | pl.DataType] = {
    "customer": pl.UInt32(),  # the row of the facts
    "practice": pl.Enum,  # of the names of all practices
    "key": pl.String(),
    "on": pl.Date(),
    "about": pl.String(),
    "because": pl.String(),  # the event, and the rule of the practice
    "arrives": pl.Date(),
    "last_day": pl.Date(),  # on which it may still arrive; null: as long as it is due
    "priority": pl.Int64(),
    "owed": pl.Boolean(),
    "slug": pl.String(),  # of the entry that it is about; null: it is about none
    "event": pl.UInt32(),  # row of its details; null: it has no event
}

KINDS_OF_OCCASIONS = ("occasion_kind", "occasion_family")
"""The details of occasions that a rule must name to hold for sad and unknown ones."""
ABOUT_ENTRIES = ("answer", "article", "event")
"""Events that are about an entry, whose slug is one of their details: `answer_slug` …"""


@dataclass(frozen=True)
class Proposals:
    """What practices propose, and the events behind it."""

    rows: pl.DataFrame
    """PROPOSAL, by customer, practice and key."""
    details: Mapping[str, pl.DataFrame]
    """Practice → the details of its events."""

    def events(
        self, rows: pl.DataFrame, ids: pl.Series, *, arrival: pl.Series
    ) -> dict[str, pl.DataFrame]:
        """
        Return, for each practice, EVENT and details of some of the rows, in their order.

        *ids* holds the id of each row of the facts, *arrival* the day on which each of *rows*
        reaches its customer if somebody acts today.
        """
        customer = ids.gather(rows["customer"]).alias("customer")
        columns = [customer, *(rows[name] for name in ("key", "on", "about", "practice", "event"))]
        columns.append(arrival.alias("_arrival"))
        parts = pl.DataFrame(columns).partition_by("practice", as_dict=True)
        nothing = pl.DataFrame(columns).clear()
        by_practice = {}
        for practice, details in self.details.items():
            part = parts.get((practice,), nothing)
            found = part.hstack(details[part["event"]]) if details.width else part
            if LATE in details.columns:
                found = found.with_columns(days_late("on", pl.col("_arrival")))
            by_practice[practice] = found.select(*EVENT, *details.columns)
        return by_practice


def proposals(
    practices: Sequence[Practice], basis: EventBasis, *, day: dt.date, ahead: int = 0
) -> Proposals:
    """
    Return what practices propose on *day*. Issues are not proposed here.

    Includes every match due on *day*, even if already done. Includes letters that must leave on
    *day* to arrive in time. Includes matches one day past their deadline, to show that they are
    too late. As far as *ahead*, includes what `looks_ahead` says of days to come. The names in
    the practices must be right (wrong_names).
    """
    names = pl.Enum([practice.name for practice in practices])
    planned = [practice for practice in practices if not practice.is_issue]
    if not planned:
        return Proposals(rows=pl.DataFrame(schema={**PROPOSAL, "practice": names}), details={})
    # Entries dated later are unknown on *day*, even if their event can be foreseen.
    basis = replace(basis, entries=tuple(e for e in basis.entries if e.date <= day))
    calendar = due_days([p for p in planned if p.event], basis, names, day=day, ahead=ahead)
    days = calendar.partition_by("_practice", as_dict=True)
    parts: list[pl.DataFrame] = []
    details: dict[str, pl.DataFrame] = {}
    for group in _by_event(planned):
        if group[0].event:
            dated = [days.get((practice.name,), calendar.clear()) for practice in group]
            found = _eventful(group, basis, pl.concat(dated), day=day, ahead=ahead)
            rows, events = with_postponed(
                group, found, basis, names, day=day, find=partial(_eventful, day=day, ahead=ahead)
            )
        else:
            rows, events = _uneventful(group, basis, names, day=day), pl.DataFrame()
        parts.append(rows)
        details |= {practice.name: events for practice in group}
    settings = _settings(planned, basis, names, day=day)
    rows = pl.concat(parts).join(settings, on="practice", how="left")
    told = because(planned, basis, day=day)
    keyed = once(rows, day=day).with_columns(because=told).select(*PROPOSAL)
    ordered = {practice.name: details[practice.name] for practice in planned}
    return Proposals(rows=keyed.sort("customer", "practice", "key"), details=ordered)


_MATCH: dict[str, type[pl.DataType] | pl.DataType] = {
    "customer": pl.UInt32(),
    "practice": pl.Enum,
    "key": pl.String(),
    "on": pl.Date(),
    "about": pl.String(),
    "arrives": pl.Date(),
    "last_day": pl.Date(),
    "slug": pl.String(),
    "event": pl.UInt32(),
    "_value": pl.String(),  # of the column that is once_per
}


def _by_event(practices: Sequence[Practice]) -> list[list[Practice]]:
    """Return the practices of each event together; those without an event are the last."""
    groups: dict[tuple[str, str], list[Practice]] = {}
    for practice in practices:
        groups.setdefault((practice.event, practice.date), []).append(practice)
    return list(groups.values())


def _eventful(
    practices: Sequence[Practice],
    basis: EventBasis,
    calendar: pl.DataFrame,
    *,
    day: dt.date,
    ahead: int,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """
    Return _MATCH of practices that share an event, and the details of these events.

    *calendar* holds the due_days of the practices.
    """
    event = practices[0].event
    windows = [window_of(practice, basis, day=day, ahead=ahead) for practice in practices]
    first, last = min(w.first for w in windows), max(w.last for w in windows)
    early = calendar["on"].min()  # of postponed tasks; before all windows
    first = min(first, early) if isinstance(early, dt.date) else first
    events = find_events(event, basis, Window(first, last, practices[0].date))
    numbered = events.with_row_index("_event")
    rows = numbered.join(calendar, on="on", how="inner")
    if events["on"].has_nulls():
        rows = pl.concat([rows, *_undated(practices, numbered, rows.schema, basis, day=day)])
    slug = pl.col(f"{event}_slug") if event in ABOUT_ENTRIES else pl.lit(None, dtype=pl.String)
    holds = partial(_holding, practices, facts=basis.facts)
    holding, events = joined(practices, (holds(rows), events), basis, day=day, holds=holds)
    if not ahead:
        holding = due_by(practices, holding, basis.config, day=day)
    value = once_value(practices, holding.schema)
    columns = {"practice": "_practice", "event": "_event", "slug": slug, "_value": value}
    named = {name: columns.get(name, name) for name in _MATCH}
    return holding.select(**named), pl.DataFrame(events.get_columns()[len(EVENT) :])


def _undated(
    practices: Sequence[Practice],
    events: pl.DataFrame,
    schema: pl.Schema,
    basis: EventBasis,
    *,
    day: dt.date,
) -> Iterator[pl.DataFrame]:
    """Yield each practice's events without a day, spread over the first days after the start."""
    undated = events.filter(pl.col("on").is_null())
    ids = basis.facts["id"].gather(undated["customer"])
    undated = undated.hstack(checksums(ids))
    for practice in practices:
        latest = latest_arrival(practice.channels, basis.config, day=day)
        rows = undated.with_columns(
            _practice=pl.lit(practice.name, schema["_practice"]),
            arrives=since_start(undated, practice, basis.config),
            last_day=pl.lit(None, dtype=pl.Date),
        )
        yield rows.filter(pl.col("arrives").is_between(start_of(basis), latest)).select(*schema)


def _uneventful(
    practices: Sequence[Practice], basis: EventBasis, names: pl.Enum, *, day: dt.date
) -> pl.DataFrame:
    """Return _MATCH of practices without an event: rhythms and states."""
    config, ids = basis.config, basis.facts["id"]
    people = basis.facts.hstack([numbers(basis.facts), *checksums(ids)])
    parts = []
    for practice in practices:
        rule = compile_rule(practice.when, people.schema) if practice.when else pl.lit(value=True)
        # Filtering copies all columns: drop those that nothing reads.
        read = _read_of(practice)
        narrow = people[[name for name in people.columns if name in read]]
        holding = narrow.filter(rule).with_columns(_value=once_value([practice], narrow.schema))
        past = basis.tables["history"]
        if practice.every:
            latest = latest_arrival(practice.channels, config, day=day)
            words = basis.reasons
            due = rhythm(
                practice, holding, history=past, latest=latest, config=config, reasons=words
            )
        else:
            customers = holding.select("customer", "_crc", "_length", "_value")
            due = state(practice, customers, history=past, day=day, config=config)
        parts.append(
            due.select(
                "customer", "key", "on", "about", "arrives", "_value",
                _practice=pl.lit(practice.name, names),
            )
        )  # fmt: skip
    rows = timely(practices, pl.concat(parts), basis, day=day)
    no_event = {"slug": pl.lit(None, pl.String()), "event": pl.lit(None, pl.UInt32())}
    return rows.with_columns(practice="_practice", **no_event).select(*_MATCH)


def _read_of(practice: Practice) -> set[str]:
    """Return the columns that a practice without an event reads."""
    names = {"customer", "_crc", "_length", "customer_since", once_column(practice)}
    names |= names_in(practice.when) if practice.when else set()
    if practice.every:
        names.update(COUNTED[practice.counted_from], (step.segment for step in practice.every))
    return names


def _holding(
    practices: Sequence[Practice], rows: pl.DataFrame, facts: pl.DataFrame
) -> pl.DataFrame:
    """Return the rows for which the rule of their practice holds, with the facts that it reads."""
    used = {once_column(practice) for practice in practices}
    used.update(*(names_in(practice.when) for practice in practices if practice.when))
    wanted = [name for name in facts.columns if name in used and name not in rows.columns]
    with_facts = rows.hstack(gathered(facts, rows["customer"], *wanted)) if wanted else rows
    holds = [
        (pl.col("_practice") == practice.name) & _rule_holds(practice, with_facts.schema)
        for practice in practices
    ]
    return with_facts.filter(pl.any_horizontal(holds))


def _rule_holds(practice: Practice, schema: Mapping[str, pl.DataType]) -> pl.Expr:
    """Return whether the rule holds; only rules that name them hold for sad occasions."""
    holds = compile_rule(practice.when, schema) if practice.when else pl.lit(value=True)
    named = names_in(practice.when) if practice.when else frozenset()
    if "occasion_family" not in schema or not named.isdisjoint(KINDS_OF_OCCASIONS):
        return holds
    return holds & pl.col("occasion_family").is_in(HAPPY)


def _settings(
    practices: Sequence[Practice], basis: EventBasis, names: pl.Enum, *, day: dt.date
) -> pl.DataFrame:
    """Return the settings that all rows of a practice share, a row for each practice."""
    rows = [
        (
            practice.name,
            practice.once_per,
            not practice.event and not practice.every,
            rule_told(practice, basis),
            practice.priority,
            practice.owed,
            latest_arrival(practice.channels, basis.config, day=day),
        )
        for practice in practices
    ]
    schema = {"practice": names, "_once_per": pl.String(), "_is_state": pl.Boolean()}
    schema |= {"_rule": pl.String(), "priority": pl.Int64(), "owed": pl.Boolean()}
    schema |= {"_latest": pl.Date()}
    return pl.DataFrame(rows, schema=schema, orient="row")
