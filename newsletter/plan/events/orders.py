"""Orders by day, and the last order. A firm's contacts share orders; what came back is none."""

from __future__ import annotations

import polars as pl

from newsletter.facts.orders import OWNER, distinct, kept, no_refund, owners
from newsletter.facts.peace import complaints
from newsletter.plan.events.basis import EventBasis, Window, about, in_words, iso

_DAY = ["customer", "date"]


def order(basis: EventBasis, window: Window) -> pl.DataFrame:
    """
    Return one event for each customer and day with an order that was kept; key: the day.

    order_number, first_in_category and back_after_days count all orders of the firm, or of the
    customer if there is no firm. order_number matches the fact orders_count. If some orders are
    older than the table, their categories are unknown and first_in_category is false.
    """
    orders = purchases(basis, window)
    bought = orders.filter(no_refund())
    begun = bought.filter(pl.col("category").is_not_null())
    begun = begun.group_by(OWNER, "category").agg(pl.col("date").min().alias("_begun"))
    now = kept(orders).filter(window.holds(pl.col("date")))
    now = now.join(begun, on=[OWNER, "category"], how="left", maintain_order="left")
    first = (pl.col("_begun") == pl.col("date")).fill_null(value=False)
    days = now.group_by(OWNER, *_DAY).agg(
        _joined("product"), _joined("category"), _sum("amount"), _first=first.any()
    )
    numbers = _days(bought)
    counted = days.join(numbers, on=[OWNER, "date"])
    counted = counted.join(_earlier(counted, numbers, basis), on="customer", how="left")
    counted = counted.join(_complaints(basis), on="customer", how="left")
    earlier = pl.col("_earlier").fill_null(0)
    return counted.select(
        "customer",
        iso("date").alias("key"),
        pl.col("date").alias("on"),
        about(basis.reasons, "order", date="date", detail=pl.col("product")),
        pl.col("date").alias("order_date"),
        pl.lit(None, pl.Date()).alias("order_since"),
        _ago("date", basis),
        pl.col("product").alias("order_product"),
        pl.col("category").alias("order_category"),
        pl.col("category").alias("order_category_name"),
        pl.col("amount").alias("order_amount"),
        pl.col("order_number") + earlier,
        (pl.col("_first") & (earlier == 0)).alias("first_in_category"),
        (pl.col("_complained") >= pl.col("date")).fill_null(value=False).alias("complained_since"),
        "back_after_days",
    )


def joined_orders(events: pl.DataFrame, days: pl.DataFrame, basis: EventBasis) -> pl.DataFrame:
    """
    Return one event for each `_group` of *events*, which are in their order; by `_group`.

    Products, categories and amount are those of all *days* (`_group`, customer, date), each once.
    The key is that of the last event.
    """
    orders = basis.tables["orders"].join(days, on="customer", how="semi")
    each = days.join(kept(orders), on=["customer", "date"]).group_by("_group")
    bought = each.agg(
        _joined("product").alias("order_product"),
        _joined("category").alias("order_category"),
        _sum("amount").alias("order_amount"),
        order_since=pl.col("date").min(),
    )
    merged = events.group_by("_group").agg(
        pl.col("customer", "key", "on", "order_date", "order_number").last(),
        pl.col("back_after_days").first(),
        pl.col("first_in_category", "complained_since").any(),
    )
    since = in_words(pl.col("order_since"), basis.reasons)
    detail = pl.col("order_product")
    return (
        merged.join(bought, on="_group", how="left")
        .with_columns(_ago("order_since", basis), order_category_name="order_category")
        .with_columns(about(basis.reasons, "orders", since=since, date="on", detail=detail))
        .sort("_group")
    )


def _complaints(basis: EventBasis) -> pl.DataFrame:
    """Return customer and `_complained`, the day of the last complaint."""
    told = complaints(basis.tables["feedback"], basis.config)
    return told.group_by("customer").agg(_complained=pl.col("first").max())


def _ago(day: str, basis: EventBasis) -> pl.Expr:
    """Return `order_days_ago`: the days from that of the order until today."""
    return (pl.lit(basis.tables.today) - pl.col(day)).dt.total_days().alias("order_days_ago")


def last_order(basis: EventBasis, window: Window) -> pl.DataFrame:
    """Return the last order of each customer according to the facts; key: its day."""
    last = basis.people("last_order")
    return last.filter(window.holds(pl.col("last_order"))).with_columns(
        iso("last_order").alias("key"),
        pl.col("last_order").alias("on"),
        about(basis.reasons, "last order", date="last_order"),
    )


def purchases(basis: EventBasis, window: Window) -> pl.DataFrame:
    """
    Return all orders until the window ends, of owners who ordered in the window.

    Adds OWNER, for whom the orders count: the firm, else the customer.
    """
    keys, orders = owners(basis.facts), basis.tables["orders"]
    owner = keys.gather(orders["customer"])
    recent = orders.select(window.holds(pl.col("date"))).to_series()
    # One look into a column for each order is faster than a search for its owner.
    chosen = pl.repeat(value=False, n=len(keys), eager=True)
    chosen = chosen.scatter(owner.filter(recent).unique(), values=True)
    asked = chosen.gather(owner) & (orders["date"] <= window.last)
    return orders.filter(asked).with_columns(owner.filter(asked))


def buyers(orders: pl.DataFrame) -> pl.DataFrame:
    """Return OWNER, date and the `customer` who ordered that day; of several, the first."""
    bought = orders.filter((pl.col("amount") > 0).fill_null(value=True))
    return bought.group_by(OWNER, "date").agg(pl.col("customer").min())


def _joined(column: str) -> pl.Expr:
    """Return the names in that column, each once, sorted; null if there are none."""
    names = pl.col(column).drop_nulls().unique().sort()
    return pl.when(names.len() > 0).then(names.str.join(", ")).alias(column)


def _sum(column: str) -> pl.Expr:
    total = pl.col(column).sum().round(2)
    return pl.when(pl.col(column).count() > 0).then(total).alias(column)


def _days(bought: pl.DataFrame) -> pl.DataFrame:
    """Return the days on which each owner ordered, their number and the days since the last."""
    days = distinct(bought, pl.col(OWNER))
    return days.with_columns(
        pl.int_range(1, pl.len() + 1).over(OWNER).alias("order_number"),
        pl.col("date").diff().over(OWNER).dt.total_days().alias("back_after_days"),
    )


def _earlier(counted: pl.DataFrame, numbers: pl.DataFrame, basis: EventBasis) -> pl.DataFrame:
    """Return customer and `_earlier`: how many orders of the facts are older than the table."""
    owners = counted.select("customer", OWNER).unique()
    counts = owners.hstack(basis.facts.select("orders_count", "last_order")[owners["customer"]])
    last = numbers.select(OWNER, "order_number", last_order="date")
    return counts.join(last, on=[OWNER, "last_order"]).select(
        "customer", _earlier=pl.col("orders_count") - pl.col("order_number")
    )
