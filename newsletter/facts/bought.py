"""Orders of each owner → one row: how many, when, of what kind."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import numbers

KEY = "_owner"
"""A number for whom orders belong to: the firm, else the customer."""

_DAYS = 1 << 18
"""More than days there are: the years 1611 to 2328."""


def owners(customers: pl.DataFrame) -> pl.Series:
    """Return the KEY of each customer; contacts of one account have the same."""
    firm, row = pl.col("account"), pl.col("customer").cast(pl.Int64)
    first = pl.when(firm.is_null()).then(row).otherwise(row.min().over(firm))
    return customers.select(firm, numbers(customers)).select(first.alias(KEY)).to_series()


def days_ordered(bought: pl.DataFrame) -> pl.DataFrame:
    """
    Return by KEY: number, first and last of the days on which somebody ordered, and distances.

    *bought* has KEY and date of each order that is no refund.
    """
    days = _distinct(bought, pl.col(KEY))
    gap = pl.col("date").diff().dt.total_days()
    same = pl.col(KEY) == pl.col(KEY).shift()
    gaps = days.select(KEY, pl.when(same).then(gap).alias("gap"))
    runs, date = _runs(days[KEY]), days["date"]
    ordered = runs.select(
        KEY,
        pl.col("len").cast(pl.Int64).alias("_count"),
        date.gather(runs["first"]).alias("first_order_date"),
        date.gather(runs["last"]).alias("_last"),
        gaps["gap"].gather(runs["last"]).alias("back_after_days"),
    )
    usual = gaps.drop_nulls().group_by(KEY).agg(pl.col("gap").median())
    return ordered.join(usual.rename({"gap": "usual_interval_days"}), on=KEY, how="left")


def kinds_ordered(bought: pl.DataFrame, days: pl.DataFrame) -> tuple[pl.DataFrame, ...]:
    """Return by KEY, in three tables, what follows from the categories; *days* is days_ordered."""
    names = bought["category"].drop_nulls().unique().sort()
    counted = _counted(bought, names)
    latest = _of_last_day(counted, days, day="last")
    new = latest.group_by(KEY).agg(
        (pl.col("first") == pl.col("last")).any().alias("first_order_in_category")
    )
    last = _listed(latest, names, as_="last_category")
    return (
        _listed(counted, names, as_="categories"),
        last.with_columns(pl.col("last_category").list.join(", ")).join(new, on=KEY, how="left"),
        _favourites(counted, names),
    )


def products_ordered(bought: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """Return by KEY the products of the last day; *days* is days_ordered."""
    latest = _of_last_day(bought.select(KEY, "date", "product"), days, day="date")
    names = latest["product"].drop_nulls().unique().sort()
    different = _distinct(latest, _with_number("product", names))
    listed = _listed(_parted(different, names), names, as_="last_product")
    return listed.with_columns(pl.col("last_product").list.join(", "))


def _counted(bought: pl.DataFrame, names: pl.Series) -> pl.DataFrame:
    """Return KEY, number of the category, len, first and last of its days, sorted."""
    days = _distinct(bought, _with_number("category", names))
    runs, date = _runs(days[KEY]), days["date"]
    counted = runs.with_columns(first=date.gather(runs["first"]), last=date.gather(runs["last"]))
    return _parted(counted, names)


def _of_last_day(rows: pl.DataFrame, days: pl.DataFrame, *, day: str) -> pl.DataFrame:
    known = rows.join(days.select(KEY, "_last"), on=KEY, maintain_order="left")
    return known.filter(pl.col(day) == pl.col("_last"))


def _favourites(counted: pl.DataFrame, names: pl.Series) -> pl.DataFrame:
    """Return the category of most days; of equals the one ordered last, then the first by name."""
    many = names.len() or 1
    weight = pl.col("len").cast(pl.Int64) * _DAYS + pl.col("last").to_physical() + _DAYS // 2
    best = counted.group_by(KEY).agg((weight * many + many - 1 - pl.col("number")).max())
    number = many - 1 - best.to_series(1) % many
    return best.select(KEY, names.gather(number).alias("favourite_category"))


def _listed(rows: pl.DataFrame, names: pl.Series, *, as_: str) -> pl.DataFrame:
    """Return by KEY the names of its rows, which lie together."""
    named = rows.select(KEY, names.gather(rows["number"]).alias(as_))
    return named.group_by(KEY, maintain_order=True).agg(as_)


def _distinct(orders: pl.DataFrame, key: pl.Expr) -> pl.DataFrame:
    """
    Return the different key, a whole number, and date, sorted; without those of no key.

    Both are made one number for that: it is sorted four times as fast as two columns.
    """
    packed = key * _DAYS + pl.col("date").to_physical() + _DAYS // 2
    ordered = orders.select(packed).to_series().drop_nulls().sort()
    once = ordered.filter(ordered.ne_missing(ordered.shift()))
    day = (once % _DAYS - _DAYS // 2).cast(pl.Int32).cast(pl.Date)
    return pl.DataFrame([(once // _DAYS).alias(KEY).set_sorted(), day.alias("date")])


def _runs(keys: pl.Series) -> pl.DataFrame:
    """Return for each of the sorted keys KEY, len, and the rows where it is first and last."""
    runs = keys.rle().struct.unnest().rename({"value": KEY})
    end = pl.col("len").cast(pl.Int64).cum_sum()
    return runs.with_columns(first=end - pl.col("len"), last=end - 1)


def _with_number(column: str, names: pl.Series) -> pl.Expr:
    """Return KEY and the place of each text among the sorted *names* as one number."""
    number = pl.col(column).cast(pl.Enum(names)).to_physical().cast(pl.Int64)
    return pl.col(KEY) * (names.len() or 1) + number


def _parted(rows: pl.DataFrame, names: pl.Series) -> pl.DataFrame:
    """Return KEY and number apart again."""
    many = names.len() or 1
    return rows.with_columns(pl.col(KEY) // many, number=pl.col(KEY) % many)
