"""Segments as yes/no facts."""

from __future__ import annotations

import polars as pl
import pytest

from newsletter.errors import NewsletterError, Place, Problem
from newsletter.facts.segments import add_segments
from newsletter.model.entry import Segment
from newsletter.model.source import Source

FRAME = pl.DataFrame(
    {
        "id": ["a", "b", "c"],
        "city": ["Ulm", None, "Bonn"],
        "segments": [["Book club", "vip"], None, ["book-club"]],
    }
)


def _segments(**rules: str) -> list[Segment]:
    return [
        Segment(name=name, rule=Source(rule, Place(path="segments.yml", line=i + 1)))
        for i, (name, rule) in enumerate(rules.items())
    ]


def _wrong(segments: list[Segment]) -> tuple[list[str], pl.DataFrame]:
    problems: list[Problem] = []
    frame = add_segments(FRAME, segments, problems=problems)
    return [str(problem) for problem in problems], frame


def test_segments_may_use_each_other_in_any_order() -> None:
    """Columns are in the order of the file, those set by hand first."""
    frame = add_segments(FRAME, _segments(near="south and not vip", south='city == "Ulm"'))
    assert frame.columns == ["id", "city", "segments", "book_club", "vip", "near", "south"]
    assert frame["south"].to_list() == [True, False, False]
    assert frame["near"].to_list() == [False, False, False]


def test_a_segment_may_have_a_column_in_the_customer_file() -> None:
    """Customers marked there belong to the segment, along with those for whom its rule holds."""
    frame = add_segments(FRAME, _segments(vip='city == "Bonn"'))
    assert frame["vip"].to_list() == [True, False, True]
    assert frame["book_club"].to_list() == [True, False, True]


def test_a_circle_of_segments_is_named() -> None:
    """It is reported once; its segments are empty, and the others still work."""
    messages, frame = _wrong(_segments(a="b", b="c or a", c='city == "Ulm"', d="not a"))
    assert messages == [
        "segments.yml:1: segment 'a' depends on itself: a → b → a\n"
        "  hint: write one of these rules without the other"
    ]
    assert frame.select("a", "c", "d").rows() == [
        (False, True, True),
        (False, False, True),
        (False, False, True),
    ]


def test_a_segment_cannot_take_the_name_of_a_field() -> None:
    """It would change the meaning of other rules."""
    messages, _ = _wrong(_segments(city="id == 'a'"))
    assert messages == [
        "segments.yml:1: 'city' is a field already\n  hint: choose another name for the segment"
    ]


def test_a_misspelt_field_suggests_the_nearest_name() -> None:
    """Problems are collected, or raised without a collector."""
    segments = _segments(south='ctiy == "Ulm"', north="suoth")
    messages, frame = _wrong(segments)
    assert [text.splitlines()[0] for text in messages] == [
        "segments.yml:1:1: unknown name 'ctiy'",
        "segments.yml:2:1: unknown name 'suoth'",
    ]
    assert frame["south"].to_list() == [False] * 3
    with pytest.raises(NewsletterError, match="did you mean 'city'"):
        add_segments(FRAME, segments)
