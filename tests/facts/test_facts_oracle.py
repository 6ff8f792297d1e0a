"""Facts from orders against a plain calculation in Python, on random orders of random firms."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import statistics
from collections.abc import Callable, Sequence
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

Know = Callable[..., pl.DataFrame]
Order = dict[str, Any]

TODAY = dt.date(2026, 11, 4)
ACCOUNTS = {"a": None, "b": "firm", "c": "firm", "d": "a", "e": None}

ORDERS = st.lists(
    st.fixed_dictionaries(
        {
            "customer": st.sampled_from([*"abcd"]),
            "date": st.integers(-400, 20).map(lambda days: TODAY + dt.timedelta(days=days)),
            "amount": st.none() | st.sampled_from([-20.0, 0.0, 5.5, 12.25]),
            "product": st.none() | st.sampled_from(["Ink", "Ärmel", "ink, red"]),
            "category": st.none() | st.sampled_from(["ink", "Paper", "Öl"]),
        }
    ),
    max_size=14,
)


def _expected(orders: Sequence[Order]) -> dict[str, object]:
    """Return the facts of one customer or firm, from all of its orders."""
    past = [order for order in orders if order["date"] <= TODAY]
    bought = [order for order in past if not (order["amount"] or 0) < 0]
    days = sorted({order["date"] for order in bought})
    gaps = [(late - early).days for early, late in itertools.pairwise(days)]
    on = {
        name: sorted({o["date"] for o in bought if o["category"] == name})
        for name in sorted({o["category"] for o in bought} - {None})
    }
    last = [order for order in bought if order["date"] == days[-1]]
    kinds = sorted({order["category"] for order in last} - {None})
    products = sorted({order["product"] for order in last} - {None})
    usual = statistics.median(gaps) if gaps else None
    since = (TODAY - days[-1]).days if days else None
    return {
        "orders_count": len(days),
        "total_spent": round(sum(order["amount"] or 0 for order in past), 2),
        "first_order_date": days[0] if days else None,
        "last_order": days[-1] if days else None,
        "usual_interval_days": usual,
        "overdue": None
        if usual is None or since is None
        else pytest.approx(since / usual, abs=0.00501),
        "back_after_days": gaps[-1] if gaps else None,
        "last_product": ", ".join(products) or None,
        "last_category": ", ".join(kinds) or None,
        "first_order_in_category": any(on[k][0] == days[-1] for k in kinds) if kinds else None,
        "favourite_category": max(on, key=lambda k: (len(on[k]), on[k][-1]), default=None),
        "categories": list(on),
        "returning": len(days) >= 2,
    }


@given(orders=ORDERS, seed=st.integers(0, 5))
def test_facts_of_orders_equal_a_plain_calculation(
    know: Know, orders: list[Order], seed: int
) -> None:
    """With firms, refunds, orders without a name, and future orders, in any order of rows."""
    always = {"customer": "e", "date": TODAY, "amount": 1.0, "product": None, "category": None}
    rows = [*orders, always]  # the table is never empty
    shuffled = random.Random(seed).sample(rows, len(rows))
    people = [{"id": key, "account": firm} for key, firm in ACCOUNTS.items()]
    facts = know(people, orders=shuffled)
    for row in facts.to_dicts():
        mine = [
            order
            for order in rows
            if order["customer"] == row["id"]
            or (row["account"] and ACCOUNTS[order["customer"]] == row["account"])
        ]
        expected = _expected(mine)
        assert {name: row[name] for name in expected} == expected
