"""Who recommended us to whom."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import Basis, Fact, joined

FACTS = {
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
    ),
}


def add(customers: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Add who recommended whom. Needs first_order_date."""
    known = joined(customers.drop("referred_by"), _resolved(customers))
    counts = _came(known, basis).group_by("referred_by").agg(pl.len().cast(pl.Int64).alias("_len"))
    known = joined(known, counts.rename({"referred_by": "customer"}))
    return known.with_columns(referrals_count=pl.col("_len").fill_null(0)).drop("_len")


def _resolved(customers: pl.DataFrame) -> pl.DataFrame:
    """Return customer, referred_by: by id, else address, else name; nobody named themselves."""
    given = customers.select(customer="id", said="referred_by").drop_nulls()
    address = pl.col("email").str.to_lowercase()
    known_as = {
        "id": (pl.col("id"), pl.col("said")),
        "email": (address, pl.col("said").str.to_lowercase()),
        "name": (pl.col("name"), pl.col("said")),
    }
    for kind, (key, said) in known_as.items():
        called = customers.select(pl.col("id").alias(f"by_{kind}"), key.alias("key")).drop_nulls()
        asked = given.with_columns(said.alias("key"))
        called = called.join(asked, on="key", how="semi")
        single = called.filter(~pl.col("key").is_duplicated())
        given = asked.join(single, on="key", how="left").drop("key")
    who = pl.coalesce(f"by_{kind}" for kind in known_as)
    found = given.select("customer", who.alias("referred_by"))
    return found.filter(pl.col("referred_by") != pl.col("customer"))


def _came(known: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Return those who are customers today, as far as one can know."""
    began = pl.coalesce("customer_since", "first_order_date")
    named = known.filter(pl.col("referred_by").is_not_null())
    there = named.select("id", "referred_by", _began=began)
    unknown = pl.col("_began").is_null() & pl.col("id").is_in(basis.coming["customer"].implode())
    ahead = (pl.col("_began") > pl.lit(basis.today)).fill_null(value=False)
    return there.filter(~ahead & ~unknown)
