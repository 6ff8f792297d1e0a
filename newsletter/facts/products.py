"""What customers ordered, by category and product; contacts of one firm share its orders."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import FactsBasis, Source
from newsletter.facts.orders import DAYS, OWNER, distinct, kept, owners, runs

_FACTS: dict[str, pl.DataType] = {
    "last_product": pl.String(),
    "last_category": pl.String(),
    "last_category_name": pl.String(),
    "first_order_in_category": pl.Boolean(),
    "favourite_category": pl.String(),
    "favourite_category_name": pl.String(),
    "categories": pl.List(pl.String()),
}


def _add(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """Add the facts of categories and products ordered up to today."""
    keys = owners(customers)
    orders = basis.tables["orders"]
    owned = kept(orders.with_columns(keys.gather(orders["customer"])))
    bought = owned.select(OWNER, "date", "product", "category")
    days = bought.group_by(OWNER).agg(pl.col("date").max().alias("_last"))
    facts = pl.DataFrame([keys])
    for part in (*_kinds_ordered(bought, days), _products_ordered(bought, days)):
        facts = facts.join(part, on=OWNER, how="left", maintain_order="left")
    nothing = pl.lit([], dtype=pl.List(pl.String()))
    facts = facts.with_columns(
        pl.col("categories").fill_null(nothing),
        last_category_name="last_category",
        favourite_category_name="favourite_category",
    )
    return customers.hstack(facts.drop(OWNER))


def _kinds_ordered(bought: pl.DataFrame, days: pl.DataFrame) -> tuple[pl.DataFrame, ...]:
    """Return three tables of category facts by OWNER; *days* has the last day of each."""
    names = bought["category"].drop_nulls().unique().cast(pl.String()).sort()
    counted = _counted(bought, names)
    latest = _of_last_day(counted, days, day="last")
    new = latest.group_by(OWNER).agg(
        (pl.col("first") == pl.col("last")).any().alias("first_order_in_category")
    )
    last = _listed(latest, names, as_="last_category")
    return (
        _listed(counted, names, as_="categories"),
        last.with_columns(pl.col("last_category").list.join(", ")).join(new, on=OWNER, how="left"),
        _favourites(counted, names),
    )


def _products_ordered(bought: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """Return by OWNER the products of the last day; *days* has that day."""
    latest = _of_last_day(bought.select(OWNER, "date", "product"), days, day="date")
    names = latest["product"].drop_nulls().unique().cast(pl.String()).sort()
    different = distinct(latest, _with_number("product", names))
    listed = _listed(_parted(different, names), names, as_="last_product")
    return listed.with_columns(pl.col("last_product").list.join(", "))


def _counted(bought: pl.DataFrame, names: pl.Series) -> pl.DataFrame:
    """Return OWNER, number of the category, len, first and last of its days, sorted."""
    days = distinct(bought, _with_number("category", names))
    turns, date = runs(days[OWNER]), days["date"]
    counted = turns.with_columns(
        first=date.gather(turns["first"]), last=date.gather(turns["last"])
    )
    return _parted(counted, names)


def _of_last_day(rows: pl.DataFrame, days: pl.DataFrame, *, day: str) -> pl.DataFrame:
    dated = rows.join(days.select(OWNER, "_last"), on=OWNER, maintain_order="left")
    return dated.filter(pl.col(day) == pl.col("_last"))


def _favourites(counted: pl.DataFrame, names: pl.Series) -> pl.DataFrame:
    """Return the category ordered on most days; ties go to the latest, then by name."""
    many = names.len() or 1
    weight = pl.col("len").cast(pl.Int64) * DAYS + pl.col("last").to_physical() + DAYS // 2
    best = counted.group_by(OWNER).agg((weight * many + many - 1 - pl.col("number")).max())
    number = many - 1 - best.to_series(1) % many
    return best.select(OWNER, names.gather(number).alias("favourite_category"))


def _listed(rows: pl.DataFrame, names: pl.Series, *, as_: str) -> pl.DataFrame:
    """Return the list of names by OWNER; rows of an owner must be adjacent."""
    named = rows.select(OWNER, names.gather(rows["number"]).alias(as_))
    return named.group_by(OWNER, maintain_order=True).agg(as_)


def _with_number(column: str, names: pl.Series) -> pl.Expr:
    """Pack OWNER and the index of each text in the sorted *names* into one number."""
    number = pl.col(column).cast(pl.Enum(names)).to_physical().cast(pl.Int64)
    return pl.col(OWNER) * (names.len() or 1) + number


def _parted(rows: pl.DataFrame, names: pl.Series) -> pl.DataFrame:
    """Unpack the OWNER and number that `_with_number` packed."""
    many = names.len() or 1
    return rows.with_columns(pl.col(OWNER) // many, number=pl.col(OWNER) % many)


PRODUCTS = Source(name="orders", facts=_FACTS, nobody={"categories": []}, add=_add)
