"""Remarks on conversations that name feedback which their customer did not give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from newsletter.errors import Place, Problem
from newsletter.model.feedback_keys import with_keys
from newsletter.read.people.findings import ROW, quoted

_MOST = 3
"""Keys that a hint proposes: the latest."""


def unknown_answers(
    talks: Sequence[tuple[str, pl.DataFrame]], feedback: pl.DataFrame
) -> Iterator[Problem]:
    """
    Yield a remark for each answer of conversations that is no key of *feedback*.

    *talks* are the files, as the user would type them, with ROW, customer and answers.
    """
    if not talks:
        return
    keyed = with_keys(feedback)
    given = keyed.group_by("customer", maintain_order=True).agg(keys=pl.col("key"))
    for shown, rows in talks:
        named = rows.explode("answers").drop_nulls("answers").rename({"answers": "key"})
        unknown = named.join(keyed, on=["customer", "key"], how="anti").join(
            given, on="customer", how="left"
        )
        for row, customer, key, keys in unknown.sort(ROW, "key").iter_rows():
            message = f"customer {quoted(customer)} gave no feedback {quoted(key)}"
            yield Problem(message, Place(path=shown, line=row), hint=_cure(keys or []))


def _cure(keys: Sequence[str]) -> str:
    theirs = ", ".join(keys[-_MOST:])
    which = f"which of theirs was meant ({theirs})" if keys else "nothing, or correct the customer"
    return f"write in 'answers' {which}; until then what was meant stays to be answered"
