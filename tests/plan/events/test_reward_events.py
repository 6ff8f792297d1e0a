"""Rewards, passed by an order or reached on an unknown day; and holidays."""

from __future__ import annotations

import datetime as dt

import pytest
from made import basis_of, settings
from pydantic import ValidationError

from newsletter.model.customs import Country, Customs, Holiday
from newsletter.model.values import Localised
from newsletter.plan.events import EventBasis, events_of

D = dt.date
DAYS = {"first": D(2026, 11, 1), "last": D(2026, 11, 30)}
CONFIG = settings(
    loyalty={
        "points_per_unit": 2,
        "rewards": [
            {"points": 400, "reward": "a pen"},
            {"points": 100, "reward": {"en": "a cup", "de": "eine Tasse"}},
        ],
    }
)
PERSON = {"id": "a", "language": "de"}


def _basis(*orders: tuple[str, D, float], people: object = (PERSON,)) -> EventBasis:
    rows = [{"customer": c, "date": day, "amount": amount} for c, day, amount in orders]
    return basis_of(people, config=CONFIG, orders=rows, day=D(2026, 11, 30))


def _keys(basis: EventBasis) -> list[tuple[object, ...]]:
    return events_of("reward", basis, **DAYS).select("customer", "key", "on").rows()


def test_reward_belongs_to_the_order_that_passed_it() -> None:
    """It has that order's day; the reward is in the customer's language."""
    basis = _basis(
        ("a", D(2026, 1, 5), 49.99), ("a", D(2026, 11, 3), 0.01), ("a", D(2026, 11, 9), 1.0)
    )

    events = events_of("reward", basis, **DAYS)

    assert events.rows() == [
        (
            "a",
            "100",
            D(2026, 11, 3),
            "100 points reached on 3 Nov 2026",
            "eine Tasse",
            100,
            None,
            None,
            "100 points",
        )
    ]


def test_an_order_may_pass_two_rewards() -> None:
    """Both are events."""
    basis = _basis(("a", D(2026, 11, 3), 250.0))

    assert _keys(basis) == [("a", "100", D(2026, 11, 3)), ("a", "400", D(2026, 11, 3))]


def test_a_reward_lost_by_a_refund_is_no_event() -> None:
    """The refund took the points below the number again."""
    basis = _basis(("a", D(2026, 11, 3), 60.0), ("a", D(2026, 11, 5), -20.0))

    assert _keys(basis) == []


def test_a_reward_passed_again_is_no_event() -> None:
    """The customer passed it before, and lost it by a refund in between."""
    basis = _basis(
        ("a", D(2026, 5, 3), 60.0), ("a", D(2026, 6, 5), -20.0), ("a", D(2026, 11, 5), 30.0)
    )

    assert _keys(basis) == []


def test_a_reward_of_a_firm_is_an_event_of_the_contact_who_ordered() -> None:
    """Contacts collect points together."""
    people = [{"id": "a", "account": "firm"}, {"id": "b", "account": "firm"}]
    basis = _basis(("a", D(2026, 10, 3), 40.0), ("b", D(2026, 11, 5), 30.0), people=people)

    assert _keys(basis) == [("b", "100", D(2026, 11, 5))]


def test_a_reward_by_points_of_the_file_has_no_day() -> None:
    """The highest reward reached is the event."""
    basis = _basis(("a", D(2026, 11, 3), 60.0), people=[{"id": "a", "points": 450}])

    assert _keys(basis) == [("a", "400", None)]


def test_without_rewards_there_is_no_event() -> None:
    """newsletter.yml lists none."""
    assert events_of("reward", basis_of([{"id": "a", "points": 5}]), **DAYS).is_empty()


STAMPS = settings(
    stamps=[{"name": "Coffee", "category": "coffee", "stamps": 2, "reward": {"de": "Kaffee"}}]
)


def _stamped(*orders: tuple[str, D, float]) -> list[tuple[object, ...]]:
    rows = [{"customer": c, "date": d, "amount": x, "category": "coffee"} for c, d, x in orders]
    basis = basis_of([PERSON], config=STAMPS, orders=rows, day=D(2026, 11, 30))
    events = events_of("reward", basis, **DAYS)
    return events.select("key", "on", "reward", "reward_stamps", "reward_card").rows()


def test_a_full_card_is_a_reward_of_the_order_that_filled_it() -> None:
    """Each time that it is full again; returns take the stamp and the reward away."""
    first, second, third = D(2026, 10, 3), D(2026, 11, 3), D(2026, 11, 9)
    full = ("coffee 2", second, "Kaffee", 2, "Coffee")
    assert _stamped(("a", first, 3.0)) == []
    assert _stamped(("a", first, 3.0), ("a", second, 3.0)) == [full]
    assert _stamped(("a", first, 3.0), ("a", second, 3.0), ("a", third, -3.0)) == []
    twice = [("a", day, 3.0) for day in (first, second, third, third)]
    assert [key for key, *_ in _stamped(*twice[:3])] == ["coffee 2"]
    assert [key for key, *_ in _stamped(*twice)] == ["coffee 2", "coffee 4"]


def test_a_full_card_whose_free_item_was_had_is_no_news() -> None:
    """It was drunk before we wrote; one drunk earlier was for something else."""
    first, second, third = D(2026, 10, 3), D(2026, 11, 3), D(2026, 11, 9)
    full = [("a", first, 3.0), ("a", second, 3.0)]
    assert _stamped(*full, ("a", second, 0.0)) == []
    assert _stamped(*full, ("a", third, 0.0)) == []
    assert [key for key, *_ in _stamped(("a", first, 0.0), *full)] == ["coffee 2"]
    twice = [("a", third, 3.0)] * 4
    assert [key for key, *_ in _stamped(*twice, ("a", third, 0.0))] == ["coffee 4"]


def test_a_card_of_a_firm_is_told_to_one_contact() -> None:
    """Even if two of them ordered on the day on which it was full; so is a reward for points."""
    people = [{"id": "a", "account": "firm"}, {"id": "b", "account": "firm"}]
    day = D(2026, 11, 3)
    rows = [{"customer": c, "date": day, "amount": 30.0, "category": "coffee"} for c in "ba"]
    for config, key in ((STAMPS, "coffee 2"), (CONFIG, "100")):
        basis = basis_of(people, config=config, orders=rows, day=day)
        assert _keys(basis) == [("a", key, day)]


def test_two_stamp_cards_may_not_count_the_same() -> None:
    """Nobody could tell which of them was announced."""
    card = {"name": "C", "category": "coffee", "stamps": 2, "reward": "a cup"}
    with pytest.raises(ValidationError, match="two stamp cards count 'coffee'"):
        settings(stamps=[card, card | {"stamps": 9}])


CUSTOMS = Customs(
    countries={"": Country(), "DE": Country(celebrates=("christmas",))},
    holidays={
        "christmas": Holiday(
            key="christmas",
            name=Localised({"en": "Christmas", "de": "Weihnachten"}),
            greeting=Localised({"en": "Merry Christmas", "de": "Frohe Weihnachten"}),
            days=(D(2025, 12, 25), D(2026, 12, 25)),
        ),
        "newroz": Holiday(
            key="newroz",
            name=Localised("Newroz"),
            greeting=Localised("Newroz pîroz be"),
            days=(D(2026, 3, 21),),
        ),
    },
)


def test_customers_have_the_holidays_they_celebrate() -> None:
    """Their row says which, else the customs of their country."""
    people = [
        {"id": "a", "language": "de"},  # of the business's country
        {"id": "b", "country": "FR"},
        {"id": "c", "country": "DE", "celebrates": ["newroz"]},
        {"id": "d", "country": "FR", "celebrates": ["christmas", "newroz"]},
        {"id": "e", "country": "DE", "celebrates": []},
    ]
    basis = basis_of(people, customs=CUSTOMS)

    events = events_of("holiday", basis, first=D(2026, 1, 1), last=D(2026, 12, 31))

    day, spring = D(2026, 12, 25), D(2026, 3, 21)
    assert events.drop("on", "about", "days_late").rows() == [
        ("a", "christmas 2026", "christmas", "Weihnachten", "Frohe Weihnachten", day),
        ("c", "newroz 2026", "newroz", "Newroz", "Newroz pîroz be", spring),
        ("d", "newroz 2026", "newroz", "Newroz", "Newroz pîroz be", spring),
        ("d", "christmas 2026", "christmas", "Christmas", "Merry Christmas", day),
    ]
    assert events["about"][0] == "Christmas, 25 Dec 2026"


def test_a_holiday_may_fall_twice_in_a_year() -> None:
    """Each of the two has its own key."""
    eid = Holiday(
        key="eid-al-fitr",
        name=Localised("Eid al-Fitr"),
        greeting=Localised("Eid mubarak"),
        days=(D(2033, 1, 2), D(2033, 12, 23)),
    )
    customs = Customs(holidays={"eid-al-fitr": eid})
    basis = basis_of([{"id": "a", "celebrates": ["eid-al-fitr"]}], customs=customs)

    events = events_of("holiday", basis, first=D(2033, 12, 1), last=D(2033, 12, 31))

    assert events["key"].to_list() == ["eid-al-fitr 2033 2"]
