"""What we know of each customer, as columns. One file per source."""

from __future__ import annotations

import datetime as dt

import polars as pl

from newsletter.facts import (
    anniversary,
    birthday,
    contact,
    conversations,
    feedback,
    greeting,
    history,
    loyalty,
    manager,
    mentions,
    occasions,
    orders,
    referrals,
    services,
)
from newsletter.facts.basis import Basis, Fact, numbers
from newsletter.model.config import Config
from newsletter.model.customs import Customs
from newsletter.model.people import People
from newsletter.model.tables import CUSTOMERS, TABLES

SOURCES = (
    greeting,
    birthday,
    orders,
    anniversary,
    loyalty,
    contact,
    feedback,
    conversations,
    history,
    occasions,
    services,
    referrals,
    mentions,
    manager,
)
"""Each has FACTS and `add(customers, basis)`; later ones read what earlier ones add."""

FACTS: dict[str, Fact] = {name: fact for source in SOURCES for name, fact in source.FACTS.items()}
"""Every fact by name, in the order of docs/rules.md."""


_NO_CUSTOMS = Customs()


def add_facts(
    people: People,
    config: Config,
    *,
    today: dt.date,
    since: dt.date,
    customs: Customs = _NO_CUSTOMS,
) -> pl.DataFrame:
    """
    Return the customers with the columns of FACTS as of *today*, sorted by id.

    What is dated later, or not at all, is not known yet. *since* is the first day of the services
    to report on. A further column of the user's own file that has the name and type of a fact wins
    where it has a value.
    """
    customers = people.customers.sort("id")
    tables = _numbered(people, customers)
    # What went out went out, though nobody wrote down when.
    past = {n: _past(t, today, undated=n == "history") for n, t in tables.items()}
    basis = Basis(
        tables=past,
        coming=_coming(tables["orders"], today),
        config=config,
        customs=customs,
        today=today,
        since=since,
    )
    known = customers.drop(_own(customers))
    for source in SOURCES:
        known = source.add(known, basis)
    known = known.with_columns(pl.col(name).cast(fact.dtype) for name, fact in FACTS.items())
    return _with_own(known, customers)


def _numbered(people: People, customers: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return the dated tables, `customer` being the row instead of the id: numbers join faster."""
    rows = pl.DataFrame([customers["id"].alias("customer"), numbers(customers).alias("_row")])
    return {
        name: _with_rows(people.tables[name].select(*schema), rows)
        for name, schema in TABLES.items()
        if "customer" in schema
    }


def _with_rows(table: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    whose = table.select("customer").join(rows, on="customer", how="left", maintain_order="left")
    numbered = table.with_columns(whose["_row"].alias("customer"))
    return numbered.drop_nulls("customer") if whose["_row"].has_nulls() else numbered


def _past(table: pl.DataFrame, today: dt.date, *, undated: bool) -> pl.DataFrame:
    past = (table["date"] <= today).fill_null(undated)
    return table if past.all() else table.filter(past)


def _coming(orders: pl.DataFrame, today: dt.date) -> pl.Series:
    return orders.filter(pl.col("date") > pl.lit(today))["customer"].unique()


def in_languages(
    known: pl.DataFrame, people: People, config: Config, *, languages: pl.Expr
) -> pl.DataFrame:
    """
    Return the facts of all customers, those that are words in *languages* instead of their own.

    For editions: what stands between words of one language must be in that language, too.
    """
    told = known.with_columns(languages.alias("language"))
    for source in _TOLD:
        told = source.tell(told, config)
    return _with_own(told.with_columns(known["language"]), people.customers.sort("id"))


_TOLD = (greeting, loyalty, manager)


def _own(customers: pl.DataFrame) -> list[str]:
    return [name for name in FACTS if name in customers.columns and name not in CUSTOMERS]


def _with_own(known: pl.DataFrame, customers: pl.DataFrame) -> pl.DataFrame:
    return known.with_columns(
        pl.coalesce(customers[name], pl.col(name)).alias(name)
        for name in _own(customers)
        if customers.schema[name] == FACTS[name].dtype
    )
