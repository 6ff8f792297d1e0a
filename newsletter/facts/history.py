"""What each customer received, what we did for them, and why they left."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from newsletter.facts.basis import FactsBasis, Source, joined
from newsletter.model.tables import REACHED

_HAD: dict[str, pl.DataType] = {
    "had": pl.List(pl.String()),
}

_LEAVING: dict[str, pl.DataType] = {
    "leaving_reason": pl.String(),
}

_SERVICE = pl.Struct({"date": pl.Date(), "title": pl.String(), "detail": pl.String()})

_SERVICES: dict[str, pl.DataType] = {
    "services": pl.List(_SERVICE),
    "services_count": pl.Int64(),
}


def _add_had(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """Add the entries that went out up to today."""
    slugs = _reached(basis.tables["history"], "entries").explode("entries").drop_nulls()
    # Numbers in the order of the names are compared faster than texts.
    names = pl.Enum(slugs["entries"].unique().sort())
    had = slugs.with_columns(pl.col("entries").cast(names)).unique().sort("customer", "entries")
    lists = had.group_by("customer", maintain_order=True).agg(
        pl.col("entries").cast(pl.String).alias("had")
    )
    nothing = pl.lit([], dtype=pl.List(pl.String()))
    return joined(customers, lists).with_columns(pl.col("had").fill_null(nothing))


def entries_sent(history: pl.DataFrame, slugs: Collection[str] | pl.Series) -> pl.DataFrame:
    """Return each customer and slug once, for the customers who had one of these entries."""
    if not len(slugs):
        return pl.DataFrame(schema={"customer": pl.UInt32(), "slug": pl.String()})
    some = pl.col("entries").list.eval(pl.element().is_in(list(slugs))).list.any()
    sent = _reached(history, "entries").filter(some).select("customer", slug="entries")
    return sent.explode("slug").filter(pl.col("slug").is_in(list(slugs))).unique()


def _reached(history: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Return `customer` and *columns* of the contacts that were no failed attempts."""
    # Filtering copies all columns: drop those that nothing reads.
    read = history.select("customer", *columns, "outcome")
    return read.filter(REACHED).drop("outcome")


def _add_leaving(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """Add the last reason for leaving. Needs last_order."""
    noted = _reached(basis.tables["history"], "date", "reason").drop_nulls("reason")
    reasons = noted.sort("date", "reason", nulls_last=False)
    last = reasons.group_by("customer").agg(
        pl.col("reason").last().alias("leaving_reason"), pl.col("date").last().alias("_left")
    )
    added = joined(customers, last)
    back = (pl.col("last_order") > pl.col("_left")).fill_null(value=False)
    reason = pl.when(~back).then("leaving_reason")
    return added.with_columns(reason.alias("leaving_reason")).drop("_left")


def _add_services(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """Add the services from `since` to today, oldest first; an empty list if there are none."""
    recent = basis.tables["services"].filter(
        pl.col("date").is_between(basis.since, basis.today) & pl.col("title").is_not_null()
    )
    done = recent.sort("date", "title").group_by("customer", maintain_order=True)
    lists = done.agg(pl.struct("date", "title", "detail").alias("services"))
    added = joined(customers, lists)
    nothing = pl.lit([], dtype=pl.List(_SERVICE))
    added = added.with_columns(pl.col("services").cast(pl.List(_SERVICE)).fill_null(nothing))
    return added.with_columns(pl.col("services").list.len().cast(pl.Int64).alias("services_count"))


HAD = Source(name="history", facts=_HAD, nobody={"had": []}, add=_add_had)
LEAVING = Source(name="history", facts=_LEAVING, add=_add_leaving, needs=("last_order",))
SERVICES = Source(
    name="services",
    facts=_SERVICES,
    nobody={"services": [], "services_count": 0},
    add=_add_services,
)
