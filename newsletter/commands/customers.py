"""Reads what a question about customers needs, and no content and no theme; or one of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl

from newsletter.errors import Problem, raise_all
from newsletter.model.config import Config
from newsletter.model.project import People
from newsletter.read.content.newsletter_yml import read_config
from newsletter.read.people.people_files import read_people


def read_customers(root: Path) -> tuple[Config, People]:
    """Return the settings and the customer tables; raises NewsletterError if they are wrong."""
    problems: list[Problem] = []
    shown = "content/newsletter.yml"
    found = read_config(root / shown, shown=shown, problems=problems)
    raise_all(problems)
    assert found  # had it not been read, there were a problem
    folder = root / "content" / found.config.customers
    shown = f"content/{found.config.customers}"
    people = read_people(folder, found.config, shown=shown, problems=problems)
    raise_all(problems)
    return found.config, people


def account_of(people: People, key: str) -> pl.Series:
    """Return the id of a customer and, of a firm, those of the other contacts of the account."""
    customers = people.customers
    account = customers.filter(pl.col("id") == key)["account"].item()
    same = pl.col("account") == account if account else pl.lit(value=False)
    return customers.filter((pl.col("id") == key) | same)["id"]


def only(people: People, key: str) -> People:
    """
    Return the people without those who do not matter to one customer, so that all is quick.

    Left are the contacts of the account, and of each table one row of somebody else: facts are
    missing, not zero, where the business keeps no such table at all. Who recommended whom gets
    lost.
    """
    ids, everybody = account_of(people, key), people.customers["id"]
    tables = dict(people.tables)
    others: set[str] = set()
    for name, table in people.tables.items():
        if "customer" not in table.columns:
            continue
        known = table["customer"].is_in(everybody.implode())
        witness = pl.Series([known.arg_max()] if known.any() else [], dtype=pl.UInt32)
        others.update(table[witness]["customer"])
        mine = pl.col("customer").is_in(ids.implode())
        tables[name] = table.filter(mine | pl.int_range(pl.len()).is_in(witness.implode()))
    kept = pl.col("id").is_in([*ids, *others])
    return replace(people, customers=people.customers.filter(kept), tables=tables)
