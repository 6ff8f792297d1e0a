"""Stamp cards that an order has filled."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import localised
from newsletter.facts.orders import OWNER
from newsletter.facts.stamps import stamps_by_day
from newsletter.model.reward_schemes import StampCard
from newsletter.plan.events.basis import EventBasis, Window, filled, row_columns
from newsletter.plan.events.orders import purchases


def full_cards(basis: EventBasis, window: Window) -> pl.DataFrame:
    """
    Return the cards that an order in the window filled, if returns have not emptied them since.

    Key: what the card counts, and the stamps of all full cards. The event is for the customer who
    ordered that day; contacts of a firm share their cards.
    """
    columns = row_columns("reward")
    parts = [pl.DataFrame(schema=columns)]
    orders = purchases(basis, window) if basis.config.stamps else pl.DataFrame()
    for card in basis.config.stamps:
        earned = _earned(orders, card, window)
        people = basis.people("language")
        rows = earned.join(people, on="customer").with_columns(
            key=pl.format("{} {}", pl.lit(card.counts), "_reached"),
            reward_stamps=pl.lit(card.stamps),
            reward_points=pl.lit(None),
            reward_id=pl.lit(card.counts),
        )
        name = card.name.in_language(basis.config.language, basis.config.language)
        told = filled(basis.reasons, "full_card", name=pl.lit(name), date="on")
        named = rows.with_columns(
            about=told,
            reward=localised(card.reward, rows, basis.config),
            reward_card=localised(card.name, rows, basis.config),
        )
        parts.append(named.select(pl.col(name).cast(kind) for name, kind in columns.items()))
    return pl.concat(parts)


def _earned(orders: pl.DataFrame, card: StampCard, window: Window) -> pl.DataFrame:
    """Return customer, on and `_reached`: the stamps of all full cards on that day."""
    days = stamps_by_day(orders, card).sort(OWNER, "date")
    in_all, size = pl.col("stamps").cum_sum().over(OWNER), card.stamps
    now = pl.col("_now").cum_max().over(OWNER).clip(0) // size
    full = days.with_columns(_now=in_all, _still=pl.col("stamps").sum().over(OWNER)).with_columns(
        _full=now
    )
    before = pl.col("_full").shift(1, fill_value=0).over(OWNER)
    numbers = pl.int_ranges(before + 1, pl.col("_full") + 1)
    # A filter comes after the window functions, which read all days of an owner.
    filled_on = full.with_columns(_number=numbers).filter(
        (pl.col("_number").list.len() > 0) & window.holds(pl.col("date"))
    )
    reached = filled_on.explode("_number").with_columns(_reached=pl.col("_number") * size)
    kept = reached.filter(pl.col("_still") >= pl.col("_reached"))
    buyers = orders.filter((pl.col("amount") > 0).fill_null(value=True))
    who = buyers.select(OWNER, "date", "customer").unique()
    return kept.join(who, on=[OWNER, "date"]).select("customer", "_reached", on="date")
