"""Stamp cards: what counts, what returns take off, and which card is nearest."""

from __future__ import annotations

import datetime as dt

import polars as pl
from made import people_of, settings

from newsletter.facts import add_facts

D = dt.date
TODAY = D(2026, 11, 4)
COFFEE = {"name": {"en": "Coffee", "de": "Kaffee"}, "category": "coffee", "stamps": 3,
          "reward": {"en": "a cup", "de": "eine Tasse"}}  # fmt: skip
INK = {"name": "Ink", "category": "ink", "stamps": 5, "reward": "a bottle"}
VISITS = {"name": "Visits", "visits": True, "stamps": 5, "reward": "a pen"}


def facts(*orders: tuple[str, D, float], cards: object = (COFFEE, VISITS)) -> pl.DataFrame:
    """Return the facts of a German customer with these orders of a category."""
    rows = [{"customer": "a", "category": c, "date": d, "amount": x} for c, d, x in orders]
    people = people_of([{"id": "a", "language": "de"}], orders=rows)
    return add_facts(people, settings(stamps=cards), today=TODAY, since=TODAY)


def stamps(*orders: tuple[str, D, float], cards: object = (COFFEE, VISITS)) -> tuple[object, ...]:
    """Return the stamps of the nearest card, and those still needed."""
    return facts(*orders, cards=cards).select("stamps", "stamps_to_next_reward").row(0)


def test_each_row_of_a_category_is_a_stamp() -> None:
    """A visit is a day, however much was bought."""
    day = D(2026, 10, 1)
    assert stamps(("coffee", day, 3.0), ("coffee", day, 3.0), ("ink", day, 9.0)) == (2, 1)
    assert stamps(("ink", day, 3.0), ("ink", day, 3.0), cards=[VISITS]) == (1, 4)


def test_a_full_card_begins_anew() -> None:
    """And what cost nothing is no stamp."""
    rows = [("coffee", D(2026, 10, day), 3.0) for day in range(1, 5)]
    assert stamps(*rows, ("coffee", D(2026, 10, 9), 0.0), cards=[COFFEE]) == (1, 2)


def test_the_next_card_is_named_by_what_fills_it() -> None:
    """As is the event of its reward, so that a practice may be due once for each card."""

    def named(count: int) -> str:
        rows = [("coffee", D(2026, 10, day + 1), 3.0) for day in range(count)]
        return facts(*rows, cards=[COFFEE])["next_stamp_card"].item()

    assert [named(count) for count in (0, 2, 3, 7)] == [None, "coffee 3", None, "coffee 9"]
    assert facts(cards=())["next_stamp_card"].item() is None


def test_returns_take_stamps_off() -> None:
    """Of the same card; never below none."""
    rows = [("coffee", D(2026, 10, day), 3.0) for day in (1, 2)]
    back = ("coffee", D(2026, 10, 8), -3.0)
    assert stamps(*rows, back, cards=[COFFEE]) == (1, 2)
    assert stamps(back, cards=[COFFEE]) == (0, None)
    later = ("coffee", D(2026, 10, 9), 3.0)
    assert stamps(back, later, cards=[COFFEE]) == (1, 2)
    assert stamps(*rows, back, cards=[VISITS]) == (1, 4)


def test_open_cards_are_listed_in_the_customer_s_language() -> None:
    """The nearest first; cards without a stamp are not."""
    row = facts(("coffee", D(2026, 10, 1), 3.0)).row(0, named=True)
    assert [(c["name"], c["stamps"], c["missing"], c["reward"]) for c in row["stamp_cards"]] == [
        ("Kaffee", 1, 2, "eine Tasse"),
        ("Visits", 1, 4, "a pen"),
    ]
    assert row["next_stamp_reward"] == "eine Tasse"
    assert facts(cards=[COFFEE])["stamp_cards"].to_list() == [[]]


def test_a_card_without_a_stamp_is_not_the_nearest() -> None:
    """Its reward is nobody's next: the three facts tell of one card."""
    row = facts(("coffee", D(2026, 10, 1), 3.0), cards=[COFFEE | {"stamps": 9}, INK])
    names = ["stamps", "stamps_to_next_reward", "next_stamp_reward"]
    assert row.select(names).row(0) == (1, 8, "eine Tasse")


def test_without_cards_there_are_no_stamps() -> None:
    """The facts are missing."""
    assert stamps(("coffee", D(2026, 10, 1), 3.0), cards=()) == (None, None)


def test_orders_before_the_first_day_do_not_count() -> None:
    """A card may begin on a day."""
    rows = [("coffee", D(2026, 10, day), 3.0) for day in (1, 2)]
    assert stamps(*rows, cards=[COFFEE | {"since": D(2026, 10, 2)}]) == (1, 2)
