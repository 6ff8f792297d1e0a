"""What we promised and have not noted as kept."""

from __future__ import annotations

import polars as pl

from newsletter.facts.contact import promises
from newsletter.plan.events.basis import EventBasis, Window, about, iso


def promise(basis: EventBasis, window: Window) -> pl.DataFrame:
    """Return the open promises; key: `promise` and the day by which (and a number)."""
    by = pl.col("promised_by")
    given = promises(basis.tables["conversations"], basis.tables["history"])
    return given.filter(window.holds(by) & ~pl.col("kept")).select(
        "customer",
        "key",
        by.alias("on"),
        about("promised by {}", iso("promised_by"), detail=pl.col("promise")),
        "promise",
        pl.col("date").alias("promise_date"),
        by,
    )
