"""What was talked about, and what we promised."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import Basis, Fact, joined, latest
from newsletter.facts.promises import promises

_SOURCE = "conversations: promise, promised_by, kept; history: key"

FACTS = {
    "last_conversation": Fact(
        pl.String(),
        "What was said in the last conversation of which something was noted",
        unit="",
        source="conversations: date, text",
        missing="nothing was noted",
    ),
    "open_promise": Fact(
        pl.Boolean(),
        "We promised something, have not noted it as kept, and recorded nothing done for it",
        unit="",
        source=_SOURCE,
        missing="never; no promise: no",
    ),
    "open_promise_text": Fact(
        pl.String(),
        "The open promise; of several the one due first",
        unit="",
        source=_SOURCE,
        missing="no open promise",
    ),
    "open_promise_by": Fact(
        pl.Date(),
        "The day by which that was promised",
        unit="",
        source=_SOURCE,
        missing="no open promise, or it names no day",
    ),
    "promises_kept_share": Fact(
        pl.Float64(),
        "Share of promises kept, of those kept or due before today",
        unit="share, 0 to 1",
        source=_SOURCE,
        missing="no promise was kept or due yet",
    ),
}


def add(customers: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Add what follows from the conversations."""
    talks = basis.tables["conversations"]
    given = promises(talks, basis.tables["history"])
    said = latest(talks, "text", as_="last_conversation")
    due = pl.col("promised_by") < pl.lit(basis.today)
    share = given.filter(pl.col("kept") | due).group_by("customer")
    kept = share.agg(pl.col("kept").mean().round(2).alias("promises_kept_share"))
    known = customers
    for part in (said, _open(given), kept):
        known = joined(known, part)
    return known.with_columns(pl.col("open_promise").fill_null(value=False))


def _open(given: pl.DataFrame) -> pl.DataFrame:
    """Return the promise that is due first; one without a day comes last."""
    ordered = given.filter(~pl.col("kept")).sort(
        "customer", "promised_by", "date", "promise", nulls_last=True
    )
    return ordered.unique("customer", keep="first", maintain_order=True).select(
        "customer",
        pl.lit(value=True).alias("open_promise"),
        pl.col("promise").alias("open_promise_text"),
        pl.col("promised_by").alias("open_promise_by"),
    )
