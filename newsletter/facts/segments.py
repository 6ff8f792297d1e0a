"""Segments: named rules over customers, and those set by hand in the file, as yes/no columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter

import polars as pl

from newsletter.errors import NewsletterError, Problem, raise_all
from newsletter.model.entry import Segment
from newsletter.rules.compile import compile_rule, names_in


def add_segments(
    frame: pl.DataFrame,
    segments: Sequence[Segment],
    *,
    problems: list[Problem] | None = None,
) -> pl.DataFrame:
    """
    Add one Boolean column per segment, never null.

    A value of the file's own `segments` column is a segment, too (`Book club` → `book_club`); who
    has it there belongs to the rule of that name as well. A rule may use other segments, earlier
    or later ones. What is wrong goes to *problems*, and that segment is empty; without *problems*
    it is raised as one NewsletterError.
    """
    found: list[Problem] = []
    known = _with_segments(frame, segments, problems=found)
    if problems is None:
        raise_all(found)
    else:
        problems.extend(found)
    return known


def _with_segments(
    frame: pl.DataFrame, segments: Sequence[Segment], *, problems: list[Problem]
) -> pl.DataFrame:
    usable = [segment for segment in segments if _free(segment, frame, problems=problems)]
    by_hand = _by_hand(frame)
    ordered = _in_order(usable, problems=problems)
    circular = [segment.name for segment in usable if segment not in ordered]
    known = frame.with_columns(pl.lit(value=False).alias(name) for name in circular)
    known = known.with_columns(**by_hand)
    for segment in ordered:
        column = _column(segment, known, problems=problems)
        if segment.name in by_hand:
            column = column | by_hand[segment.name]
        known = known.with_columns(column.alias(segment.name))
    return known.select(*frame.columns, *dict.fromkeys([*by_hand, *(s.name for s in usable)]))


def _free(segment: Segment, frame: pl.DataFrame, *, problems: list[Problem]) -> bool:
    if segment.name not in frame.columns:
        return True
    message = f"'{segment.name}' is a field already"
    hint = "choose another name for the segment"
    problems.append(Problem(message=message, at=segment.rule.at, hint=hint))
    return False


def _by_hand(frame: pl.DataFrame) -> dict[str, pl.Expr]:
    """Return the segments that stand in the file, by the name they have in rules."""
    values = frame["segments"].explode().drop_nulls().unique().sort()
    spelt: dict[str, list[str]] = {}
    for value in values:
        spelt.setdefault(_name(value), []).append(value)
    return {
        name: pl.any_horizontal(
            pl.col("segments").list.contains(pl.lit(v)) for v in values_
        ).fill_null(value=False)
        for name, values_ in spelt.items()
        if name and name not in frame.columns
    }


def _name(value: str) -> str:
    name = re.sub(r"\W+", "_", value.lower()).strip("_")
    return name if name.isidentifier() else ""


def _in_order(segments: Sequence[Segment], *, problems: list[Problem]) -> list[Segment]:
    """Return the segments so that each comes after those its rule uses."""
    by_name = {segment.name: segment for segment in segments}
    uses = {name: sorted(_names(s) & by_name.keys()) for name, s in by_name.items()}
    try:
        return [by_name[name] for name in TopologicalSorter(uses).static_order()]
    except CycleError as error:
        circle = list(reversed(error.args[1]))
        first = by_name[circle[0]]
        message = f"segment '{first.name}' depends on itself: {' → '.join(circle)}"
        hint = "write one of these rules without the other"
        problems.append(Problem(message=message, at=first.rule.at, hint=hint))
        rest = [segment for segment in segments if segment.name not in circle]
        return _in_order(rest, problems=problems)


def _names(segment: Segment) -> set[str]:
    try:
        return names_in(segment.rule)
    except NewsletterError:  # said when it is compiled
        return set()


def _column(segment: Segment, known: pl.DataFrame, *, problems: list[Problem]) -> pl.Expr:
    try:
        return compile_rule(segment.rule, known.schema)
    except NewsletterError as error:
        problems.extend(error.problems)
        return pl.lit(value=False)
