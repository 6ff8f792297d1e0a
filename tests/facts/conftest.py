"""Small customer tables, given by the cells that matter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl
import pytest
from made import table

from newsletter.facts import add_facts
from newsletter.model.config import Business, Config, Links, Loyalty, Reward, Sender, TeamMember
from newsletter.model.project import People
from newsletter.model.tables import CUSTOMERS, TABLES

Rows = Sequence[Mapping[str, object]]
Know = Callable[..., pl.DataFrame]

TODAY = dt.date(2026, 11, 4)


@pytest.fixture(scope="session")
def config() -> Config:
    """Return a firm with two account managers and two rewards."""
    return Config(
        business=Business(
            name="Paper & Bean",
            postal_address="Market 1, Ulm",
            website="https://paper.example/",
            email="hello@paper.example",
        ),
        sender=Sender(name="Paper & Bean", email="hello@paper.example"),
        links=Links(unsubscribe="https://paper.example/leave/{token}"),
        team=(
            TeamMember(id="maya", name="Maya", role="Coffee", photo="images/maya.png"),
            TeamMember(id="tom", name="Tom", phone="+49 1", email="tom@paper.example"),
        ),
        loyalty=Loyalty(
            points_per_unit=2,
            rewards=(Reward(points=500, reward="a pen"), Reward(points=100, reward="a cup")),
        ),
    )


@pytest.fixture
def know(config: Config) -> Know:
    """Return a function from customers and tables to facts: `know([{"id": "a"}], orders=[…])`."""

    def facts(
        customers: Rows,
        *,
        today: dt.date = TODAY,
        since: dt.date = dt.date(2026, 10, 1),
        change: Mapping[str, Any] | None = None,
        **tables: Rows,
    ) -> pl.DataFrame:
        rows = [{"row": i + 2, "consent_email": True} | dict(r) for i, r in enumerate(customers)]
        people = People(
            customers=table(rows, CUSTOMERS),
            tables={name: table(tables.get(name, ()), schema) for name, schema in TABLES.items()},
            source="customers.csv",
        )
        changed = config.model_copy(update=dict(change or {}))
        return add_facts(people, changed, today=today, since=since)

    return facts
