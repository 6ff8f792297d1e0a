"""Orders as events: grouped by day, counted for each firm, without refunds."""

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
            "order of 4 Nov 2026 (Ink, Pen)",
            DAY,
            None,
            0,
            "Ink, Pen",
            "ink, pens",
            "ink, pens",
            10.0,
            1,
            True,
            False,
            None,
        )
    ]


def test_an_order_without_details_is_an_event() -> None:
    """Its product, category and amount are missing."""
    events = _order_events([_order("a", DAY, None)])

    assert events.drop("complained_since").rows() == [
        ("a", "2026-11-04", DAY, "order of 4 Nov 2026", DAY, None, 0, *[None] * 4, 1, False, None)
    ]


@pytest.mark.parametrize(
    ("day", "score", "complained"),
    [(DAY, 6, True), (DAY, None, True), (DAY, 7, False), (D(2026, 11, 3), 1, False)],
)
def test_a_complaint_on_the_day_of_an_order_or_later(
    day: D, score: int | None, complained: bool
) -> None:
    """Low scores and feedback without one, as for unhappy customers; earlier ones do not count."""
    told = [{"customer": "a", "date": day, "score": score}]
    basis = basis_of([{"id": "a"}], orders=[_order("a", DAY)], feedback=told)
    events = events_of("order", basis, first=DAY, last=DAY)
    assert events["complained_since"].to_list() == [complained]


def test_refunds_are_no_orders() -> None:
    """A refund is no event, is not counted, and does not reduce the order of its day."""
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


def test_an_order_that_was_brought_back_is_none() -> None:
    """Nobody is thanked for it, and of several only what stayed is named."""
    pen, ink = {"product": "Pen"}, {"product": "Ink"}
    later = DAY + dt.timedelta(days=1)
    orders = [_order("a", DAY, **pen), _order("a", later, -5.0, **pen)]
    assert _order_events(orders).height == 1  # the return is not known yet
    with_ink = [*orders, _order("a", DAY, 3.0, **ink), _order("a", later, 2.0, **ink)]
    for rows, expected in ((orders, []), (with_ink, [("Ink", 3.0), ("Ink", 2.0)])):
        basis = basis_of([{"id": "a"}], orders=rows, day=later)
        events = events_of("order", basis, first=DAY, last=later)
        assert events.select("order_product", "order_amount").rows() == expected


def test_first_in_category() -> None:
    """True if the order has a category never ordered before."""
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


def test_numbers_and_gaps_count_all_orders() -> None:
    """order_number and back_after_days look back beyond the days asked for."""
    orders = [_order("a", D(2024, 1, 1)), _order("a", D(2025, 11, 4)), _order("a", DAY)]

    events = _order_events(orders)

    assert events.select("order_number", "back_after_days").rows() == [(3, 365)]


def test_contacts_of_a_firm_share_order_numbers() -> None:
    """Each contact who ordered has an event; number, first and gap are the firm's."""
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
    """It is one event, and none if it is outside the days asked for."""
    people = [{"id": "a"}, {"id": "b"}, {"id": "c", "last_order": D(2026, 9, 3)}]
    orders = [_order("a", D(2026, 9, 1)), _order("b", D(2026, 9, 2)), _order("b", DAY)]
    basis = basis_of(people, orders=orders)

    events = events_of("last order", basis, first=D(2026, 9, 1), last=D(2026, 9, 30))

    assert events.rows() == [
        ("a", "2026-09-01", D(2026, 9, 1), "last order on 1 Sept 2026", D(2026, 9, 1)),
        ("c", "2026-09-03", D(2026, 9, 3), "last order on 3 Sept 2026", D(2026, 9, 3)),
    ]


def test_a_last_order_before_the_table_counts() -> None:
    """A customer with an earlier visit in the file comes for the second time."""
    people = [{"id": "a", "last_order": D(2026, 9, 18)}, {"id": "b"}]

    events = _order_events([_order(customer, DAY, category="tea") for customer in "ab"], people)

    numbers = events.select("customer", "order_number", "first_in_category")
    assert sorted(numbers.rows()) == [("a", 2, False), ("b", 1, True)]
