"""Who recommended us to whom."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import Basis, Fact, Source, joined, numbers

_FACTS = {
    "referred_by": Fact(
        pl.String(),
        "Id of the customer who recommended us to this one",
        unit="",
        source="file: referred_by, an id, an email address or the exact name",
        missing="nobody is named, or nobody who can be told from others in the file",
    ),
    "referrals_count": Fact(
        pl.Int64(),
        "Customers who came by this one's recommendation",
        unit="customers",
        source="referred_by of the others, from the day on which they are customers",
        missing="never; nobody: 0",
        nobody=0,
    ),
}


def _add(customers: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Add who recommended whom. Needs first_order_date."""
    resolved = _resolved(customers)
    ids = customers["id"].gather(resolved["by"]).alias("referred_by")
    known = joined(customers.drop("referred_by"), resolved.select("customer", ids))
    came = resolved.filter(_came(known, basis).gather(resolved["customer"]))
    counts = came.group_by(customer="by").agg(pl.len().alias("referrals_count"))
    return joined(known, counts).with_columns(pl.col("referrals_count").fill_null(0))


def _resolved(customers: pl.DataFrame) -> pl.DataFrame:
    """
    Return the rows `customer` and `by`, found by id, else address, else name.

    Who shares an address or a name with others cannot be told from them; nobody names themselves.
    """
    people = customers.select("id", "email", "name", "referred_by", numbers(customers))
    given = people.select("customer", said="referred_by").drop_nulls()
    address = pl.col("email").str.to_lowercase()
    known_as = {
        "id": (pl.col("id"), pl.col("said")),
        "email": (address, pl.col("said").str.to_lowercase()),
        "name": (pl.col("name"), pl.col("said")),
    }
    for kind, (key, said) in known_as.items():
        called = people.select(
            pl.col("customer").alias(f"by_{kind}"), key.alias("key")
        ).drop_nulls()
        asked = given.with_columns(said.alias("key"))
        called = called.join(asked, on="key", how="semi")
        single = called.filter(~pl.col("key").is_duplicated())
        given = asked.join(single, on="key", how="left").drop("key")
    who = pl.coalesce(f"by_{kind}" for kind in known_as)
    found = given.select("customer", who.alias("by"))
    return found.filter(pl.col("by") != pl.col("customer"))


def _came(known: pl.DataFrame, basis: Basis) -> pl.Series:
    """Return who is a customer today; without any date, everybody who has not yet to order."""
    began = known.select(pl.coalesce("customer_since", "first_order_date")).to_series()
    yet_to = numbers(known).is_in(basis.tables.coming.implode())
    return pl.select(pl.coalesce(began <= basis.today, ~yet_to)).to_series()


REFERRALS = Source(
    name="referrals", facts=_FACTS, add=_add, needs=("first_order_date",), everybody=True
)
