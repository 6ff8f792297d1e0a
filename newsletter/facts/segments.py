"""Segments: named rules over customers, and those set by hand in the file, as yes/no columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from graphlib import CycleError, TopologicalSorter

import polars as pl

from newsletter.errors import NewsletterError, Problem, raise_all
from newsletter.facts import FACTS
from newsletter.model.entry import Segment
from newsletter.model.source import Source
from newsletter.rules.to_polars import compile_rule, names_in

Spellings = Mapping[str, Sequence[str]]
"""Name of a segment set by hand → its spellings in the file."""


def add_segments(
    frame: pl.DataFrame,
    segments: Sequence[Segment],
    *,
    by_hand: Spellings | None = None,
    problems: list[Problem] | None = None,
    headers: Mapping[str, str] | None = None,
) -> pl.DataFrame:
    """
    Add one Boolean column per segment, never null.

    Values of the file's `segments` column are segments, too (`Book club` → `book_club`). They add
    members to the rule of the same name. A rule may use other segments in any order.
    A segment with a problem is empty, and the problem goes to *problems*. Without *problems*, all
    problems are raised as one NewsletterError. *by_hand* has the segments set by hand; give it if
    *frame* is not the whole file. *headers* are those of the file with their fields.
    """
    faults: list[Problem] = []
    spelt = spelt_by_hand(frame) if by_hand is None else by_hand
    compiled = partial(_column, headers=headers or {}, problems=faults)
    flags = _with_segments(frame, segments, compiled, by_hand=spelt, problems=faults)
    if problems is None:
        raise_all(faults)
    else:
        problems.extend(faults)
    return flags


def spelt_by_hand(customers: pl.DataFrame) -> Spellings:
    """Return the segments set in the file, by their names in rules."""
    spelt: dict[str, list[str]] = {}
    for value in customers["segments"].explode().drop_nulls().unique().sort():
        name = _name(value)
        if name and name not in FACTS and name not in customers.columns:
            spelt.setdefault(name, []).append(value)
    return spelt


def names_read(
    rules: Iterable[Source], segments: Iterable[Segment], *, names: Iterable[str] = ()
) -> set[str]:
    """Return *names* and all names in the rules, including those of the segments they use."""
    by_name = {segment.name: segment for segment in segments}
    read = set(names).union(*map(_names, rules))
    waiting = list(read)
    while waiting:
        segment = by_name.get(waiting.pop())
        further = _names(segment.rule) - read if segment else set()
        read |= further
        waiting += further
    return read


def _with_segments(
    frame: pl.DataFrame,
    segments: Sequence[Segment],
    compiled: Callable[[Segment, Mapping[str, pl.DataType]], pl.Expr],
    *,
    by_hand: Spellings,
    problems: list[Problem],
) -> pl.DataFrame:
    usable = [segment for segment in segments if _free(segment, frame, problems=problems)]
    set_by_hand = {name: _has_any(values) for name, values in by_hand.items()}
    levels = _in_order(usable, problems=problems)
    circular = {segment.name for segment in usable}.difference(*levels)
    empty = {name: pl.lit(value=False) for name in circular}
    flagged = frame.with_columns(**empty, **set_by_hand)
    by_name = {segment.name: segment for segment in usable}
    for level in levels:
        schema = flagged.schema  # made anew at each look at it
        columns = {n: compiled(by_name[n], schema) for n in level}
        flagged = flagged.with_columns(
            **{n: c | set_by_hand[n] if n in set_by_hand else c for n, c in columns.items()}
        )
    return flagged.select(*frame.columns, *dict.fromkeys([*by_hand, *by_name]))


def _free(segment: Segment, frame: pl.DataFrame, *, problems: list[Problem]) -> bool:
    if segment.name not in frame.columns:
        return True
    message = f"'{segment.name}' is a field already"
    hint = "choose another name for the segment"
    problems.append(Problem(message=message, at=segment.rule.at, hint=hint))
    return False


def _has_any(values: Sequence[str]) -> pl.Expr:
    has = [pl.col("segments").list.contains(pl.lit(value)) for value in values]
    return pl.any_horizontal(has).fill_null(value=False)


def _name(value: str) -> str:
    name = re.sub(r"\W+", "_", value.lower()).strip("_")
    return name if name.isidentifier() else ""


def _in_order(segments: Sequence[Segment], *, problems: list[Problem]) -> list[tuple[str, ...]]:
    """Return the names of segments in levels; rules use segments of earlier levels only."""
    by_name = {segment.name: segment for segment in segments}
    uses = {name: sorted(_names(s.rule) & by_name.keys()) for name, s in by_name.items()}
    sorter = TopologicalSorter(uses)
    try:
        sorter.prepare()
    except CycleError as error:
        circle = list(reversed(error.args[1]))
        first = by_name[circle[0]]
        message = f"segment '{first.name}' depends on itself: {' → '.join(circle)}"
        hint = "write one of these rules without the other"
        problems.append(Problem(message=message, at=first.rule.at, hint=hint))
        others = [segment for segment in segments if segment.name not in circle]
        return _in_order(others, problems=problems)
    levels = []
    while sorter.is_active():
        levels.append(sorter.get_ready())
        sorter.done(*levels[-1])
    return levels


def _names(rule: Source) -> frozenset[str]:
    try:
        return names_in(rule)
    except NewsletterError:  # reported when it is compiled
        return frozenset()


def _column(
    segment: Segment,
    schema: Mapping[str, pl.DataType],
    *,
    headers: Mapping[str, str],
    problems: list[Problem],
) -> pl.Expr:
    try:
        return compile_rule(segment.rule, schema, headers)
    except NewsletterError as error:
        problems.extend(error.problems)
        return pl.lit(value=False)
