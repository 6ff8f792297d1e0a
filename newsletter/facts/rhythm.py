"""How often a customer wants to hear from the business: as noted last, else as in the file."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import FactsBasis, Source, joined, latest
from newsletter.model.spans import USUAL

_FACTS: dict[str, pl.DataType] = {"every": pl.String()}


def _add(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """Replace the rhythm of the file by that of the last conversation in which one was noted."""
    talks = basis.tables["conversations"]
    if not talks["every"].count():
        return customers
    noted = latest(talks.with_columns(pl.col("every").cast(pl.String)), "every", as_="_noted")
    rhythm = pl.coalesce("_noted", "every")
    return (
        joined(customers, noted)
        .with_columns(every=pl.when(rhythm != USUAL).then(rhythm))
        .drop("_noted")
    )


RHYTHM = Source(name="contact", facts=_FACTS, add=_add)
