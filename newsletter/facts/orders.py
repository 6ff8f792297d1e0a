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
    known = customers.with_columns(_owner(customers))
    owned = orders.join(
        known.select(pl.col("id").alias("customer"), "_owner"), on="customer", how="inner"
    )
    bought = owned.filter(~(pl.col("amount") < 0).fill_null(value=False))  # no refunds
    for part in (_spent(owned), _days(bought), _favourites(bought)):
        known = known.join(part, on="_owner", how="left", maintain_order="left")
    kept = 0 if orders.height else None  # without the table, nobody knows
    known = known.with_columns(
        pl.coalesce("_count", "orders_count", pl.lit(kept, dtype=pl.Int64)).alias("orders_count"),
        pl.coalesce("_spent", "total_spent", pl.lit(kept, dtype=pl.Float64)).alias("total_spent"),
        pl.coalesce("_last", "last_order").alias("last_order"),
    )
    return _rhythm(known, basis).drop("_owner", "_count", "_spent", "_last")


def _owner(customers: pl.DataFrame) -> pl.Series:
    """Return a number for whom the orders belong to: the firm, else the customer."""
    keys = customers.select(
        pl.coalesce("account", "id").alias("key"), pl.col("account").is_null().alias("single")
    )
    numbers = keys.unique(maintain_order=True).with_row_index("_owner")
    return keys.join(numbers, on=keys.columns, how="left", maintain_order="left")["_owner"]


def _spent(owned: pl.DataFrame) -> pl.DataFrame:
    return owned.group_by("_owner").agg(pl.col("amount").sum().round(2).alias("_spent"))


def _days(bought: pl.DataFrame) -> pl.DataFrame:
    """Return number, first, last and usual distance of the days on which somebody ordered."""
    days = bought.select("_owner", "date").unique().sort("_owner", "date")
    gap = pl.when(pl.col("_owner") == pl.col("_owner").shift()).then(
        pl.col("date").diff().dt.total_days()
    )
    return (
        days.with_columns(gap.alias("gap"))
        .group_by("_owner")
        .agg(
            pl.len().cast(pl.Int64).alias("_count"),
            pl.col("date").min().alias("first_order_date"),
            pl.col("date").max().alias("_last"),
            pl.col("gap").median().alias("usual_interval_days"),
        )
    )


def _favourites(bought: pl.DataFrame) -> pl.DataFrame:
    named = bought.select("_owner", "category", "date").drop_nulls().unique()
    counted = named.group_by("_owner", "category").agg(pl.len(), pl.col("date").max())
    best = counted.sort(
        "_owner", "len", "date", "category", descending=[False, True, True, False]
    ).unique("_owner", keep="first", maintain_order=True)
    return best.select("_owner", pl.col("category").alias("favourite_category"))


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
