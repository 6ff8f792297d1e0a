"""What kind of occasion each row of the table of occasions is, and the latest one."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import FactsBasis, Source, days_before, joined, latest
from newsletter.model.customs import Customs

_FACTS: dict[str, pl.DataType] = {
    "last_occasion": pl.String(),
    "days_since_last_occasion": pl.Int64(),
}


def with_kinds(occasions: pl.DataFrame, customs: Customs, *, language: str) -> pl.DataFrame:
    """
    Return rows of occasions with `occasion_kind` and `occasion_family`; both null if unknown.

    *language* is that of the project.
    """
    recogniser = customs.recogniser(language) if occasions.height else None
    texts = occasions.select("occasion", "remark").unique(maintain_order=True)
    kinds = [recogniser.kind(*row) for row in texts.iter_rows()] if recogniser else []
    recognised = texts.with_columns(
        pl.Series("occasion_kind", [kind and kind.key for kind in kinds], pl.String()),
        pl.Series("occasion_family", [kind and kind.family for kind in kinds], pl.String()),
    )
    keys = ["occasion", "remark"]
    return occasions.join(recognised, on=keys, how="left", nulls_equal=True, maintain_order="left")


def _add(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """Add the latest occasion up to today."""
    last = latest(basis.tables["occasions"], "occasion", as_="last_occasion", day_as="_day")
    added = joined(customers, last)
    days = days_before(basis.today, pl.col("_day"))
    return added.with_columns(days_since_last_occasion=days).drop("_day")


OCCASIONS = Source(name="occasions", facts=_FACTS, add=_add)
