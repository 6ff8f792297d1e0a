"""Loyalty points: from the customer file, else counted from total_spent."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import FactsBasis, Source, localised
from newsletter.model.config import Config
from newsletter.model.reward_schemes import Loyalty, Reward

_FACTS: dict[str, pl.DataType] = {
    "points": pl.Int64(),
    "points_to_next_reward": pl.Int64(),
    "next_reward_points": pl.Int64(),
    "next_reward": pl.String(),
}


def _add(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """Add the points and the next reward. Needs total_spent."""
    loyalty = basis.config.loyalty or Loyalty(points_per_unit=0)
    earned = (pl.col("total_spent") * loyalty.points_per_unit).floor().clip(0).cast(pl.Int64)
    counted = earned if basis.config.loyalty else pl.lit(None, dtype=pl.Int64)
    added = customers.with_columns(pl.coalesce("points", counted).alias("points"))
    reward = pl.lit(None, dtype=pl.Int64)
    for step in _farthest_first(loyalty):
        reward = pl.when(pl.col("points") < step.points).then(step.points).otherwise(reward)
    added = added.with_columns(reward.cast(pl.Int64).alias("next_reward_points"))
    needed = pl.col("next_reward_points") - pl.col("points")
    return _localise(added.with_columns(points_to_next_reward=needed), basis.config)


def _localise(customers: pl.DataFrame, config: Config) -> pl.DataFrame:
    """Add or replace `next_reward`, in each customer's language. Needs the points."""
    reward = pl.lit(None, dtype=pl.String)
    for step in _farthest_first(config.loyalty):
        text = localised(step.reward, customers, config)
        reward = pl.when(pl.col("points") < step.points).then(text).otherwise(reward)
    return customers.with_columns(next_reward=reward)


def _farthest_first(loyalty: Loyalty | None) -> list[Reward]:
    return sorted(loyalty.rewards, key=lambda reward: -reward.points) if loyalty else []


LOYALTY = Source(
    name="loyalty", facts=_FACTS, add=_add, needs=("total_spent",), localise=_localise
)
