"""What may be mentioned: as the customer's row says, else by the customs of their country."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import FactsBasis, Source

_FACTS: dict[str, pl.DataType] = {
    "mention_family": pl.Boolean(),
    "not_to_mention": pl.String(),
}


def _add(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """Fill the gaps of mention_family; not_to_mention stays as in the file."""
    ours = basis.config.business.country
    countries = customers["country"].unique().fill_null(ours).unique().sort()
    allowed = {country: basis.customs.of(country).mention_family for country in countries}
    custom = (
        pl.col("country").fill_null(ours).replace_strict(allowed, return_dtype=pl.Boolean)
        if allowed
        else pl.lit(value=False)
    )
    return customers.with_columns(mention_family=pl.coalesce("mention_family", custom))


MENTIONS = Source(name="mentions", facts=_FACTS, add=_add)
