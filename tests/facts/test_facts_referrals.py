"""Recommendations, mention of the family, occasions and rewards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import polars as pl

from newsletter.facts import add_facts
from newsletter.model.config import Config
from newsletter.model.customs import Country, Customs
from newsletter.model.project import People
from newsletter.model.tables import CUSTOMERS, TABLES

Know = Callable[..., pl.DataFrame]

TODAY = dt.date(2026, 11, 4)


def test_the_recommender_is_found_by_id_address_or_name(know: Know) -> None:
    """An id goes before a name; an ambiguous name, or the customer's own, is nobody."""
    rows = [
        {"id": "1", "name": "Ida Å", "email": "Ida@example.com"},
        {"id": "2", "name": "1", "email": "home@example.com", "referred_by": "1"},
        {"id": "3", "name": "Bo", "email": "home@example.com", "referred_by": "ida@EXAMPLE.com"},
        {"id": "4", "name": "Bo", "referred_by": "Ida Å"},
        {"id": "5", "referred_by": "Bo"},
        {"id": "6", "referred_by": "home@example.com"},
        {"id": "7", "referred_by": "7"},
        {"id": "8", "referred_by": "a neighbour"},
    ]
    facts = know(rows)
    assert facts["referred_by"].to_list() == [None, "1", "1", "1", None, None, None, None]
    assert facts["referrals_count"].to_list() == [3, 0, 0, 0, 0, 0, 0, 0]


def test_a_recommendation_counts_from_the_customer_s_first_day(know: Know) -> None:
    """By customer_since, else by the first order; without any date it counts already."""
    rows = [
        {"id": "a"},
        {"id": "b", "referred_by": "a", "customer_since": dt.date(2026, 11, 4)},
        {"id": "c", "referred_by": "a", "customer_since": dt.date(2026, 11, 5)},
        {"id": "d", "referred_by": "a"},
        {"id": "e", "referred_by": "a"},
        {"id": "f", "referred_by": "a"},
    ]
    orders = [
        {"customer": "d", "date": dt.date(2026, 11, 5)},
        {"customer": "e", "date": dt.date(2026, 11, 4)},
    ]
    days = [TODAY, dt.date(2026, 11, 5)]
    counts = [know(rows, orders=orders, today=day)["referrals_count"][0] for day in days]
    assert counts == [3, 5]


def test_a_family_is_mentioned_where_row_or_country_allows_it(config: Config) -> None:
    """The row goes before its country; without a country that of the business counts."""
    rows = [
        ("a", None, None),
        ("b", "DE", None),
        ("c", "DE", True),
        ("d", "FR", None),
        ("e", "FR", False),
    ]
    given = [
        dict.fromkeys(CUSTOMERS) | {"id": key, "country": country, "mention_family": mention}
        for key, country, mention in rows
    ]
    people = People(
        customers=pl.DataFrame(given, schema=CUSTOMERS),
        tables={name: pl.DataFrame(schema=schema) for name, schema in TABLES.items()},
        source="",
    )
    countries = {"": Country(), "US": Country(mention_family=True), "DE": Country()}
    customs = Customs(countries=countries | {"FR": Country(mention_family=True)})
    facts = add_facts(people, config, today=TODAY, since=TODAY, customs=customs)
    assert facts["mention_family"].to_list() == [True, False, True, True, False]
    without = add_facts(people, config, today=TODAY, since=TODAY)
    assert without["mention_family"].to_list() == [False, False, True, False, False]


def test_do_not_mention_comes_from_the_row_alone(know: Know) -> None:
    """Nothing is added, and no other customer's row counts."""
    facts = know([{"id": "a", "not_to_mention": "the divorce"}, {"id": "b"}])
    assert facts["not_to_mention"].to_list() == ["the divorce", None]


def test_the_latest_occasion_is_in_the_past(know: Know) -> None:
    """A future occasion has not happened yet."""
    occasions = [
        {"customer": "a", "date": dt.date(2026, 10, 4), "occasion": "move"},
        {"customer": "a", "date": dt.date(2025, 10, 4), "occasion": "wedding"},
        {"customer": "a", "date": dt.date(2026, 12, 4), "occasion": "child"},
    ]
    facts = know([{"id": "a"}, {"id": "b"}], occasions=occasions)
    assert facts.select("last_occasion", "days_since_last_occasion").rows() == [
        ("move", 31),
        (None, None),
    ]


def test_the_next_reward_is_the_next_number_of_points(know: Know) -> None:
    """After the last reward there is none."""
    facts = know([{"id": key, "points": n} for key, n in (("a", 5), ("b", 100), ("c", 900))])
    columns = ["next_reward_points", "points_to_next_reward"]
    assert facts.select(columns).rows() == [(100, 95), (500, 400), (None, None)]


def test_a_last_order_after_the_planned_day_is_not_known_yet(know: Know) -> None:
    """The export may be younger than the day that is planned."""
    rows = [{"id": "a", "last_order": dt.date(2026, 11, 5)}, {"id": "b", "last_order": TODAY}]
    facts = know(rows)
    assert facts.select("last_order", "days_since_last_order").rows() == [(None, None), (TODAY, 0)]
