"""Prompts for handwritten notes: two or three things to mention, none of them twice."""

from __future__ import annotations

import datetime as dt
import re
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

import polars as pl

from newsletter.facts.orders import kept
from newsletter.mailing.phrases import Phrases
from newsletter.model.care import CarePlan, Note, Prompt
from newsletter.model.channels import PENNED
from newsletter.model.practice import PERSONAL

MOST = 3
"""Prompts of a note."""
_PLEASED = 7
"""Customers like to be reminded of scores from here on."""
_COLUMNS = ("customer", "kind", "date", "key", "what")

KINDS = ("conversation", "order", "years", "service", "occasion", "feedback")
"""In the order in which they are given; each has a phrase `prompt_…` in the theme."""
TOPICS = {
    "conversation": "conversation",
    "feedback": "conversation",
    "order": "order",
    "years": "years",
}
"""Kind of prompt → what the words of a note may be about: `customer.note_about`."""
_SUBJECTS = ("conversation", "order", "service", "feedback")
"""Events with a detail `<event>_date` whose notes are about just that."""


class _Candidate(NamedTuple):
    kind: str
    date: dt.date
    key: str
    what: str


class _Past(NamedTuple):
    """A note that was written before."""

    date: dt.date
    key: str
    prompts: Sequence[str] | None
    """None: nobody recorded what it mentioned."""


def notes_to(
    plan: CarePlan,
    tables: Mapping[str, pl.DataFrame],
    *,
    customers: Collection[str],
    phrases: Phrases,
) -> dict[str, Note]:
    """
    Return what a note to each of *customers* may mention, and what its words are about.

    What the note is for comes first, then the newest of each kind, then older ones. Leaves out
    what earlier notes mentioned, refunds, feedback without a good score, occasions if the family
    must not be mentioned, and texts that share a word with the customer's `not_to_mention`. An
    earlier note without recorded prompts counts as if it had mentioned what it was offered on its
    day.
    """
    readers = _readers(plan, plan.facts.filter(pl.col("id").is_in(list(customers))))
    past = {
        name: tables[name].filter(pl.col("customer").is_in(readers["id"].implode()))
        for name in ("orders", "conversations", "services", "occasions", "feedback", "history")
    }
    known, written = _known(_candidates(readers, past, plan.day)), _written(past)
    subjects, result = _subjects(plan), {}
    for reader in readers.select("id", "not_to_mention", "_began").iter_rows():
        customer, silent, began = reader
        memory = _Memory(customer, _unsilenced(known.get(customer, ()), silent), began)
        memory.remember(written.get(customer, ()))
        key, subject = subjects.get(customer, ("", ""))
        offered, about = memory.next_note(plan.day, key, subject=subject)
        result[customer] = Note(tuple(_prompt(item, phrases) for item in offered), about)
    return result


class _Memory:
    """What was mentioned to a customer so far, and what their last note was about."""

    def __init__(self, customer: str, known: Sequence[_Candidate], began: dt.date | None) -> None:
        self._customer, self._known, self._began = customer, known, began
        self._used: set[str] = set()
        self._about: str | None = None

    def remember(self, written: Iterable[_Past]) -> None:
        """Take in the notes of the past, the oldest first."""
        written = list(written)
        for note in written:
            self._used.update(note.prompts or ())
        for note in written:
            if note.prompts is None:
                offered, self._about = self.next_note(note.date, note.key)
                self._used.update(item.key for item in offered)
            else:
                kinds = [key.partition(" ")[0] for key in note.prompts]
                self._about = self._topic(kinds, note.key)

    def next_note(
        self, day: dt.date, key: str, *, subject: str = ""
    ) -> tuple[list[_Candidate], str | None]:
        """Return what a note of that day may mention, *subject* first, and what it is about."""
        by_kind: dict[str, list[_Candidate]] = {kind: [] for kind in KINDS}
        for item in (*self._known, *self._years(day)):
            if item.date <= day:
                by_kind[item.kind].append(item)
        by_age = [item for items in zip_longest(*by_kind.values()) for item in items if item]
        ordered = [item for item in by_age if item.key not in self._used]
        ordered.sort(key=lambda item: item.key != subject)
        offered = ordered[:MOST]
        if offered and offered[0].key == subject:
            return offered, TOPICS.get(offered[0].kind)
        return offered, self._topic([item.kind for item in offered], key)

    def _topic(self, kinds: Iterable[str], key: str) -> str | None:
        """Return one of the topics, never that of the last note unless it is the only one."""
        topics = list(dict.fromkeys(TOPICS[kind] for kind in kinds if kind in TOPICS))
        others = [topic for topic in topics if topic != self._about] or topics
        number = zlib.crc32(f"{self._customer} {key}".encode())
        return others[number % len(others)] if others else None

    def _years(self, day: dt.date) -> Iterator[_Candidate]:
        """Yield the years complete on a day in the past; those of today are among the known."""
        if self._began is None or any(
            item.kind == "years" and item.date == day for item in self._known
        ):
            return
        began, this_year = self._began, (day.month, day.day)
        years = day.year - began.year - (this_year < (began.month, began.day))
        if years >= 1:
            yield _Candidate("years", day, f"years {years}", str(years))


def _readers(plan: CarePlan, people: pl.DataFrame) -> pl.DataFrame:
    """Return the customers with `years_as_customer` of the day on which they read their note."""
    by_hand = plan.planned.filter(pl.col("channel").is_in(PENNED))
    arrival = by_hand.group_by("customer").agg(pl.col("arrives").max().alias("_arrives"))
    waiting = pl.col("_arrives") - pl.lit(plan.day) >= pl.duration(days="days_to_anniversary")
    years = pl.when(waiting).then("anniversary_years").otherwise("years_as_customer")
    placed = people.join(arrival, left_on="id", right_on="customer", how="left")
    began = pl.coalesce("customer_since", "first_order_date")
    return placed.with_columns(years_as_customer=years, _began=began)


def _known(candidates: pl.DataFrame) -> dict[str, list[_Candidate]]:
    """Return customer → what could be mentioned, the newest first."""
    known: dict[str, list[_Candidate]] = {}
    for customer, *item in candidates.sort("date", "key", descending=True).iter_rows():
        known.setdefault(customer, []).append(_Candidate(*item))
    return known


def _written(past: Mapping[str, pl.DataFrame]) -> dict[str, list[_Past]]:
    """Return customer → notes written before, the oldest first; some are mere conversations."""
    by_hand = pl.col("channel").cast(pl.String).is_in(PENNED)
    history = past["history"].filter(pl.col("outcome").fill_null("done") == "done")
    mentioned = pl.col("prompts").list.len() > 0
    sent = history.filter((by_hand & PERSONAL) | mentioned).select(
        "customer", "date", "key", prompts=pl.when(mentioned).then("prompts")
    )
    noted = (
        past["conversations"]
        .filter(by_hand)
        .select(
            "customer",
            "date",
            key=pl.lit(None, pl.String()),
            prompts=pl.lit(None, sent.schema["prompts"]),
        )
    )
    written: dict[str, list[_Past]] = {}
    rows = pl.concat([sent, noted]).sort("customer", "date", "key")
    for customer, date, key, prompts in rows.iter_rows():
        note = _Past(date or dt.date.min, key or "", prompts)
        written.setdefault(customer, []).append(note)
    return written


def _subjects(plan: CarePlan) -> dict[str, tuple[str, str]]:
    """Return customer → the key of their note, and of the prompt that it is for."""
    subjects: dict[str, tuple[str, str]] = {}
    by_hand = plan.planned.filter(pl.col("channel").is_in(PENNED))
    for (practice,), rows in by_hand.group_by("practice", maintain_order=True):
        days = _days(plan.events[str(practice)]) if practice in plan.events else {}
        for customer, key in rows.select("customer", "key").iter_rows():
            subjects[customer] = key or "", days.get((customer, key), "")
    return subjects


def _days(events: pl.DataFrame) -> dict[tuple[str, str], str]:
    """Return customer and key → the prompt that is the subject of the event; empty: none."""
    kinds = [kind for kind in _SUBJECTS if f"{kind}_date" in events.columns]
    rows = [
        (customer, key, f"{kind} {day}")
        for kind in kinds
        for customer, key, day in events.select("customer", "key", f"{kind}_date").iter_rows()
    ]
    return {(customer, key): subject for customer, key, subject in rows}


def _candidates(
    readers: pl.DataFrame, tables: Mapping[str, pl.DataFrame], day: dt.date
) -> pl.DataFrame:
    past = {name: table.filter(pl.col("date") <= day) for name, table in tables.items()}
    family = readers.filter(pl.col("mention_family").fill_null(value=False))["id"]
    occasions = past["occasions"].filter(pl.col("customer").is_in(family.implode()))
    remarked = pl.concat_str("occasion", "remark", separator=": ", ignore_nulls=True)
    # Without a score, nobody can tell that it is praise.
    pleased = (pl.col("score") >= _PLEASED).fill_null(value=False)
    parts = [
        _kind("conversation", past["conversations"], what=pl.col("text")),
        _kind("order", kept(past["orders"]), what=pl.col("product")),
        _kind("service", past["services"], what=pl.col("title")),
        _kind("occasion", occasions, what=remarked, names=pl.col("occasion")),
        _kind("feedback", past["feedback"].filter(pleased), what=pl.col("text")),
        _years(readers, day),
    ]
    return pl.concat(parts)


def _kind(
    kind: str, table: pl.DataFrame, *, what: pl.Expr, names: pl.Expr | None = None
) -> pl.DataFrame:
    """Return one candidate for each customer and day, its texts joined."""
    names = pl.lit(kind) if names is None else pl.lit(f"{kind} ") + names
    texts = table.select(
        "customer",
        "date",
        key=names + " " + pl.col("date").dt.to_string("%Y-%m-%d"),
        what=what.cast(pl.String),
    ).drop_nulls()
    by_day = texts.group_by("customer", "date", "key").agg(pl.col("what").unique().sort())
    joined = by_day.with_columns(pl.col("what").list.join(", "), kind=pl.lit(kind))
    return joined.select(_COLUMNS)


def _years(readers: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    years = pl.col("years_as_customer").cast(pl.String)
    long = readers.filter(pl.col("years_as_customer") >= 1)
    return long.select(
        customer="id", kind=pl.lit("years"), date=pl.lit(day), key="years " + years, what=years
    )


def _prompt(item: _Candidate, phrases: Phrases) -> Prompt:
    phrase = f"prompt_{'year' if (item.kind, item.what) == ('years', '1') else item.kind}"
    return Prompt(item.key, phrases.say(phrase, date=item.date, what=item.what))


def _unsilenced(known: Sequence[_Candidate], not_to_mention: str | None) -> list[_Candidate]:
    """Return what shares no word of four letters or more with *not_to_mention*."""
    silent = _words(not_to_mention or "")
    return [item for item in known if silent.isdisjoint(_words(item.what))] if silent else [*known]


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w{4,}", text.casefold()))
