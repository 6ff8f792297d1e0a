"""Which entries and answers each recipient of an edition gets, as one yes/no column each."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from newsletter.model.entry import Entry
from newsletter.rules.compile import compile_rule


def choose(
    recipients: pl.DataFrame, entries: Sequence[Entry], *, answers: Sequence[Entry], most: int
) -> pl.DataFrame:
    """
    Add a Boolean column `Entry.flag` for each entry and answer.

    Entries: for whom the audience rule holds, who shares an interest (who names none, or an entry
    that has none, fits everybody), who has not had it; of those the first *most* in order.
    Answers: for those who gave the feedback and have not had the answer, whatever their interests;
    they do not count.
    """
    flags = {}
    count = pl.Series([0], dtype=pl.UInt32).new_from_index(0, recipients.height)
    for entry in entries:
        fits = recipients.select(interested(entry) & _fits(entry, recipients))[entry.flag]
        flags[entry.flag] = fits & (count < most)
        count = count + fits.cast(pl.UInt32)
    given = [asked(answer) & _fits(answer, recipients) for answer in answers]
    return recipients.with_columns(**flags).with_columns(given)


def interested(entry: Entry) -> pl.Expr:
    """Return whether a customer shares an interest with the entry, or one of the two has none."""
    own = pl.col("interests")
    shared = [own.list.contains(pl.lit(interest.lower())) for interest in entry.interests]
    everybody = pl.lit(not entry.interests) | own.is_null() | (own.list.len() == 0)
    return pl.any_horizontal(*shared, everybody).alias(entry.flag)


def asked(answer: Entry) -> pl.Expr:
    """Return whether a customer gave feedback that the answer names."""
    ids = pl.col("feedback_ids")
    named = pl.any_horizontal(
        pl.lit(value=False), *(ids.list.contains(pl.lit(i)) for i in answer.answers)
    )
    return named.alias(answer.flag)


def _fits(entry: Entry, recipients: pl.DataFrame) -> pl.Expr:
    fits = ~pl.col("had").list.contains(pl.lit(entry.slug))
    if entry.audience:
        fits = fits & compile_rule(entry.audience, recipients.schema)
    return fits.alias(entry.flag)
