"""Orders of some days are thanked for together, once."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from made import basis_of, practice, source
from plan.caring import START, caring

from newsletter.model.practice import Span
from newsletter.plan.planning import plan_day, plan_days
from newsletter.plan.proposals import proposals

THANKS = practice(
    "order", name="thank-you", offset=Span(2, "day"), until=Span(5, "day"), together=7
)


def _november(day: int) -> dt.date:
    return dt.date(2026, 11, day)


def _orders(*days: int, **more: object) -> list[dict[str, object]]:
    return [{"customer": "a", "date": _november(day), "amount": 5.0, **more} for day in days]


def _thanked(key: str | None, day: int, **more: object) -> dict[str, object]:
    return {"customer": "a", "practice": "thank-you", "key": key, "date": _november(day), **more}


def _proposed(orders, *, today: int, history=(), tested=THANKS):
    wanted = ("orders_count", "last_order")
    day = _november(today)
    basis = basis_of([{"id": "a"}], orders=orders, history=history, day=day, wanted=wanted)
    proposed = proposals([tested], basis, day=day)
    return proposed.rows.hstack(proposed.details["thank-you"][proposed.rows["event"]])


def test_the_orders_of_some_days_are_one_task() -> None:
    """It is due with the first of them, has the key of the last, and names all that was bought."""
    orders = [
        *_orders(2, product="Ink, oak gall", category="ink"),
        *_orders(3, product="Pen", category="pens"),
        *_orders(4, product="Ink, oak gall", category="ink"),
        {"customer": "a", "date": _november(3), "amount": -5.0, "product": "Returned"},
    ]
    rows = _proposed(orders, today=4)
    assert rows.drop("customer", "practice", "priority", "owed", "slug", "event").to_dicts() == [
        {
            "key": "2026-11-04",
            "on": _november(4),
            "about": "orders from 2 Nov 2026 to 4 Nov 2026 (Ink, oak gall, Pen)",
            "because": "orders from 2 Nov 2026 to 4 Nov 2026 (Ink, oak gall, Pen)",
            "arrives": _november(4),
            "last_day": _november(9),
            "order_date": _november(4),
            "order_since": _november(2),
            "order_days_ago": 2,
            "order_product": "Ink, oak gall, Pen",
            "order_category": "ink, pens",
            "order_category_name": "ink, pens",
            "order_amount": 15.0,
            "order_number": 3,
            "first_in_category": True,
            "complained_since": False,
            "back_after_days": None,
        }
    ]


def test_what_was_brought_back_is_not_among_them() -> None:
    """Neither of the days themselves nor of days before them that nobody thanked for."""
    orders = [
        *_orders(2, 9, product="Pen"),
        *_orders(3, 10, product="Ink"),
        *_orders(10, product="Pen", amount=-5.0),
        *_orders(10, product="Pen", amount=-5.0),
    ]
    rows = _proposed(orders, today=12)
    assert rows.select("key", "order_product").rows() == [("2026-11-10", "Ink")]


@pytest.mark.parametrize(
    ("key", "keys"),
    [
        ("2026-11-03", ["2026-11-02", "2026-11-03", "2026-11-05"]),
        ("2026-11-02", ["2026-11-02", "2026-11-05"]),
        (None, ["2026-11-02", "2026-11-03", "2026-11-05"]),
    ],
    ids=["two together", "the first alone", "without a key"],
)
def test_what_was_thanked_for_is_not_among_them(key, keys) -> None:
    """A record is for the days before its key, too."""
    rows = _proposed(_orders(2, 3, 5), today=7, history=[_thanked(key, 5)])
    assert rows["key"].to_list() == keys
    assert rows["order_since"].drop_nulls().to_list() == (
        [_november(3)] if key == "2026-11-02" else []
    )


def test_an_attempt_that_reached_nobody_thanks_for_nothing() -> None:
    """The orders are still one task."""
    rows = _proposed(
        _orders(2, 3), today=5, history=[_thanked("2026-11-03", 4, outcome="not reached")]
    )
    assert rows["order_since"].to_list() == [_november(2)]


def test_the_next_thanks_name_orders_whose_own_time_is_over() -> None:
    """Those for the first are too late alone; the others wait together, and name it."""
    rows = _proposed(_orders(1, 4, 9, product="Ink"), today=9)
    assert rows.select("key", "last_day", "order_since", "order_days_ago").rows() == [
        ("2026-11-09", _november(11), _november(1), 8),
    ]


@pytest.mark.parametrize(
    ("history", "since"),
    [
        ([], _november(1)),
        ([_thanked("2026-11-01", 3)], None),
        ([_thanked(None, 3)], None),
        ([_thanked("2026-11-01", 3, outcome="not reached")], _november(1)),
    ],
    ids=["nobody", "by its day", "without a key", "reached nobody"],
)
def test_one_order_is_thanked_for_with_an_earlier_one(history, since) -> None:
    """If nobody thanked for that."""
    orders = [*_orders(1, product="Pen"), *_orders(20, product="Ink")]
    (row,) = _proposed(orders, today=22, history=history).to_dicts()
    assert (row["key"], row["order_since"]) == ("2026-11-20", since)
    assert row["order_product"] == ("Ink, Pen" if since else "Ink")


def test_an_order_of_long_ago_is_not_taken_up() -> None:
    """Nor is one for which the rule of the practice does not hold."""
    old = {"customer": "a", "date": dt.date(2026, 10, 20), "amount": 5.0}
    (row,) = _proposed([old, *_orders(20)], today=22).to_dicts()
    assert row["order_since"] is None
    ruled = replace(THANKS, when=source("order_amount > 5"))
    orders = _orders(1) + _orders(3, amount=6.0) + _orders(20, amount=9.0)
    (row,) = _proposed(orders, today=22, tested=ruled).to_dicts()
    assert (row["order_since"], row["order_amount"]) == (_november(3), 15.0)


def test_nothing_is_due_before_the_first() -> None:
    """Yesterday's and today's orders wait until tomorrow."""
    assert _proposed(_orders(3, 4), today=4).is_empty()
    assert _proposed(_orders(3, 4), today=5).height == 1


def test_each_order_alone_without_the_key() -> None:
    """Two days are two tasks."""
    alone = practice("order", name="thank-you", offset=Span(2, "day"))
    assert _proposed(_orders(2, 3), today=5, tested=alone)["key"].to_list() == [
        "2026-11-02",
        "2026-11-03",
    ]


@pytest.mark.slow
def test_a_customer_who_comes_every_day_is_thanked_every_few_days(make) -> None:
    """Each order is thanked for once, within a week."""
    days = [START + dt.timedelta(n) for n in range(40)]
    project = make.project([{"id": "a"}], orders=[{"customer": "a", "date": d} for d in days])
    project = caring(project, THANKS, gap=3, caps=[])
    plans = plan_days(project, first=days[0], last=days[-1])
    tasks = [(plan.day, plan.planned["key"].to_list()) for plan in plans if plan.planned.height]
    thanked = START - dt.timedelta(days=1)
    for day, (key,) in tasks:
        waited = day - thanked - dt.timedelta(days=1)
        assert waited <= dt.timedelta(days=5)
        thanked = dt.date.fromisoformat(key)
    assert len(tasks) == 12  # on a Sunday nothing goes out


def test_the_plan_says_that_both_were_thanked_for(make) -> None:
    """With the day and the channel of the one record."""
    day = dt.date(2026, 11, 5)
    orders = [{"customer": "a", "date": dt.date(2026, 11, n)} for n in (2, 3)]
    history = [_thanked("2026-11-03", 4, channel="email")]
    project = make.project([{"id": "a"}], orders=orders, history=history)
    table = plan_day(caring(project, THANKS), today=day).table
    assert table.select("key", "skipped_because").rows() == [
        ("2026-11-02", "done already: Nov 4, 2026 (email)"),
        ("2026-11-03", "done already: Nov 4, 2026 (email)"),
    ]
