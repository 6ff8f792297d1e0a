"""What customers ordered, or what the file says of it; contacts of one firm share its orders."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import Basis, Fact, days_before, full_years, in_year

FACTS = {
    "orders_count": Fact(pl.Int64(), "Orders so far; several rows of one day are one order"),
    "total_spent": Fact(pl.Float64(), "Sum of all orders, refunds taken off"),
    "first_order_date": Fact(pl.Date(), "Day of the first order"),
    "last_order": Fact(pl.Date(), "Day of the last order"),
    "days_since_first_order": Fact(pl.Int64(), "Days since the first order"),
    "days_since_last_order": Fact(pl.Int64(), "Days since the last order"),
    "usual_interval_days": Fact(
        pl.Float64(), "Days that usually lie between two orders (the median); missing below two"
    ),
    "overdue": Fact(
        pl.Float64(), "Days since the last order as a multiple of the usual interval: 2 is late"
    ),
    "favourite_category": Fact(
        pl.String(), "Category ordered on most days; of equals the one ordered last"
    ),
    "returning": Fact(
        pl.Boolean(), "Ordered at least twice; without orders, a customer for a year or longer"
    ),
    "years_as_customer": Fact(
        pl.Int64(), "Full years since customer_since, else since the first order"
    ),
}


def add(customers: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Add what follows from the orders up to today, and from customer_since."""
    orders = basis.tables["orders"].filter(pl.col("date") <= basis.today)
    owned = _by_owner(orders, customers)
    known = customers.with_columns(_owner())
    for part in (_summary(owned), _intervals(owned), _favourites(owned)):
        known = known.join(part, on="_owner", how="left", maintain_order="left")
    kept = 0 if orders.height else None  # without the table, nobody knows
    known = known.with_columns(
        pl.coalesce("_count", "orders_count", pl.lit(kept, dtype=pl.Int64)).alias("orders_count"),
        pl.coalesce("_spent", "total_spent", pl.lit(kept, dtype=pl.Float64)).alias("total_spent"),
        pl.coalesce("_last", "last_order").alias("last_order"),
    )
    return _rhythm(known, basis).drop("_owner", "_count", "_spent", "_last")


def _owner() -> pl.Expr:
    account = "account:" + pl.col("account")
    return pl.coalesce(account, "customer:" + pl.col("id")).alias("_owner")


def _by_owner(orders: pl.DataFrame, customers: pl.DataFrame) -> pl.DataFrame:
    owners = customers.select(pl.col("id").alias("customer"), _owner())
    return orders.join(owners, on="customer", how="inner")


def _summary(owned: pl.DataFrame) -> pl.DataFrame:
    bought = pl.col("date").filter(~(pl.col("amount") < 0).fill_null(value=False))
    return owned.group_by("_owner").agg(
        bought.n_unique().cast(pl.Int64).alias("_count"),
        pl.col("amount").sum().round(2).alias("_spent"),
        bought.min().alias("first_order_date"),
        bought.max().alias("_last"),
    )


def _intervals(owned: pl.DataFrame) -> pl.DataFrame:
    days = _bought(owned).select("_owner", "date").unique().sort("_owner", "date")
    gap = pl.col("date").diff().dt.total_days().over("_owner")
    gaps = days.with_columns(gap.alias("gap")).filter(pl.col("gap").is_not_null())
    return gaps.group_by("_owner").agg(pl.col("gap").median().alias("usual_interval_days"))


def _favourites(owned: pl.DataFrame) -> pl.DataFrame:
    named = _bought(owned).filter(pl.col("category").is_not_null())
    counted = named.group_by("_owner", "category").agg(
        pl.col("date").n_unique().alias("days"), pl.col("date").max().alias("latest")
    )
    order = counted.sort("days", "latest", "category", descending=[True, True, False])
    first = order.group_by("_owner", maintain_order=True).first()
    return first.select("_owner", pl.col("category").alias("favourite_category"))


def _bought(owned: pl.DataFrame) -> pl.DataFrame:
    """Return the orders that are no refunds."""
    return owned.filter(~(pl.col("amount") < 0).fill_null(value=False))


def _rhythm(known: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    today = basis.today
    since_last = days_before(today, pl.col("last_order"))
    began = pl.coalesce("customer_since", "first_order_date")
    anniversary = in_year(today.year, month=began.dt.month(), day=began.dt.day())
    years = full_years(today, year=began.dt.year().cast(pl.Int64), birthday=anniversary)
    years = pl.when(began <= today).then(years)
    return known.with_columns(
        days_since_first_order=days_before(today, pl.col("first_order_date")),
        days_since_last_order=since_last,
        overdue=(since_last / pl.col("usual_interval_days")).round(2),
        returning=pl.coalesce(pl.col("orders_count") >= 2, years >= 1),
        years_as_customer=years,
    )
