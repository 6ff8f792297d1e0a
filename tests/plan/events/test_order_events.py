"""Orders as events: by day, counted per firm, without refunds."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from made import DAY, Rows, basis_of

from newsletter.plan.events import events_of

D = dt.date


def _order(customer: str, day: D, amount: float | None = 5.0, **more: object) -> dict[str, object]:
    return {"customer": customer, "date": day, "amount": amount, **more}


def _order_events(
    orders: Rows, customers: Rows = ({"id": "a"},), *, first: D = DAY, last: D = DAY
) -> pl.DataFrame:
    return events_of("order", basis_of(customers, orders=orders), first=first, last=last)


def test_orders_of_a_day_are_one() -> None:
    """Several orders of one day are one event: products and categories once, amounts summed."""
    orders = [
        _order("a", DAY, 5.0, product="Pen", category="pens"),
        _order("a", DAY, 2.5, product="Ink", category="ink"),
        _order("a", DAY, 2.5, product="Ink", category="ink"),
    ]

    events = _order_events(orders)

    assert events.rows() == [
        (
            "a",
            "2026-11-04",
            DAY,
            "order of 2026-11-04 (Ink, Pen)",
            DAY,
            "Ink, Pen",
            "ink, pens",
            10.0,
            1,
            True,
            None,
        )
    ]


def test_what_is_not_known_is_missing() -> None:
    """Without product, category and amount an order is one all the same."""
    events = _order_events([_order("a", DAY, None)])

    assert events.rows() == [
        ("a", "2026-11-04", DAY, "order of 2026-11-04", DAY, None, None, None, 1, False, None)
    ]


def test_refunds_are_no_orders() -> None:
    """A refund is no event, does not count, and takes nothing off the order of its day."""
    orders = [
        _order("a", D(2026, 10, 1), -5.0),
        _order("a", DAY, 8.0),
        _order("a", DAY, -3.0, product="Pen"),
        _order("b", DAY, -3.0),
    ]

    events = _order_events(orders, [{"id": "a"}, {"id": "b"}])

    assert events.select("customer", "order_amount", "order_number", "back_after_days").rows() == [
        ("a", 8.0, 1, None)
    ]


def test_first_in_category() -> None:
    """It is yes where the order has a category that was never bought before."""
    orders = [
        _order("a", D(2026, 9, 1), category="ink"),
        _order("a", D(2026, 10, 1), category="ink"),
        _order("a", D(2026, 10, 2), -1.0, category="pens"),
        _order("a", D(2026, 11, 1), category="pens"),
        _order("a", D(2026, 11, 1), category="ink"),
        _order("a", DAY, category="pens"),
    ]

    events = _order_events(orders, first=D(2026, 1, 1))

    assert events["first_in_category"].to_list() == [True, False, True, False]


def test_numbers_and_gaps_look_back_before_the_days_asked_for() -> None:
    """order_number and back_after_days count all orders, also those before the window."""
    orders = [_order("a", D(2024, 1, 1)), _order("a", D(2025, 11, 4)), _order("a", DAY)]

    events = _order_events(orders)

    assert events.select("order_number", "back_after_days").rows() == [(3, 365)]


def test_contacts_of_a_firm_share_their_orders() -> None:
    """Each who ordered has an event; number, first and gap are those of the firm."""
    people = [{"id": "a", "account": "firm"}, {"id": "b", "account": "firm"}, {"id": "firm"}]
    orders = [
        _order("a", D(2026, 10, 5), category="ink"),
        _order("b", DAY, category="ink"),
        _order("a", DAY, category="pens"),
        _order("firm", DAY, category="ink"),
    ]

    events = _order_events(orders, people)

    details = ["customer", "order_number", "first_in_category", "back_after_days"]
    assert events.select(details).rows() == [
        ("a", 2, True, 30),
        ("b", 2, False, 30),
        ("firm", 1, True, None),
    ]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_order_of_rows_does_not_matter(seed: int) -> None:
    """The same rows in another order give the same events."""
    people = [{"id": f"c{n}", "account": f"f{n % 7}" if n % 3 else None} for n in range(40)]
    orders = [
        _order(f"c{n % 40}", DAY - dt.timedelta(n % 11), n / 7, product=f"P{n % 5}", category="x")
        for n in range(300)
    ]
    shuffled = pl.DataFrame(orders).sample(fraction=1, shuffle=True, seed=seed).to_dicts()

    first = D(2026, 10, 20)
    assert _order_events(orders, people, first=first).equals(
        _order_events(shuffled, people, first=first)
    )


def test_last_order() -> None:
    """The last order is one event, and none where it does not lie in the days asked for."""
    people = [{"id": "a"}, {"id": "b"}, {"id": "c", "last_order": D(2026, 9, 3)}]
    orders = [_order("a", D(2026, 9, 1)), _order("b", D(2026, 9, 2)), _order("b", DAY)]
    basis = basis_of(people, orders=orders)

    events = events_of("last order", basis, first=D(2026, 9, 1), last=D(2026, 9, 30))

    assert events.rows() == [
        ("a", "2026-09-01", D(2026, 9, 1), "last order on 2026-09-01", D(2026, 9, 1)),
        ("c", "2026-09-03", D(2026, 9, 3), "last order on 2026-09-03", D(2026, 9, 3)),
    ]


def test_orders_before_the_table_count() -> None:
    """Whose last visit stands in the file comes for the second time, when the table begins."""
    people = [{"id": "a", "last_order": D(2026, 9, 18)}, {"id": "b"}]

    events = _order_events([_order(who, DAY, category="tea") for who in "ab"], people)

    numbers = events.select("customer", "order_number", "first_in_category")
    assert sorted(numbers.rows()) == [("a", 2, False), ("b", 1, True)]
