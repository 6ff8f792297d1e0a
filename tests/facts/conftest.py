"""Small customer tables, given by the cells that matter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
import pytest
from made import Rows, people_of, settings

from newsletter.facts import add_facts
from newsletter.model.config import Config

Know = Callable[..., pl.DataFrame]

TODAY = dt.date(2026, 11, 4)


@pytest.fixture(scope="session")
def config() -> Config:
    """Return a firm with two account managers and two rewards."""
    return settings(
        business={
            "name": "Paper & Bean",
            "postal_address": "Market 1, Ulm",
            "website": "https://paper.example/",
            "email": "hello@paper.example",
        },
        start=None,
        team=(
            {"id": "maya", "name": "Maya", "role": "Coffee", "photo": "images/maya.png"},
            {"id": "tom", "name": "Tom", "phone": "+49 1", "email": "tom@paper.example"},
        ),
        loyalty={
            "points_per_unit": 2,
            "rewards": ({"points": 500, "reward": "a pen"}, {"points": 100, "reward": "a cup"}),
        },
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
        changed = config.model_copy(update=dict(change or {}))
        return add_facts(people_of(customers, **tables), changed, today=today, since=since)

    return facts
