"""Who is left alone on which days: Good Friday, Yom Kippur, All Souls …"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from newsletter.model.customs import Customs, DoNotWrite


def left_alone(left: DoNotWrite, customs: Customs, countries: Iterable[str]) -> pl.Expr:
    """Return whether a customer, by `country` (one of *countries*) and `celebrates`, is meant."""
    there = pl.col("country").is_in(left.countries) if left.countries else pl.lit(value=True)
    if not left.celebrates:
        return there
    keys = [_celebrates(key, customs, countries) for key in left.celebrates]
    return there & pl.any_horizontal(keys)


def _celebrates(key: str, customs: Customs, countries: Iterable[str]) -> pl.Expr:
    """Return whether a customer celebrates a holiday: by their own row, else by their country."""
    default = sorted(country for country in countries if key in customs.of(country).celebrates)
    answer = pl.col("celebrates").list.contains(pl.lit(key))
    return answer.fill_null(pl.col("country").is_in(default))
