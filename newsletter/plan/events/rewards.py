"""Rewards that a customer's points have reached, or a full stamp card has earned."""

from __future__ import annotations

import polars as pl

from newsletter.facts.orders import OWNER
from newsletter.model.config import Config
from newsletter.model.reward_schemes import Loyalty
from newsletter.model.values import Localised
from newsletter.plan.events.basis import Cards, EventBasis, Window, filled, row_columns
from newsletter.plan.events.full_cards import full_cards
from newsletter.plan.events.orders import buyers, purchases


def reward(basis: EventBasis, window: Window) -> pl.DataFrame:
    """Return the rewards for points and those for stamps."""
    columns = row_columns("reward")
    parts = [_for_points(basis, window), full_cards(basis, window)]
    typed = [
        part.select(pl.col(name).cast(dtype) for name, dtype in columns.items()) for part in parts
    ]
    return pl.concat(typed)


def _for_points(basis: EventBasis, window: Window) -> pl.DataFrame:
    """
    Return the rewards of customers who still have the points; key: the number of points.

    Points counted from orders: the day is that of the order that reached the reward, and the
    event is for the customer who ordered. Points given in the file: only the highest reward,
    without a day (null).
    """
    loyalty = basis.config.loyalty
    if loyalty is None or not loyalty.rewards:
        return pl.DataFrame(schema=row_columns("reward"))
    people = _people(basis, rate=loyalty.points_per_unit)
    days = _by_day(basis, window, rate=loyalty.points_per_unit)
    reached = pl.concat([_dated(people, days, loyalty, window), _undated(people, loyalty)])
    named = reached.join(
        _cards(reached["language"], loyalty, basis.config),
        on=["language", "reward_points"],
        nulls_equal=True,
    )
    gaps = {"number": "reward_points", "date": "on"}
    dated = filled(basis.reasons, "reward_on", **gaps)
    undated = filled(basis.reasons, "reward", **gaps)
    return named.with_columns(
        key=pl.col("reward_points").cast(pl.String),
        about=pl.when(pl.col("on").is_null()).then(undated).otherwise(dated),
        reward_id=pl.format("{} points", "reward_points"),
        reward_stamps=pl.lit(None),
        reward_card=pl.lit(None),
    )


def _people(basis: EventBasis, *, rate: float) -> pl.DataFrame:
    """Return customer, language, points, and `_counted`: whether orders explain the points."""
    earned = (pl.col("total_spent") * rate).floor().clip(0).cast(pl.Int64)
    counted = (pl.col("points") == earned) & pl.col("first_order_date").is_not_null()
    return basis.people("language", "points", counted.fill_null(value=False).alias("_counted"))


def _by_day(basis: EventBasis, window: Window, *, rate: float) -> pl.DataFrame:
    """Return OWNER, date, customer and the `_points` after all orders up to that day."""
    rows = purchases(basis, window)
    days = rows.group_by(OWNER, "date").agg(pl.col("amount").sum()).sort(OWNER, "date")
    spent = pl.col("amount").cum_sum().over(OWNER).round(2)
    summed = days.select(OWNER, "date", (spent * rate).floor().alias("_points"))
    return summed.join(buyers(rows), on=[OWNER, "date"])


_REACHED = ("customer", "language", "reward_points", "on")


def _dated(
    people: pl.DataFrame, days: pl.DataFrame, loyalty: Loyalty, window: Window
) -> pl.DataFrame:
    """Return the rewards that an order in the window reached, if the points are still there."""
    steps = pl.DataFrame({"reward_points": [step.points for step in loyalty.rewards]})
    above = days.join(steps, how="cross").filter(pl.col("_points") >= pl.col("reward_points"))
    passed = pl.col("date") == pl.col("date").min().over(OWNER, "reward_points")
    first = above.filter(passed).filter(window.holds(pl.col("date")))
    earned = first.join(people.filter("_counted"), on="customer")
    still = earned.filter(pl.col("points") >= pl.col("reward_points"))
    return still.rename({"date": "on"}).select(_REACHED)


def _undated(people: pl.DataFrame, loyalty: Loyalty) -> pl.DataFrame:
    """Return the highest reward of the customers whose points are given in the file."""
    reached = [
        pl.when(pl.col("points") >= step.points).then(pl.lit(step.points, pl.Int64))
        for step in loyalty.rewards
    ]
    highest = people.filter(~pl.col("_counted")).select(
        "customer",
        "language",
        pl.max_horizontal(reached).alias("reward_points"),
        on=pl.lit(None, dtype=pl.Date),
    )
    return highest.drop_nulls("reward_points")


def reward_cards(config: Config) -> Cards:
    """Return what gives the names of a reward and its card: by `reward_id`, in a language."""
    steps = config.loyalty.rewards if config.loyalty else ()
    names: dict[str, tuple[Localised, Localised | None]] = {
        f"{step.points} points": (step.reward, None) for step in steps
    }
    names |= {card.counts: (card.reward, card.name) for card in config.stamps}

    def named(reward_id: str, tag: str) -> dict[str, object]:
        reward, card = names[reward_id]
        shown = card.in_language(tag, config.language) if card else None
        return {"reward": reward.in_language(tag, config.language), "reward_card": shown}

    return named


def _cards(languages: pl.Series, loyalty: Loyalty, config: Config) -> pl.DataFrame:
    """Return language, reward_points and `reward`: its name in that language."""
    rows = [
        (tag, step.points, step.reward.in_language(tag or config.language, config.language))
        for tag in languages.unique()
        for step in loyalty.rewards
    ]
    schema = {"language": pl.String(), "reward_points": pl.Int64(), "reward": pl.String()}
    return pl.DataFrame(rows, schema=schema, orient="row")
