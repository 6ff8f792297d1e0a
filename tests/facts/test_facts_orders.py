"""Facts from orders, and from the customer file without orders."""

from __future__ import annotations

import datetime as dt

import pytest

COLUMNS = [
    "orders_count",
    "total_spent",
    "first_order_date",
    "last_order",
    "days_since_first_order",
    "days_since_last_order",
    "usual_interval_days",
    "overdue",
    "favourite_category",
    "returning",
    "years_as_customer",
]


def _order(customer: str, day: str, amount: float | None = 10.0, category: str | None = "tea"):
    date = dt.date.fromisoformat(day)
    return {"customer": customer, "date": date, "amount": amount, "category": category}


def test_orders_become_facts(know) -> None:
    """Rows of one day are one order, refunds are none, and future orders do not count yet."""
    orders = [
        _order("a", "2026-08-01", 10.0, "tea"),
        _order("a", "2026-08-01", 5.5, "cups"),
        _order("a", "2026-08-11", 4.0, "cups"),
        _order("a", "2026-09-10", 20.0, "tea"),
        _order("a", "2026-09-20", -20.0, "tea"),
        _order("a", "2026-12-24", 99.0, "tea"),
    ]
    facts = know([{"id": "b"}, {"id": "a"}], orders=orders)
    first, last = dt.date(2026, 8, 1), dt.date(2026, 9, 10)
    assert facts.select("id", *COLUMNS).rows() == [
        ("a", 3, 19.5, first, last, 95, 55, 20.0, 2.75, "cups", True, 0),
        ("b", 0, 0.0, None, None, None, None, None, None, None, False, None),
    ]


@pytest.mark.parametrize(
    ("steps", "left"),
    [
        ("pen 5, pen -5", []),
        ("pen 5, ink 3, pen -5", ["ink"]),
        ("pen 5, pen -4, ink -5", ["pen"]),  # a part, and something else
        ("pen 5, pen 5, pen -5", ["pen"]),
        ("pen -5, pen 5", ["pen"]),
        ("pen 5, pen -5, pen 5", ["pen"]),
        ("pen 5, pen 5, pen -5, pen -5, ink 1", ["ink"]),
    ],
)
def test_what_was_brought_back_is_not_named(know, steps: str, left: list[str]) -> None:
    """A refund takes back the last order of that product and amount that is still there."""
    orders = [
        _order("a", f"2026-10-{number + 1:02}", float(amount), "x") | {"product": product}
        for number, (product, amount) in enumerate(step.split() for step in steps.split(", "))
    ]
    facts = know([{"id": "a"}], orders=orders)
    assert facts["last_product"].to_list() == [", ".join(left) or None]


def test_without_orders_the_customer_file_counts(know) -> None:
    """orders_count, total_spent and last_order of the file give the same facts."""
    row = {
        "id": "a",
        "orders_count": 4,
        "total_spent": 80.0,
        "last_order": dt.date(2026, 11, 1),
        "customer_since": dt.date(2024, 11, 5),
    }
    facts = know([row, {"id": "b", "customer_since": dt.date(2020, 2, 29)}, {"id": "c"}])
    assert facts.select(COLUMNS).rows() == [
        (4, 80.0, None, dt.date(2026, 11, 1), None, 3, None, None, None, True, 1),
        (None, None, None, None, None, None, None, None, None, True, 6),
        (None,) * 11,
    ]


def test_contacts_of_one_firm_share_its_orders(know) -> None:
    """An order counts for each contact of the account, and not for a customer of the same id."""
    rows = [{"id": "a", "account": "firm"}, {"id": "b", "account": "firm"}, {"id": "firm"}]
    orders = [_order("a", "2026-09-01"), _order("b", "2026-10-01")]
    facts = know(rows, orders=orders)
    assert facts["orders_count"].to_list() == [2, 2, 0]
    assert facts["total_spent"].to_list() == [20.0, 20.0, 0.0]


def test_of_equal_categories_the_latest_is_the_favourite(know) -> None:
    """Of categories ordered equally often, the one ordered last; unnamed ones do not count."""
    orders = [
        _order("a", "2026-08-01", category="tea"),
        _order("a", "2026-09-01", category="ink"),
        _order("a", "2026-10-01", category=None),
    ]
    assert know([{"id": "a"}], orders=orders)["favourite_category"].to_list() == ["ink"]


def test_years_as_customer_are_full_years(know) -> None:
    """The anniversary itself counts; a leap day's is the 28th; a future date gives no number."""
    days = ["2024-11-04", "2024-11-05", "2026-11-04", "2027-01-01"]
    rows = [{"id": day, "customer_since": dt.date.fromisoformat(day)} for day in days]
    assert know(rows)["years_as_customer"].to_list() == [2, 1, 0, None]
    leap = [{"id": "a", "customer_since": dt.date(2024, 2, 29)}]
    assert know(leap, today=dt.date(2027, 2, 28))["years_as_customer"].to_list() == [3]


def test_a_customer_from_before_the_table_of_orders_is_not_new(know) -> None:
    """The customer file tells of the time before the first row of orders."""
    visit, old = dt.date(2026, 9, 18), dt.date(2012, 6, 19)
    people = [
        {"id": "a", "last_order": visit},
        {"id": "b", "customer_since": old},
        {"id": "c", "last_order": visit, "customer_since": old},
        {"id": "d", "last_order": dt.date(2026, 11, 2)},
        {"id": "e"},
    ]
    facts = know(people, orders=[_order(customer, "2026-11-02") for customer in "abd"])
    assert facts.select("id", "orders_count", "returning").rows() == [
        ("a", 2, True),
        ("b", 1, True),
        ("c", None, True),
        ("d", 1, False),
        ("e", 0, False),
    ]
