"""Rewards that a customer's points have reached."""

from __future__ import annotations

from functools import partial

import polars as pl

from newsletter.facts.orders import OWNER
from newsletter.model.config import Config, Reward
from newsletter.plan.events.basis import EventBasis, Window, found_columns, iso, spoken
from newsletter.plan.events.orders import purchases


def reward(basis: EventBasis, window: Window) -> pl.DataFrame:
    """
    Return the rewards reached, for those who still have the points; key: the number of points.

    Points counted from orders: the day of the order that passed the number, for who gave it.
    Points that stand in the file: the highest reward reached, on a day that nobody knows (null).
    """
    loyalty = basis.config.loyalty
    if loyalty is None or not loyalty.rewards:
        return pl.DataFrame(schema=found_columns("reward"))
    steps = sorted(loyalty.rewards, key=lambda step: step.points)
    people = _people(basis, rate=loyalty.points_per_unit)
    days = _by_day(basis, window, rate=loyalty.points_per_unit)
    parts = [pl.DataFrame(schema=found_columns("reward"))]
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        reached = people.filter(pl.col("points") >= step.points)
        dated = reached.filter("_counted").join(_passed(days, step, window), on="customer")
        highest = pl.lit(value=True) if following is None else pl.col("points") < following.points
        undated = reached.filter(~pl.col("_counted") & highest).with_columns(
            on=pl.lit(None, dtype=pl.Date)
        )
        parts += [_told(part, step, basis.config) for part in (dated, undated)]
    return pl.concat(parts, how="vertical_relaxed")


def _people(basis: EventBasis, *, rate: float) -> pl.DataFrame:
    """Return customer, language, points, and `_counted`: whether they follow from orders."""
    earned = (pl.col("total_spent") * rate).floor().clip(0).cast(pl.Int64)
    counted = (pl.col("points") == earned) & pl.col("first_order_date").is_not_null()
    return basis.people("language", "points", counted.fill_null(value=False).alias("_counted"))


def _by_day(basis: EventBasis, window: Window, *, rate: float) -> pl.DataFrame:
    """Return OWNER, date, customer and the `_points` after all orders up to that day."""
    rows = purchases(basis, window)
    days = rows.group_by(OWNER, "date").agg(pl.col("amount").sum()).sort(OWNER, "date")
    spent = pl.col("amount").cum_sum().over(OWNER).round(2)
    summed = days.select(OWNER, "date", (spent * rate).floor().alias("_points"))
    who = rows.select(OWNER, "date", "customer").unique()
    return summed.join(who, on=[OWNER, "date"])


def _passed(days: pl.DataFrame, step: Reward, window: Window) -> pl.DataFrame:
    """Return who passed the number of points in the window, and `on` which day."""
    above = days.filter(pl.col("_points") >= step.points)
    first = above.filter(pl.col("date") == pl.col("date").min().over(OWNER))
    return first.filter(window.holds(pl.col("date"))).select("customer", on="date")


def _told(reached: pl.DataFrame, step: Reward, config: Config) -> pl.DataFrame:
    words = spoken(reached, partial(_card, step, config), config)
    known = reached.select("customer", "on").join(words, on="customer")
    on = pl.format(" on {}", iso("on")).fill_null("")
    return known.with_columns(
        key=pl.lit(str(step.points)),
        about=pl.format("{} points reached", pl.lit(step.points)) + on,
        reward_points=pl.lit(step.points),
    ).select(*found_columns("reward"))


def _card(step: Reward, config: Config, tag: str) -> dict[str, object]:
    return {"reward": step.reward.in_language(tag, config.language)}
