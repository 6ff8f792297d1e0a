"""Facts of a day do not depend on rows dated later."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from newsletter.facts import FACTS

Know = Callable[..., pl.DataFrame]
Rows = list[dict[str, Any]]

FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 12, 31)


def _tables() -> dict[str, Rows]:
    """Return a year of rows in every table, for five customers."""
    chance = random.Random(4)

    def rows(count: int, **columns: Callable[[], object]) -> Rows:
        year = (LAST - FIRST).days
        dated = [
            {
                "customer": chance.choice("abcde"),
                "date": FIRST + dt.timedelta(chance.randrange(year)),
            }
            for _ in range(count)
        ]
        return [row | {name: make() for name, make in columns.items()} for row in dated]

    values = ("ink", "paper", "tea", None)
    return {
        "orders": rows(
            30,
            amount=lambda: chance.choice((-5.0, 4.0, 9.5)),
            product=lambda: chance.choice(values),
            category=lambda: chance.choice(values),
        ),
        "services": rows(9, title=lambda: chance.choice(values)),
        "occasions": rows(9, occasion=lambda: chance.choice(values)),
        "feedback": rows(
            12,
            id=lambda: f"F-{chance.randrange(99)}",
            score=lambda: chance.randrange(11),
            text=lambda: chance.choice(values),
        ),
        "conversations": rows(
            20,
            channel=lambda: chance.choice(("call", "visit")),
            text=lambda: chance.choice(values),
            promise=lambda: chance.choice(values),
            promised_by=lambda: FIRST + dt.timedelta(chance.randrange(365)),
        ),
        "history": rows(
            30,
            practice=lambda: chance.choice(("issue", "promise", "birthday")),
            channel=lambda: chance.choice(("email", "letter")),
            entries=lambda: [chance.choice("xyz")],
            outcome=lambda: chance.choice((None, "done", "not reached")),
        ),
    }


def _until(tables: Mapping[str, Rows], day: dt.date) -> dict[str, Rows]:
    return {name: [row for row in rows if row["date"] <= day] for name, rows in tables.items()}


@pytest.mark.parametrize("month", [3, 6, 9, 12])
def test_later_rows_change_no_fact(know: Know, month: int) -> None:
    """All facts are the same, with or without the rest of the year in the tables."""
    people = [{"id": key, "customer_since": FIRST} for key in "abcde"]
    today, tables = dt.date(2026, month, 5), _tables()
    whole = know(people, today=today, since=FIRST, **tables)
    as_of_today = know(people, today=today, since=FIRST, **_until(tables, today))
    assert_frame_equal(whole, as_of_today)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_rows_changes_no_fact(know: Know, seed: int) -> None:
    """Two rows of one day may be in either order."""
    people = [{"id": key, "account": "firm" if key in "ab" else None} for key in "abcde"]
    tables = _tables()
    chance = random.Random(seed)
    shuffled = {name: chance.sample(rows, len(rows)) for name, rows in tables.items()}
    turned = know(people[::-1], since=FIRST, **shuffled).select("id", *FACTS)
    assert_frame_equal(know(people, since=FIRST, **tables).select("id", *FACTS), turned)
