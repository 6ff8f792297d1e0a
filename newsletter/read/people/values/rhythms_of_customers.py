"""How often a customer wants to hear from the business: `every 4 weeks`, `alle zwei Wochen`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from newsletter.model.practice import Span, Unit
from newsletter.model.spans import USUAL, OwnRhythm
from newsletter.read.people.findings import Column, Findings, Reading
from newsletter.read.people.values.choices import replace_words
from newsletter.read.yaml import packaged_yaml

_WORDS: Any = packaged_yaml("cells.yml").data["rhythms"]
_MOST: Mapping[Unit, int] = {"day": 3660, "week": 520, "month": 120, "year": 10}
"""Ten years: longer spans are typing mistakes."""
_UNITS = {word: unit for unit in _MOST for word in _WORDS[unit]}
_NAMED = {
    **dict.fromkeys(_WORDS["fortnight"], Span(2, "week")),
    **dict.fromkeys(_WORDS["quarter"], Span(3, "month")),
    **dict.fromkeys(_WORDS["half year"], Span(6, "month")),
    **dict.fromkeys(_WORDS["daily"], Span(1, "day")),
    **dict.fromkeys(_WORDS["weekly"], Span(1, "week")),
    **dict.fromkeys(_WORDS["monthly"], Span(1, "month")),
    **dict.fromkeys(_WORDS["yearly"], Span(1, "year")),
}
_NUMBERS = {
    word: number for number, words in enumerate(_WORDS["numbers"], 1) for word in words.split()
}
_ONE = "one"
_EVERY = re.compile(rf"^(?:{'|'.join(_WORDS['every'])})\s+")
_AT_MOST = re.compile(rf"^(?:{'|'.join(map(re.escape, _WORDS['at most']))})\s+")
_EXAMPLES = {text: text for text in ("4 weeks", "3 months", "at most 6 weeks")}


def rhythm_text(written: str) -> str | None:
    """
    Return a rhythm as columns hold it, `4 weeks`; None if *written* is none.

    English, German and French are understood: `every 4 weeks`, `höchstens alle zwei Monate`.
    """
    text = " ".join(written.casefold().replace("’", "'").split()).rstrip(".")
    if text in _WORDS["usual"]:
        return USUAL
    rest = _AT_MOST.sub("", text)
    span = _span(_EVERY.sub("", rest))
    return str(OwnRhythm(span, at_most=rest != text)) if span else None


def read_rhythm(column: Column, findings: Findings) -> Reading:
    """Read how often; other words become null, with a remark."""
    words = column.text.drop_nulls().unique()
    known = {word.lower(): text for word in words if (text := rhythm_text(word))}
    return replace_words(column, findings, ours=known | _EXAMPLES, noun="rhythm")


def rhythm_examples() -> str:
    """Return some rhythms, for hints."""
    return ", ".join(_EXAMPLES)


def _span(text: str) -> Span | None:
    """Return the span in `4 weeks`, `zwei wochen`, `quarter` or `week`."""
    if text in _NAMED:
        return _NAMED[text]
    number, _, name = text.rpartition(" ")
    count = int(number) if number.isdecimal() else _NUMBERS.get(number or _ONE)
    unit = _NAMED.get(name) or (Span(1, _UNITS[name]) if name in _UNITS else None)
    return _checked(Span(unit.count * count, unit.unit)) if unit and count else None


def _checked(span: Span) -> Span | None:
    """Return the span unless it is too long, or none at all."""
    return span if 0 < span.count <= _MOST[span.unit] else None
