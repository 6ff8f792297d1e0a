"""gifts.csv and gifts.html: gifts to have ready, for whom, voucher codes and costs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import polars as pl

from newsletter.export.lists import table_to_read
from newsletter.export.pages import Pages
from newsletter.mailing.phrases import phrases_in
from newsletter.model.artifact import Artifact
from newsletter.model.care import CarePlan
from newsletter.model.gift import Gift
from newsletter.model.practice import Practice
from newsletter.model.project import Project
from newsletter.plan.gifts_ahead import gifts_ahead
from newsletter.render.view import gift_view

Row = dict[str, Any]
"""A gift to buy: needed_by, gift, quantity, cost, currency, customer, name and practice."""
_RECIPIENTS = ("date", "member", "customer", "name", "channel", "arrives")


@dataclass(frozen=True)
class PracticeGift:
    """A gift of one practice, and who gets it on the day."""

    practice: Practice
    gift: Gift
    people: pl.DataFrame
    """PLAN, with `code` and `expires`, which are null unless the gift is a voucher."""

    @property
    def total(self) -> float:
        """Return what all of these gifts cost the business."""
        return self.gift.cost * self.people.height


def gifts_to_buy(project: Project, plan: CarePlan) -> list[Row]:
    """Return the gifts of the days to come, one for each customer, the first day first."""
    practices = {practice.name: practice for practice in project.practices}
    return [
        {
            "needed_by": row["arrives"],
            "gift": gift.name,
            "quantity": 1,
            "cost": gift.cost,
            "currency": gift.currency,
            "customer": row["customer"],
            "name": row["name"],
            "practice": practices[row["practice"]].title,
        }
        for row in gifts_ahead(project, plan).iter_rows(named=True)
        for gift in [practices[row["practice"]].all_gifts[row["gift"]]]
    ]


def shopping_list(to_buy: Sequence[Row]) -> list[Row]:
    """Return each gift once for each day and practice, with its `people`."""
    what = itemgetter("needed_by", "gift", "practice", "cost", "currency")
    return [
        dict(zip(("needed_by", "gift", "practice", "cost", "currency"), key, strict=True))
        | {"people": [row["name"] for row in rows]}
        for key, rows in groupby(sorted(to_buy, key=what), key=what)
    ]


def gift_list(project: Project, plan: CarePlan, *, to_buy: Sequence[Row]) -> Iterator[Artifact]:
    """
    Yield private/care/gifts-to-buy.csv, and gifts.csv and gifts.html: those of every task.

    The table has a row for each gift and customer, for the sums and filters of a spreadsheet. The
    page lists each gift once with its quantity and cost, then who gets it. A day without gifts has
    neither. *to_buy* are gifts_to_buy.
    """
    if to_buy:
        path = "private/care/gifts-to-buy.csv"
        yield table_to_read(pl.DataFrame(to_buy), path, project.config)
    gifts = [*_gifts(project, plan)]
    if gifts:
        words = phrases_in(project, project.team_language).words
        table = pl.concat(_rows(given, words) for given in gifts)
        yield table_to_read(table, "private/care/gifts.csv", project.config)
        yield _page(project, gifts, day=plan.day)


def _gifts(project: Project, plan: CarePlan) -> Iterator[PracticeGift]:
    for practice in project.practices:
        people = plan.planned.filter(pl.col("practice") == practice.name)
        for number, gift in enumerate(practice.all_gifts) if people.height else ():
            given = _given(plan, practice, people, number)
            if given.height:
                yield PracticeGift(practice, gift, given)


def _given(plan: CarePlan, practice: Practice, people: pl.DataFrame, number: int) -> pl.DataFrame:
    """Return the tasks with that gift, and the codes that their texts have."""
    mine = (pl.col("practice") == practice.name) & (pl.col("gift") == number)
    codes = plan.gifts.filter(mine).drop("practice", "gift")
    ordered = people.sort("date", "member", "name", "customer")
    keys = ["customer", "key", "arrives"]
    return ordered.join(codes, on=keys, how="inner", nulls_equal=True, maintain_order="left")


def _rows(given: PracticeGift, words: Mapping[str, str]) -> pl.DataFrame:
    """Return the rows of the table; its quantities and costs can be added up."""
    gift = given.gift
    return given.people.select(
        *_RECIPIENTS,
        practice=pl.lit(given.practice.title),
        gift=pl.lit(_name(gift, words)),
        quantity=pl.lit(1),
        worth=pl.lit(None if gift.percent else gift.worth, dtype=pl.Float64),
        percent=pl.lit(gift.percent or None, dtype=pl.Float64),
        cost=pl.lit(gift.cost, dtype=pl.Float64),
        total_cost=pl.lit(gift.cost, dtype=pl.Float64),
        currency=pl.lit(gift.currency),
        code="code",
        expires="expires",
        conditions=pl.lit(gift.conditions),
    )


def _name(gift: Gift, words: Mapping[str, str]) -> str:
    if gift.kind == "item":
        return gift.name
    voucher = words["care_voucher"]
    return f"{voucher}{words['colon']} {gift.name}" if gift.name else voucher


def _page(project: Project, gifts: Sequence[PracticeGift], *, day: dt.date) -> Artifact:
    pages, config = Pages(project), project.config
    language, country = project.team_language, config.business.country
    names = {
        "day": day,
        "links": [(pages.words["care_title"], "index.html")],
        "names": {member.id: member.name for member in config.team},
        "gifts": [
            {
                "gift": given.gift,
                "worth": gift_view(given.gift, language=language, country=country).worth,
                "title": given.practice.title,
                "total": given.total,
                "people": given.people.to_dicts(),
            }
            for given in gifts
        ],
    }
    return pages.artifact("private/care/gifts.html", "gifts.html", names)
