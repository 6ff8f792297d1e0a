"""When customers ordered and for how much, or what the file says of it; a firm shares orders."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import Basis, Fact, Source, days_before, numbers

_NONE = "no order"

_FACTS = {
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
}

OWNER = "_owner"
"""A number for whom orders belong to: the firm, else the customer."""

DAYS = 1 << 18
"""More than days there are: the years 1611 to 2328."""


def _add(customers: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Add what follows from the orders up to today."""
    keys = owners(customers)
    orders = basis.tables["orders"].select("customer", "date", "amount")
    owned = orders.select(keys.gather(orders["customer"]), "date", "amount")
    bought = owned.filter(no_refund()).select(OWNER, "date")
    found = pl.DataFrame([keys])
    for part in (_spent(owned), _days_ordered(bought)):
        found = found.join(part, on=OWNER, how="left", maintain_order="left")
    return _with_file(customers.hstack(found.drop(OWNER)), basis).drop("_count", "_spent", "_last")


def owners(customers: pl.DataFrame) -> pl.Series:
    """Return the OWNER of each customer; contacts of one account have the same."""
    firm, row = pl.col("account"), pl.col("customer").cast(pl.Int64)
    first = pl.when(firm.is_null()).then(row).otherwise(row.min().over(firm))
    return customers.select(firm, numbers(customers)).select(first.alias(OWNER)).to_series()


def no_refund() -> pl.Expr:
    """Return whether a row of orders is an order: a negative amount is a refund."""
    return ~(pl.col("amount") < 0).fill_null(value=False)


def _days_ordered(bought: pl.DataFrame) -> pl.DataFrame:
    """
    Return by OWNER: number, first and last of the days on which somebody ordered, and distances.

    *bought* has OWNER and date of each order that is no refund.
    """
    days = distinct(bought, pl.col(OWNER))
    gap = pl.col("date").diff().dt.total_days()
    same = pl.col(OWNER) == pl.col(OWNER).shift()
    gaps = days.select(OWNER, pl.when(same).then(gap).alias("gap"))
    turns, date = runs(days[OWNER]), days["date"]
    ordered = turns.select(
        OWNER,
        pl.col("len").cast(pl.Int64).alias("_count"),
        date.gather(turns["first"]).alias("first_order_date"),
        date.gather(turns["last"]).alias("_last"),
        gaps["gap"].gather(turns["last"]).alias("back_after_days"),
    )
    usual = gaps.drop_nulls().group_by(OWNER).agg(pl.col("gap").median())
    return ordered.join(usual.rename({"gap": "usual_interval_days"}), on=OWNER, how="left")


def distinct(orders: pl.DataFrame, key: pl.Expr) -> pl.DataFrame:
    """
    Return the different key, a whole number, and date, sorted; without those of no key.

    Both are made one number for that: it is sorted four times as fast as two columns.
    """
    packed = key * DAYS + pl.col("date").to_physical() + DAYS // 2
    ordered = orders.select(packed).to_series().drop_nulls().sort()
    once = ordered.filter(ordered.ne_missing(ordered.shift()))
    day = (once % DAYS - DAYS // 2).cast(pl.Int32).cast(pl.Date)
    return pl.DataFrame([(once // DAYS).alias(OWNER).set_sorted(), day.alias("date")])


def runs(keys: pl.Series) -> pl.DataFrame:
    """Return for each of the sorted keys OWNER, len, and the rows where it is first and last."""
    counted = keys.rle().struct.unnest().rename({"value": OWNER})
    end = pl.col("len").cast(pl.Int64).cum_sum()
    return counted.with_columns(first=end - pl.col("len"), last=end - 1)


def _spent(owned: pl.DataFrame) -> pl.DataFrame:
    return owned.group_by(OWNER).agg(pl.col("amount").sum().round(2).alias("_spent"))


def _with_file(known: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Complete what the orders say with the columns of the customer file."""
    today = basis.today
    # Without the table, nobody knows.
    kept = 0 if basis.tables["orders"].height or basis.tables.coming.len() else None
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
        days_since_first_order=days_before(today, pl.col("first_order_date")),
        days_since_last_order=since_last,
        overdue=(since_last / pl.col("usual_interval_days")).round(2),
    )


ORDERS = Source(name="orders", facts=_FACTS, add=_add)
