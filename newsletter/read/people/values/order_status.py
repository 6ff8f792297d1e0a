"""What the status of an order says, in the words of known shops and eight languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from newsletter.read.people.findings import Column, Findings, counted_words
from newsletter.read.people.header_names import plain_words
from newsletter.read.people.values.yes_and_no import PLAIN_YES_NO, answers
from newsletter.read.yaml import packaged_yaml

COUNTS, PARTLY, NONE, OPEN, REFUND = "counts", "partly", "none", "open", "refund"
_WORDS: Any = packaged_yaml("cells.yml").data["order_status"]
_MEANINGS: Mapping[str, str] = {
    plain_words(word): meaning
    for meaning, lines in _WORDS.items()
    for line in lines
    for word in line.split(",")
}
"""Status in plain words → one of the five meanings."""
_CURE = "if that is wrong, say so in newsletter.yml, under order_status: 'STATUS: {}'"


def read_meanings(
    column: Column, field: str, stated: Mapping[str, bool], *, findings: Findings
) -> pl.Series:
    """
    Return COUNTS, PARTLY, NONE or REFUND for each cell; null where it is empty or not known.

    *field* is status, payment_status or document_type, *stated* the `order_status` of
    newsletter.yml. Remarks say which words make a row no order, and which are not known.
    """
    ours = {plain_words(word): COUNTS if is_order else NONE for word, is_order in stated.items()}
    words = column.text.drop_nulls().unique().to_list()
    meanings = [_meaning(plain_words(word), field, ours) for word in words]
    read = column.text.replace_strict(words, meanings, default=None, return_dtype=pl.String)
    _remark(column, read == NONE, "is no order", "yes", findings)
    unknown = column.text.is_not_null() & read.is_null()
    _remark(column, unknown, "is not known and counts as an order", "no", findings)
    return read


def _meaning(words: str, field: str, stated: Mapping[str, str]) -> str | None:
    meaning = stated.get(words) or _MEANINGS.get(words) or _none_by_its_beginning(words)
    if meaning == OPEN:
        return NONE if field == "payment_status" else COUNTS
    return NONE if meaning == REFUND and field != "document_type" else meaning


def _none_by_its_beginning(words: str) -> str | None:
    parts = words.split()
    beginnings = (" ".join(parts[:end]) for end in range(len(parts) - 1, 0, -1))
    return (
        NONE if any(_MEANINGS.get(beginning) in _TAKEN_BACK for beginning in beginnings) else None
    )


_TAKEN_BACK = (NONE, REFUND)


def is_document_type(column: Column) -> bool:
    """Return whether a column such as `Type` says of any row that it is a refund or no order."""
    words = map(plain_words, column.text.drop_nulls().unique())
    return any(_meaning(word, "document_type", {}) in _TAKEN_BACK for word in words)


def remark_partly_refunded(column: Column, read: pl.Series, findings: Findings) -> None:
    """Remark which orders were paid back in part, where no column says how much."""
    for finding in counted_words(column, read == PARTLY):
        message = f"{finding} counts with the whole amount, which is too much"
        findings.of_columns(message, hint="add a column 'refunded' with what was paid back")


def read_unpaid(column: Column, findings: Findings) -> pl.Series:
    """Return where a column such as `Paid` says no; days and amounts in it say nothing."""
    said, filled = answers(column.text), column.text.is_not_null()
    if said.is_not_null().sum() * 2 < filled.sum():
        return pl.repeat(False, len(said), dtype=pl.Boolean, eager=True)
    unpaid = said.is_in(["no", "refused", "nothing"]).fill_null(value=False)
    for finding in counted_words(column, unpaid):
        findings.of_columns(f"{finding} is no order", hint="write yes if the order is paid")
    _remark(column, filled & said.is_null(), "is not known and counts as an order", "no", findings)
    if empty := int((~filled).sum()):
        rows = f"{empty:,} rows" if empty > 1 else "1 row"
        message = f"column '{column.header}' is empty in {rows}, which count as orders"
        findings.of_columns(message, hint="write no in the column if they are not paid")
    return unpaid


def _remark(
    column: Column, mask: pl.Series, what: str, otherwise: str, findings: Findings
) -> None:
    for finding in counted_words(column, mask):
        findings.of_columns(f"{finding} {what}", hint=_CURE.format(otherwise))


def read_cancelled(column: Column, findings: Findings) -> pl.Series:
    """Return where a column such as `Cancelled at` has anything but a no: yes, a day, a reason."""
    said = answers(column.text)
    cancelled = column.text.is_not_null() & ~said.is_in(["no", "nothing"]).fill_null(value=False)
    if count := cancelled.sum():
        rows = f"{count:,} rows" if count > 1 else "1 row"
        message = f"column '{column.header}' is filled in {rows}; such rows are no orders"
        findings.of_columns(message)
    return cancelled


def says_yes_or_no(column: Column) -> bool:
    """Return whether all cells are a plain yes or no, and no amounts."""
    return bool(column.text.drop_nulls().str.to_lowercase().is_in(list(PLAIN_YES_NO)).all())
