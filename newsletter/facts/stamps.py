"""Stamp cards: how many stamps each customer has on them, and what a full card earns."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import FactsBasis, Source, joined, localised, numbers
from newsletter.facts.orders import OWNER, owners
from newsletter.model.config import Config
from newsletter.model.reward_schemes import StampCard

_NUMBERS: dict[str, pl.DataType] = {
    "stamps": pl.Int64(),
    "stamps_to_next_reward": pl.Int64(),
    "next_stamp_card": pl.String(),
}
_CARD = pl.Struct(
    {
        "number": pl.Int64(),
        "name": pl.String(),
        "stamps": pl.Int64(),
        "needed": pl.Int64(),
        "missing": pl.Int64(),
        "reward": pl.String(),
    }
)
_CARDS: dict[str, pl.DataType] = {
    "next_stamp_reward": pl.String(),
    "stamp_cards": pl.List(_CARD),
}


def _add(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """
    Add the stamps of the card that is nearest to its reward; the first card wins a tie.

    Cards without a stamp are not begun: without others, nothing is said of a next reward.
    """
    cards = basis.config.stamps
    if not cards:
        return customers.with_columns(pl.lit(None, t).alias(name) for name, t in _NUMBERS.items())
    in_all = _in_all(customers, basis)
    columns = [(card, pl.col(name)) for card, name in zip(cards, in_all.columns, strict=True)]
    missing = pl.concat_list(
        pl.when(total % card.stamps > 0).then(card.stamps - total % card.stamps)
        for card, total in columns
    )
    stamps = pl.concat_list(total % card.stamps for card, total in columns)
    names = pl.concat_list(
        pl.format("{} {}", pl.lit(card.counts), (total // card.stamps + 1) * card.stamps)
        for card, total in columns
    )
    nearest = missing.list.arg_min()
    facts = in_all.select(
        stamps=stamps.list.get(nearest).fill_null(0),
        stamps_to_next_reward=missing.list.min(),
        next_stamp_card=names.list.get(nearest),
    )
    return customers.with_columns(facts.get_columns())


def _in_all(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """Return for each card a column with all stamps that each customer has earned."""
    keys, orders = owners(customers), basis.tables["orders"]
    owned = orders.select("date", "amount", "product", "category")
    owned = owned.with_columns(keys.gather(orders["customer"]))
    counts = pl.DataFrame([keys])
    columns: list[pl.Series] = []
    for card in basis.config.stamps:
        totals = stamps_by_day(owned, card).group_by(OWNER).agg(pl.col("stamps").last())
        total = counts.join(totals, on=OWNER, how="left", maintain_order="left")["stamps"]
        columns.append(total.fill_null(0).alias(str(len(columns))))
    return pl.DataFrame(columns)


def stamps_by_day(orders: pl.DataFrame, card: StampCard) -> pl.DataFrame:
    """
    Return OWNER, date, and the `stamps` and `free` items up to each day, in the order of days.

    *orders* has OWNER. Each row is a stamp; one that cost nothing, such as the free cup, is none.
    Of a card for visits, each day is a stamp, and a day with nothing but returns takes one off;
    nothing tells what of it was free. Stamps never fall below none.
    """
    amount = pl.col("amount")
    change = pl.when(amount < 0).then(-1).when(amount == 0).then(0).otherwise(1)
    free = pl.lit(0) if card.visits else (amount == 0).fill_null(value=False)
    counted = pl.lit(value=True)
    if card.since:
        counted = pl.col("date") >= card.since
    if card.category:
        counted &= pl.col("category") == card.category
    if card.product:
        counted &= pl.col("product") == card.product
    rows = orders.filter(counted).select(OWNER, "date", stamps=change, free=free)
    stamps = pl.col("stamps")
    of_day = (
        pl.when(stamps.max() > 0).then(1).otherwise(stamps.min()) if card.visits else stamps.sum()
    )
    days = rows.group_by(OWNER, "date").agg(
        of_day.cast(pl.Int64).alias("stamps"), pl.col("free").sum()
    )
    in_all = stamps.cum_sum().over(OWNER)
    return days.sort(OWNER, "date").with_columns(
        stamps=in_all - in_all.cum_min().over(OWNER).clip(upper_bound=0),
        free=pl.col("free").cum_sum().over(OWNER),
    )


def _add_cards(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """Add each card with a stamp, and what the nearest earns."""
    row, config = numbers(customers), basis.config
    in_all = _in_all(customers, basis) if config.stamps else pl.DataFrame()
    known = [
        pl.DataFrame([row, (total % card.stamps).alias("stamps")])
        .filter(pl.col("stamps") > 0)
        .with_columns(number=pl.lit(number, pl.Int64))
        for number, (card, total) in enumerate(zip(config.stamps, in_all, strict=True))
    ]
    schema = {"customer": pl.UInt32(), "stamps": pl.Int64(), "number": pl.Int64()}
    return _with_cards(customers, pl.concat([pl.DataFrame(schema=schema), *known]), config)


def _localise(customers: pl.DataFrame, config: Config) -> pl.DataFrame:
    """Add or replace the names of cards and rewards, in each customer's language."""
    cards = customers.select(numbers(customers), "stamp_cards").explode("stamp_cards")
    known = cards.drop_nulls().select(
        "customer",
        pl.col("stamp_cards").struct.field("stamps"),
        pl.col("stamp_cards").struct.field("number"),
    )
    return _with_cards(customers.drop(_CARDS), known, config)


def _with_cards(customers: pl.DataFrame, known: pl.DataFrame, config: Config) -> pl.DataFrame:
    """Add the cards of *known* (customer, number, stamps), and the reward that is nearest."""
    spoken = known.with_columns(customers["language"].gather(known["customer"]))
    parts = [
        spoken.filter(pl.col("number") == number).select(
            "customer",
            "number",
            name=localised(card.name, spoken, config),
            stamps="stamps",
            needed=pl.lit(card.stamps, pl.Int64),
            missing=card.stamps - pl.col("stamps"),
            reward=localised(card.reward, spoken, config),
        )
        for number, card in enumerate(config.stamps)
    ]
    schema = {"customer": pl.UInt32(), **{field.name: field.dtype for field in _CARD.fields}}
    rows = pl.concat([pl.DataFrame(schema=schema), *parts]).sort("customer", "missing", "number")
    lists = rows.group_by("customer", maintain_order=True).agg(
        pl.col("reward").first().alias("next_stamp_reward"),
        pl.struct(field.name for field in _CARD.fields).alias("stamp_cards"),
    )
    added = joined(customers, lists)
    return added.with_columns(pl.col("stamp_cards").fill_null(pl.lit([], pl.List(_CARD))))


STAMPS = Source(name="loyalty", facts=_NUMBERS, add=_add)
STAMP_CARDS = Source(
    name="loyalty",
    facts=_CARDS,
    nobody={"stamp_cards": []},
    add=_add_cards,
    localise=_localise,
)
