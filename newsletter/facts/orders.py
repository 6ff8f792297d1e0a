"""What customers ordered, or what the file says of it; contacts of one firm share its orders."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import Basis, Fact, days_before
from newsletter.facts.bought import KEY, days_ordered, kinds_ordered, owners, products_ordered

_NONE = "no order"

FACTS = {
    "orders_count": Fact(
        pl.Int64(),
        "Orders so far; several rows of one day are one order, refunds are none; "
        "a last_order of the file from before the first row counts as one",
        unit="orders",
        source="orders: date, amount; file: last_order; else file: orders_count",
        missing="there is no orders table, and nothing in the file; "
        "or nothing but the day of the last order is known",
    ),
    "total_spent": Fact(
        pl.Float64(),
        "Sum of all orders, refunds taken off",
        unit="currency of the business",
        source="orders: amount; else file: total_spent",
        missing="there is no orders table, and nothing in the file",
    ),
    "first_order_date": Fact(
        pl.Date(), "Day of the first order", unit="", source="orders: date", missing=_NONE
    ),
    "last_order": Fact(
        pl.Date(),
        "Day of the last order",
        unit="",
        source="orders: date; else file: last_order",
        missing=_NONE,
    ),
    "days_since_first_order": Fact(
        pl.Int64(),
        "Days since the first order",
        unit="days",
        source="first_order_date",
        missing=_NONE,
    ),
    "days_since_last_order": Fact(
        pl.Int64(), "Days since the last order", unit="days", source="last_order", missing=_NONE
    ),
    "usual_interval_days": Fact(
        pl.Float64(),
        "Days that usually lie between two orders (the median)",
        unit="days",
        source="orders: date",
        missing="fewer than two orders",
    ),
    "overdue": Fact(
        pl.Float64(),
        "Days since the last order as a multiple of the usual interval: 2 is late",
        unit="multiple",
        source="days_since_last_order, usual_interval_days",
        missing="fewer than two orders",
    ),
    "back_after_days": Fact(
        pl.Int64(),
        "Days between the last order and the one before: how long they had been away",
        unit="days",
        source="orders: date",
        missing="fewer than two orders",
    ),
    "last_product": Fact(
        pl.String(),
        "What was bought on the day of the last order, joined by commas",
        unit="",
        source="orders: date, product",
        missing="no order, or no product named",
    ),
    "last_category": Fact(
        pl.String(),
        "Categories bought on the day of the last order, joined by commas",
        unit="",
        source="orders: date, category",
        missing="no order, or no category named",
    ),
    "first_order_in_category": Fact(
        pl.Boolean(),
        "Whether the last order was the first one in a category",
        unit="",
        source="orders: date, category",
        missing="no order, or no category named",
    ),
    "favourite_category": Fact(
        pl.String(),
        "Category ordered on most days; of equals the one ordered last",
        unit="",
        source="orders: date, category",
        missing="no category named in any order",
    ),
    "categories": Fact(
        pl.List(pl.String()),
        "All categories ordered so far, sorted",
        unit="",
        source="orders: category",
        missing="never; nothing ordered: an empty list",
    ),
}


def add(customers: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Add what follows from the orders up to today."""
    keys = owners(customers)
    orders = basis.tables["orders"]
    owned = orders.with_columns(keys.gather(orders["customer"]))
    bought = owned.filter(~(pl.col("amount") < 0).fill_null(value=False))  # no refunds
    days = days_ordered(bought)
    parts = (
        _spent(owned),
        days,
        *kinds_ordered(bought, days),
        products_ordered(bought, days),
    )
    found = pl.DataFrame([keys])
    for part in parts:
        found = found.join(part, on=KEY, how="left", maintain_order="left")
    known = _with_file(customers.hstack(found.drop(KEY)), basis)
    return known.drop("_count", "_spent", "_last")


def _spent(owned: pl.DataFrame) -> pl.DataFrame:
    return owned.group_by(KEY).agg(pl.col("amount").sum().round(2).alias("_spent"))


def _with_file(known: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Complete what the orders say with the columns of the customer file."""
    today = basis.today
    # Without the table, nobody knows.
    kept = 0 if basis.tables["orders"].height or basis.coming.len() else None
    stated = pl.when(pl.col("last_order") <= pl.lit(today)).then("last_order")
    last = pl.coalesce("_last", stated)
    # A table that somebody began to keep only lately does not go back to the first order.
    earlier = (stated < pl.col("first_order_date")).fill_null(value=False)
    nothing = pl.when(last.is_null()).then(pl.lit(kept, dtype=pl.Int64))
    since_last = days_before(today, last)
    return known.with_columns(
        pl.coalesce(pl.col("_count") + earlier, "orders_count", nothing).alias("orders_count"),
        pl.coalesce("_spent", "total_spent", pl.lit(kept, dtype=pl.Float64)).alias("total_spent"),
        last.alias("last_order"),
        pl.col("categories").fill_null(pl.lit([], dtype=pl.List(pl.String()))),
        days_since_first_order=days_before(today, pl.col("first_order_date")),
        days_since_last_order=since_last,
        overdue=(since_last / pl.col("usual_interval_days")).round(2),
    )
