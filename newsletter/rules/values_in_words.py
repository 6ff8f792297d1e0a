"""Tells one value of a customer, or its comparison, in words: last order 20 days ago."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from newsletter.model.reasons import Reasons

SIGNS = {
    "eq": "exactly",
    "ne": "not",
    "lt": "less",
    "lteq": "at_most",
    "gt": "more",
    "gteq": "at_least",
}
"""Jinja's name of a comparison → the key of its phrase."""
COUNTS: Mapping[tuple[str, int], str] = {
    ("eq", 0): "none",
    ("lt", 1): "none",
    ("lteq", 0): "none",
    ("ne", 0): "some",
    ("gt", 0): "some",
    ("gteq", 1): "some",
    ("eq", 1): "single",
    ("gt", 1): "several",
    ("gteq", 2): "several",
}
"""Comparisons of a whole number that is never negative, with phrases of their own."""


def value_in_words(name: str, value: object, reasons: Reasons) -> str:
    """Return a customer's value in words: last order 20 days ago, belongs to “vip”."""
    if value is None:
        return reasons.phrase("missing", name)
    if isinstance(value, bool):
        return yes_or_no(name, reasons, holds=value)
    if isinstance(value, int | float):
        count = counted(name, "eq", value, reasons)
        own = reasons.has("exactly", name)
        shown = reasons.number(value, name)
        amount = reasons.phrase("exactly", name, value=shown) if own else shown
        return count or _sentence(name, amount, reasons, kind="number")
    if isinstance(value, dt.date):
        return dated(name, "eq", value, reasons)
    if isinstance(value, str):
        return reasons.phrase("is", name, value=reasons.text(value, name))
    items = value if isinstance(value, list) else []
    texts = [reasons.text(item) for item in items if isinstance(item, str)]
    included = reasons.phrase("includes", name, value=reasons.all_of(texts))
    return included if texts else reasons.phrase("known" if value else "missing", name)


def yes_or_no(name: str, reasons: Reasons, *, holds: bool) -> str:
    """Return a yes or a no in words; a no also stands for a missing value."""
    if reasons.is_segment(name):
        return reasons.phrase("segment" if holds else "segment_not", name)
    return reasons.phrase("yes" if holds else "no", name)


def counted(name: str, sign: str, value: float, reasons: Reasons) -> str:
    """Return the phrase of *name* for none, some, a single or several; empty: it has none."""
    key = COUNTS.get((sign, int(value))) if value == int(value) else None
    return reasons.phrase(key, name) if key and reasons.has(key, name) else ""


def numbered(name: str, sign: str, values: Sequence[float], reasons: Reasons) -> str:
    """Return a comparison with a number, or with any of several, in words."""
    count = counted(name, sign, values[0], reasons) if len(values) == 1 else ""
    shown = reasons.any_of([reasons.number(value, name) for value in values])
    amount = reasons.phrase(SIGNS[sign], name, value=shown)
    return count or _sentence(name, amount, reasons, kind="number")


def dated(name: str, sign: str, day: dt.date, reasons: Reasons) -> str:
    """Return a comparison with a day in words."""
    amount = reasons.phrase(f"date_{SIGNS[sign]}", name, value=reasons.day(day))
    return _sentence(name, amount, reasons, kind="date")


def _sentence(name: str, amount: str, reasons: Reasons, *, kind: str) -> str:
    key = "says" if reasons.has("says", name) else f"{kind}_says"
    return reasons.phrase(key, name, amount=amount)
