"""Reads what a question about customers needs, and no content and no theme; or one of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl

from newsletter.errors import Problem, raise_all
from newsletter.model.config import Config
from newsletter.model.people import People
from newsletter.read.config import read_config
from newsletter.read.people import read_people


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


def only(people: People, key: str) -> People:
    """
    Return the people with one customer and, of a firm, the other contacts of the account.

    Of each table their rows are left, and its first: facts are missing, not zero, where the
    business keeps no such table at all.
    """
    customers = people.customers
    account = customers.filter(pl.col("id") == key)["account"].item()
    same = (
        (pl.col("account") == account).fill_null(value=False) if account else pl.lit(value=False)
    )
    kept = customers.filter((pl.col("id") == key) | same)
    theirs = pl.col("customer").is_in(kept["id"].implode()) | (pl.int_range(pl.len()) == 0)
    tables = {
        name: table.filter(theirs) if "customer" in table.columns else table
        for name, table in people.tables.items()
    }
    return replace(people, customers=kept, tables=tables)
