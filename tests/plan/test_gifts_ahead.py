"""Gifts are listed while there is time to buy them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from caring import DAY, planned, practice, project

from newsletter.model.gift import Gift
from newsletter.plan.gifts_ahead import gifts_ahead

BOOK = Gift(
    kind="item", name="a book", worth=9, cost=4, currency="EUR", valid_days=30, conditions=""
)


def test_gifts_of_the_next_two_weeks_are_listed() -> None:
    """Not those of later days, of closed accounts, or given already."""
    wish = replace(practice("wish", {"letter": "Well done."}, gift=BOOK), event="birthday")
    days = {"c1": "11-10", "c2": "12-10", "c3": "11-12", "c4": "11-11"}
    customers = [
        {"id": key, "birthday": f"--{day}", "closed": key == "c4"} for key, day in days.items()
    ]
    history = [{"customer": "c3", "practice": "wish", "key": "2026", "date": DAY}]
    shop = project(customers, wish, history=history)
    config = shop.config.model_copy(update={"start": dt.date(2026, 1, 1)})
    shop = replace(shop, config=config)
    rows = gifts_ahead(shop, planned(shop)).select("arrives", "customer", "gift").rows()
    assert rows == [(dt.date(2026, 11, 10), "c1", 0)]
