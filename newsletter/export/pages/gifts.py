"""gifts.csv and gifts.html: what to have ready, for whom, the voucher codes, and what it costs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from newsletter.export.pages import Pages
from newsletter.export.table import excel_csv
from newsletter.model.artifact import Artifact
from newsletter.model.care import CarePlan
from newsletter.model.practice import Gift, Practice
from newsletter.model.project import Project
from newsletter.plan.vouchers import expiry, voucher_code

_RECIPIENTS = ("date", "member", "customer", "name", "channel", "arrives")


@dataclass(frozen=True)
class Given:
    """A gift of one practice, and who gets it on the day."""

    practice: Practice
    gift: Gift
    people: pl.DataFrame
    """Columns of PLAN; `code` and `expires`, which are null for what is no voucher."""

    @property
    def total(self) -> float:
        """Return what all of them cost the business."""
        return self.gift.cost * self.people.height


def gift_list(project: Project, plan: CarePlan) -> Iterator[Artifact]:
    """
    Yield private/care/gifts.csv and gifts.html: the gifts of every kept touchpoint, emails too.

    The table has a row for each gift and customer, so that sums and filters of a spreadsheet
    work; the page has each gift once with its quantity and cost, then who gets it. Nothing is
    yielded on a day without gifts.
    """
    given = [*_given(project, plan)]
    if given:
        country = project.config.business.country
        table = pl.concat(_rows(one) for one in given)
        yield Artifact("private/care/gifts.csv", lambda: excel_csv([table], country=country))
        yield Artifact("private/care/gifts.html", _page(project, given, day=plan.day))


def _given(project: Project, plan: CarePlan) -> Iterator[Given]:
    for practice in project.practices:
        people = plan.kept.filter(pl.col("practice") == practice.name)
        if practice.gift and people.height:
            yield Given(practice, practice.gift, _with_codes(project, practice, people))


def _with_codes(project: Project, practice: Practice, people: pl.DataFrame) -> pl.DataFrame:
    """Return the touchpoints with the codes that their words carry."""
    gift, people = practice.gift, people.sort("date", "member", "name", "customer")
    codes: list[tuple[str | None, dt.date | None]] = [(None, None)] * people.height
    if gift and gift.kind == "voucher":
        codes = [
            (voucher_code(project.secret, customer, practice.name, last), last)
            for customer, arrives in people.select("customer", "arrives").iter_rows()
            for last in [expiry(gift, arrives)]
        ]
    schema = {"code": pl.String(), "expires": pl.Date()}
    return people.hstack(pl.DataFrame(codes, schema=schema, orient="row"))


def _rows(one: Given) -> pl.DataFrame:
    """Return the rows of the table; quantities and costs of it can be added up."""
    gift = one.gift
    return one.people.select(
        *_RECIPIENTS,
        practice=pl.lit(one.practice.title),
        gift=pl.lit(_name(gift)),
        quantity=pl.lit(1),
        worth=pl.lit(gift.worth, dtype=pl.Float64),
        cost=pl.lit(gift.cost, dtype=pl.Float64),
        total_cost=pl.lit(gift.cost, dtype=pl.Float64),
        currency=pl.lit(gift.currency),
        code="code",
        expires="expires",
        conditions=pl.lit(gift.conditions),
    )


def _name(gift: Gift) -> str:
    if gift.kind == "item":
        return gift.name
    return f"Voucher: {gift.name}" if gift.name else "Voucher"


def _page(project: Project, given: Sequence[Given], *, day: dt.date) -> bytes:
    pages = Pages(project)
    names = {
        "day": day,
        "links": [(pages.words["care_title"], "index.html")],
        "names": {member.id: member.name for member in project.config.team},
        "gifts": [
            {
                "gift": one.gift,
                "title": one.practice.title,
                "total": one.total,
                "people": one.people.to_dicts(),
            }
            for one in given
        ],
    }
    return pages.html("gifts.html", names)
