"""What may be mentioned: as the customer's row says, else by the customs of their country."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import Fact, FactsBasis, Source

_FACTS = {
    "mention_family": Fact(
        pl.Boolean(),
        "Whether their family may be mentioned",
        unit="",
        source="file: mention_family; else the customs of the country (file: country, else ours)",
        missing="never",
    ),
    "not_to_mention": Fact(
        pl.String(),
        "What to keep silent about",
        unit="",
        source="file: not_to_mention",
        missing="nothing is known that should not be mentioned",
    ),
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
