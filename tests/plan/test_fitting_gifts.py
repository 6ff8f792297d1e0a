"""Which gift fits whom, and that every way of recording writes the codes of vouchers."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from caring import DAY, VOUCHER, planned, practice, project
from support import content_of

from newsletter.export.lists import plan_file
from newsletter.model.gift import Gift
from newsletter.plan.fitting_gifts import gifts_of, with_codes
from newsletter.plan.planning import as_recorded
from newsletter.read.returned.work_lists import read_worklist

BAG = Gift(
    kind="item", name="a bag", worth=9, cost=4, currency="EUR", valid_days=30, conditions="",
    category="coffee",
)  # fmt: skip
VIP = replace(VOUCHER, worth=0, percent=10, segment="mention_family")
CUSTOMERS = [{"id": "c1"}, {"id": "c2", "mention_family": True}, {"id": "c3"}]
ORDERS = [{"customer": "c1", "date": dt.date(2026, 1, 5), "category": "coffee", "amount": 4.0}]


def test_the_first_gift_that_fits_counts() -> None:
    """By the categories ever bought, by segment, and one gift for all others."""
    wish = practice("wish", {"letter": "Well done."}, gifts=(BAG, VIP), gift=VOUCHER)
    shop = project(CUSTOMERS, wish, orders=ORDERS)
    plan = planned(shop, *({"customer": c["id"], "channel": "letter"} for c in CUSTOMERS))
    assert plan.gifts.select("customer", "gift").rows() == [("c1", 0), ("c2", 1), ("c3", 2)]
    assert plan.gifts["code"].is_null().to_list() == [True, False, False]


def test_the_categories_of_an_order_go_before_all_others() -> None:
    """A thank-you gives what fits that order, and nothing if nothing does."""
    thanks = practice("thank-you", {"letter": "Thank you."}, gifts=(BAG,))
    shop = project(CUSTOMERS, thanks, orders=ORDERS)
    rows = [{"customer": c, "channel": "letter"} for c in ("c1", "c2")]
    events = [
        {"customer": "c1", "key": "k", "order_category": "ink"},
        {"customer": "c2", "key": "k", "order_category": "coffee, ink"},
    ]
    plan = planned(shop, *rows, thank_you=events)
    assert plan.gifts.select("customer", "gift").rows() == [("c2", 0)]


def test_a_recorded_plan_has_the_codes(tmp_path: Path) -> None:
    """As carried out in a simulation, and in the plan that `record` reads."""
    shop = project(CUSTOMERS, practice("wish", {"letter": "Well done."}, gift=VOUCHER))
    plan = planned(shop, {"customer": "c1", "channel": "letter"})
    (code,) = plan.gifts["code"]
    assert as_recorded(plan.planned, gifts=plan.gifts)["code"].to_list() == [code]
    assert with_codes(plan.table, plan.gifts)["code"].to_list() == [code]
    file = tmp_path / "plan.csv"
    artifact = plan_file(plan.table, "plan.csv", shop.config, plan.gifts)
    file.write_bytes(content_of(artifact))
    done = read_worklist(file, shown="plan.csv", today=DAY).done
    assert done["code"].to_list() == [code]


def test_without_vouchers_there_are_no_codes() -> None:
    """The column is empty."""
    shop = project(CUSTOMERS, practice("wish", {"letter": "Well done."}))
    plan = planned(shop, {"customer": "c1", "channel": "letter"})
    assert gifts_of(shop, plan.planned).is_empty()
    assert with_codes(plan.table, plan.gifts)["code"].to_list() == [None]
