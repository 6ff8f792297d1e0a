"""A customer of whom nothing is known: the reader of the public site."""

from __future__ import annotations

import datetime as dt

import polars as pl

from newsletter.facts import add_facts
from newsletter.model.config import Config
from newsletter.model.people import People
from newsletter.model.tables import CUSTOMERS, TABLES


def nobody(config: Config, *, language: str, today: dt.date) -> dict[str, object]:
    """Return the facts of a nameless customer: the neutral greeting, the first of the team …"""
    row = dict.fromkeys(CUSTOMERS) | {"id": "", "language": language}
    people = People(
        customers=pl.DataFrame([row], schema=CUSTOMERS),
        tables={name: pl.DataFrame(schema=schema) for name, schema in TABLES.items()},
        source="",
    )
    return add_facts(people, config, today=today, since=today).row(0, named=True)
