"""Who recommended us to whom."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import FactsBasis, Source, joined, numbers

_FACTS: dict[str, pl.DataType] = {
    "referred_by": pl.String(),
    "referrals_count": pl.Int64(),
}


def _add(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """Add the recommending customer and the number of referrals. Needs first_order_date."""
    resolved = _resolved(customers)
    ids = customers["id"].gather(resolved["by"]).alias("referred_by")
    referred = joined(customers.drop("referred_by"), resolved.select("customer", ids))
    came = resolved.filter(_came(referred, basis).gather(resolved["customer"]))
    counts = came.group_by(customer="by").agg(pl.len().alias("referrals_count"))
    return joined(referred, counts).with_columns(pl.col("referrals_count").fill_null(0))


def _resolved(customers: pl.DataFrame) -> pl.DataFrame:
    """
    Return the row numbers `customer` and `by`, matched by id, else address, else name.

    Addresses and names shared by several customers match nobody, and nobody refers themselves.
    """
    given = customers.select("referred_by", numbers(customers)).drop_nulls()
    if given.is_empty():
        return pl.DataFrame(schema={"customer": pl.UInt32(), "by": pl.UInt32()})
    matches = []
    for kind, fold in (("id", _as_written), ("email", _small), ("name", _as_written)):
        called = customers.select(numbers(customers).alias("by"), key=fold(pl.col(kind)))
        asked = given.select("customer", key=fold(pl.col("referred_by")))
        matched = asked.join(called, on="key")
        matches.append(matched.filter(pl.col("customer").is_unique()).select("customer", "by"))
    first = pl.concat(matches).unique("customer", keep="first", maintain_order=True)
    return first.filter(pl.col("by") != pl.col("customer"))


def _as_written(text: pl.Expr) -> pl.Expr:
    return text


def _small(text: pl.Expr) -> pl.Expr:
    return text.str.to_lowercase()


def _came(customers: pl.DataFrame, basis: FactsBasis) -> pl.Series:
    """Return whether each is a customer today; undated ones are, unless their orders lie ahead."""
    began = customers.select(pl.coalesce("customer_since", "first_order_date")).to_series()
    yet_to = numbers(customers).is_in(basis.tables.coming.implode())
    return pl.select(pl.coalesce(began <= basis.today, ~yet_to)).to_series()


REFERRALS = Source(
    name="referrals",
    facts=_FACTS,
    nobody={"referrals_count": 0},
    add=_add,
    needs=("first_order_date",),
    everybody=True,
)
