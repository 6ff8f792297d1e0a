"""Stamp cards that an order has filled."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import localised
from newsletter.facts.orders import OWNER
from newsletter.facts.stamps import stamps_by_day
from newsletter.model.reward_schemes import StampCard
from newsletter.plan.events.basis import EventBasis, Window, filled, row_columns
from newsletter.plan.events.orders import buyers, purchases


def full_cards(basis: EventBasis, window: Window) -> pl.DataFrame:
    """
    Return the cards that an order in the window filled, if returns have not emptied them since.

    A card whose free item was had already is none of them. Key: what the card counts, and the
    stamps of all full cards. Contacts of a firm share their cards; the event is for the one who
    ordered that day, the first of several.
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
    days, size = stamps_by_day(orders, card), card.stamps
    now = pl.col("stamps", "free").last().over(OWNER).name.prefix("_now_")
    full = days.with_columns(now, cards=pl.col("stamps").cum_max().over(OWNER) // size)
    before = pl.col("cards", "free").shift(1, fill_value=0).over(OWNER).name.prefix("_before_")
    # Filters come after the window functions, which read all days of an owner.
    filled_now = full.with_columns(before).filter(
        pl.col("cards") > pl.col("_before_cards"), window.holds(pl.col("date"))
    )
    numbers = pl.int_ranges(pl.col("_before_cards") + 1, pl.col("cards") + 1)
    reached = filled_now.with_columns(_number=numbers).explode("_number")
    had = pl.col("_now_free") - pl.col("_before_free")
    kept = reached.with_columns(_reached=pl.col("_number") * size).filter(
        pl.col("_now_stamps") >= pl.col("_reached"),
        pl.col("_number") - pl.col("_before_cards") > had,
    )
    return kept.join(buyers(orders), on=[OWNER, "date"]).select("customer", "_reached", on="date")
