"""Orders of each owner → one row: how many, when, of what kind."""

from __future__ import annotations

import polars as pl

KEY = "_owner"
"""A number for whom orders belong to: the firm, else the customer."""


def owners(customers: pl.DataFrame) -> pl.Series:
    """Return the KEY of each customer; contacts of one account have the same."""
    keys = customers.select(
        pl.coalesce("account", "id").alias("key"), pl.col("account").is_null().alias("single")
    )
    numbers = keys.unique(maintain_order=True).with_row_index(KEY)
    return keys.join(numbers, on=keys.columns, how="left", maintain_order="left")[KEY]


def days_ordered(bought: pl.DataFrame) -> pl.DataFrame:
    """
    Return by KEY: number, first and last of the days on which somebody ordered, and distances.

    *bought* has KEY and date of each order that is no refund.
    """
    days = bought.select(KEY, "date").unique().sort(KEY, "date")
    gap = pl.when(pl.col(KEY) == pl.col(KEY).shift()).then(pl.col("date").diff().dt.total_days())
    return (
        days.with_columns(gap.alias("gap"))
        .group_by(KEY)
        .agg(
            pl.len().cast(pl.Int64).alias("_count"),
            pl.col("date").first().alias("first_order_date"),
            pl.col("date").last().alias("_last"),
            pl.col("gap").median().alias("usual_interval_days"),
            pl.col("gap").last().alias("back_after_days"),
        )
    )


def kinds_ordered(bought: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """
    Return by KEY what follows from the categories; *days* is days_ordered.

    A category is a whole number for this: names are compared and sorted often.
    """
    names = bought["category"].drop_nulls().unique().sort()
    coded = bought.select(KEY, "date", pl.col("category").cast(pl.Enum(names))).drop_nulls()
    ordered = coded.unique().group_by(KEY, "category")
    counted = ordered.agg(
        pl.len(), pl.col("date").min().alias("first"), pl.col("date").max().alias("last")
    ).sort(KEY, "category")
    latest = counted.join(days.select(KEY, "_last"), on=KEY, maintain_order="left").filter(
        pl.col("last") == pl.col("_last")
    )
    new = latest.group_by(KEY).agg((pl.col("first") == pl.col("last")).any().alias("_new"))
    parts = (
        _listed(counted, "category", as_="categories"),
        _favourites(counted),
        _together(latest, "category", as_="last_category"),
        new.rename({"_new": "first_order_in_category"}),
    )
    first, *rest = parts
    for part in rest:
        first = first.join(part, on=KEY, how="left")
    return first


def _favourites(counted: pl.DataFrame) -> pl.DataFrame:
    best = counted.sort(
        KEY, "len", "last", "category", descending=[False, True, True, False]
    ).unique(KEY, keep="first", maintain_order=True)
    return best.select(KEY, pl.col("category").cast(pl.String).alias("favourite_category"))


def products_ordered(bought: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """Return by KEY the products of the last day; *days* is days_ordered."""
    named = bought.select(KEY, "date", "product").drop_nulls()
    latest = named.join(days.select(KEY, date="_last"), on=[KEY, "date"], how="semi")
    alike = latest.select(KEY, "product").unique().sort(KEY, "product")
    return _together(alike, "product", as_="last_product")


def _listed(rows: pl.DataFrame, column: str, *, as_: str) -> pl.DataFrame:
    """Return by KEY the texts of its rows, which lie together."""
    lists = rows.group_by(KEY, maintain_order=True).agg(pl.col(column))
    return lists.select(KEY, pl.col(column).cast(pl.List(pl.String)).alias(as_))


def _together(rows: pl.DataFrame, column: str, *, as_: str) -> pl.DataFrame:
    return _listed(rows, column, as_=as_).with_columns(pl.col(as_).list.join(", "))
