"""Orders by day, and the last one; a refund is no order, and a firm's contacts share theirs."""

from __future__ import annotations

import polars as pl

from newsletter.plan.events.basis import EventBasis, Window, about, iso

_DAY = ["customer", "date"]


def order(basis: EventBasis, window: Window) -> pl.DataFrame:
    """
    Return one event for each customer and day with an order; key: the day.

    order_number, first_in_category and back_after_days look at all orders of the firm, or of the
    customer who belongs to none. order_number is that of the fact orders_count; with
    an order from before the table, nobody knows what it was of, and no category is called new.
    """
    bought = purchases(basis, window).filter(~(pl.col("amount") < 0).fill_null(value=False))
    now = bought.filter(window.holds(pl.col("date")))
    days = now.group_by("_owner", *_DAY).agg(
        _joined("product"), _joined("category"), _sum("amount"), pl.col("_first").any()
    )
    counted = days.join(_days(bought), on=["_owner", "date"])
    counted = counted.join(_earlier(counted, bought, basis), on="customer", how="left")
    earlier = pl.col("_earlier").fill_null(0)
    return counted.select(
        "customer",
        iso("date").alias("key"),
        pl.col("date").alias("on"),
        about("order of {}", iso("date"), detail=pl.col("product")),
        pl.col("date").alias("order_date"),
        pl.col("product").alias("order_product"),
        pl.col("category").alias("order_category"),
        pl.col("amount").alias("order_amount"),
        pl.col("order_number") + earlier,
        (pl.col("_first") & (earlier == 0)).alias("first_in_category"),
        "back_after_days",
    )


def last_order(basis: EventBasis, window: Window) -> pl.DataFrame:
    """Return the last order of each customer, as the facts know it; key: its day."""
    last = basis.facts.select(pl.col("id").alias("customer"), "last_order")
    return last.filter(window.holds(pl.col("last_order"))).with_columns(
        iso("last_order").alias("key"),
        pl.col("last_order").alias("on"),
        about("last order on {}", iso("last_order")),
    )


def purchases(basis: EventBasis, window: Window) -> pl.DataFrame:
    """
    Return every row of orders, up to the last day, of those who ordered in the window.

    With `_owner`, to whom the orders count (the firm, else the customer), and `_first`: whether
    it was the first day on which that one bought of the category.
    """
    orders = basis.tables["orders"].filter(pl.col("date") <= window.last)
    recent = orders.filter(pl.col("date") >= window.first).select("customer").unique()
    people = basis.facts.select(pl.col("id").alias("customer"), "account")
    firms = people.join(recent, on="customer", how="semi")["account"].drop_nulls().unique()
    mine = people.filter(
        pl.col("customer").is_in(recent["customer"].implode())
        | pl.col("account").is_in(firms.implode())
    )
    owner = pl.coalesce(pl.format("firm {}", "account"), pl.format("customer {}", "customer"))
    owned = orders.join(mine.select("customer", owner.alias("_owner")), on="customer")
    paid = ~(pl.col("amount") < 0).fill_null(value=False)
    begun = owned.filter(paid & pl.col("category").is_not_null())
    begun = begun.group_by("_owner", "category").agg(pl.col("date").min().alias("_begun"))
    owned = owned.join(begun, on=["_owner", "category"], how="left", maintain_order="left")
    first = (pl.col("_begun") == pl.col("date")).fill_null(value=False)
    return owned.with_columns(first.alias("_first")).drop("_begun")


def _joined(column: str) -> pl.Expr:
    """Return the names in that column, each once, sorted; null if there are none."""
    names = pl.col(column).drop_nulls().unique().sort()
    return pl.when(names.len() > 0).then(names.str.join(", ")).alias(column)


def _sum(column: str) -> pl.Expr:
    total = pl.col(column).sum().round(2)
    return pl.when(pl.col(column).count() > 0).then(total).alias(column)


def _days(bought: pl.DataFrame) -> pl.DataFrame:
    """Return the days on which each owner ordered, their number and the days since the last."""
    days = bought.select("_owner", "date").unique().sort("_owner", "date")
    return days.with_columns(
        pl.int_range(1, pl.len() + 1).over("_owner").alias("order_number"),
        pl.col("date").diff().over("_owner").dt.total_days().alias("back_after_days"),
    )


def _earlier(counted: pl.DataFrame, bought: pl.DataFrame, basis: EventBasis) -> pl.DataFrame:
    """Return customer and `_earlier`: orders that the facts know of, before the table begins."""
    owners = counted.select("customer", "_owner").unique()
    known = owners.join(
        basis.facts.select("id", "orders_count", "last_order"), left_on="customer", right_on="id"
    )
    numbers = _days(bought).select("_owner", "order_number", last_order="date")
    return known.join(numbers, on=["_owner", "last_order"]).select(
        "customer", _earlier=pl.col("orders_count") - pl.col("order_number")
    )
