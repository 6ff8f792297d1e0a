"""The gift list: quantities, costs, customers, and the codes of vouchers."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import replace

import html5lib
import polars as pl
from made import project_of, settings
from support import ROOT, content_of

from newsletter.errors import Place
from newsletter.export.pages.gifts import gift_list
from newsletter.model.care import PLAN, CarePlan
from newsletter.model.gift import Gift
from newsletter.model.practice import Practice
from newsletter.model.project import Project
from newsletter.plan.fitting_gifts import gifts_of
from newsletter.plan.vouchers import voucher_code
from newsletter.read.assembly import read_project

DAY = dt.date(2026, 11, 3)
VOUCHER = Gift(
    kind="voucher",
    name="a coffee",
    worth=9,
    cost=4,
    currency="EUR",
    valid_days=30,
    conditions="At the counter.",
)
NOTEBOOK = Gift(
    kind="item",
    name="A notebook <A6>",
    worth=9.5,
    cost=3.25,
    currency="EUR",
    valid_days=0,
    conditions="",
)


def _practice(name: str, gift: Gift | None) -> Practice:
    at = Place(path=f"content/practices/{name}.md")
    return Practice(
        name=name,
        at=at,
        title=name.title(),
        event="order",
        channels=("letter",),
        gift=gift,
        words={},
    )


def _project(country: str = "US") -> Project:
    business = {
        "name": "Paper & Bean",
        "postal_address": "1 Road, Town",
        "country": country,
        "website": "https://example.com",
        "email": "hello@example.com",
    }
    return project_of(
        config=settings(business=business, team=({"id": "nora", "name": "Nora"},)),
        theme=read_project(ROOT, today=DAY).theme,
        practices=(
            _practice("anniversary", NOTEBOOK),
            _practice("birthday", VOUCHER),
            _practice("thank-you", None),
        ),
    )


def _plan(*rows: tuple[str, str, str, str | None]) -> CarePlan:
    """Return a plan of (customer, practice, channel, reason why it was skipped)."""
    table = pl.DataFrame(
        [
            {
                "date": DAY,
                "customer": customer,
                "name": f"Zoë {customer}",
                "member": "nora",
                "practice": practice,
                "channel": channel,
                "arrives": dt.date(2026, 11, 5),
                "skipped_because": skipped,
            }
            for customer, practice, channel, skipped in rows
        ],
        schema=PLAN,
    )
    return CarePlan(
        day=DAY, facts_of=pl.DataFrame, everybody=pl.DataFrame(), table=table, events={}
    )


PLAN_OF_THE_DAY = _plan(
    ("PB-1", "birthday", "email", None),
    ("PB-2", "birthday", "letter", None),
    ("PB-3", "birthday", "letter", "had it already"),
    ("PB-4", "anniversary", "call", None),
    ("PB-5", "thank-you", "letter", None),
)


def _files(project: Project, plan: CarePlan) -> dict[str, str]:
    files = {}
    plan = replace(plan, gifts=gifts_of(project, plan.planned))
    for artifact in gift_list(project, plan, to_buy=[]):
        files[artifact.path] = content_of(artifact).decode("utf-8-sig")
    return files


def _table(project: Project, plan: CarePlan) -> list[dict[str, str]]:
    text = _files(project, plan)["private/care/gifts.csv"]
    return list(csv.DictReader(io.StringIO(text)))


def test_table_has_every_planned_gift_with_its_code() -> None:
    """Emails count; skipped rows and rows without a gift do not.

    The code is the customer's own.
    """
    rows = _table(_project(), PLAN_OF_THE_DAY)
    columns = ("customer", "name", "channel", "gift", "quantity", "worth", "cost", "total cost")
    code = voucher_code(b"secret", "PB-1", "birthday", dt.date(2026, 12, 5))

    assert [tuple(row[name] for name in columns) for row in rows] == [
        ("PB-4", "Zoë PB-4", "call", "A notebook <A6>", "1", "9.5", "3.25", "3.25"),
        ("PB-1", "Zoë PB-1", "email", "Voucher: a coffee", "1", "9", "4", "4"),
        ("PB-2", "Zoë PB-2", "letter", "Voucher: a coffee", "1", "9", "4", "4"),
    ]
    assert [row["valid until"] for row in rows] == ["", "2026-12-05", "2026-12-05"]
    assert [row["code"] for row in rows][:2] == ["", code]
    assert rows[1]["code"] != rows[2]["code"]
    assert [row["conditions"] for row in rows] == ["", "At the counter.", "At the counter."]


def _cells(page: str) -> list[list[str]]:
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    return [
        ["".join(cell.itertext()) for cell in row if cell.tag in ("th", "td")]
        for row in document.iter("tr")
    ]


def test_page_has_quantities_costs_and_their_sum() -> None:
    """Each gift once with quantity and cost, then the sum, then who gets it."""
    page = _files(_project("LU"), PLAN_OF_THE_DAY)["private/care/gifts.html"]
    first = voucher_code(b"secret", "PB-1", "birthday", dt.date(2026, 12, 5))
    second = voucher_code(b"secret", "PB-2", "birthday", dt.date(2026, 12, 5))

    assert _cells(page) == [
        ["Gift", "What", "Quantity", "Worth", "Cost", "Total cost"],
        ["A notebook <A6>", "Anniversary", "1", "€9.50", "€3.25", "€3.25"],
        ["Voucher: a coffeeAt the counter.", "Birthday", "2", "€9", "€4", "€8"],
        ["Total", "3", "", "", "€11.25"],
        ["For", "Team member", "How"],
        ["Zoë PB-4PB-4", "Nora", "by phone"],
        ["For", "Team member", "How", "Code", "Valid until"],
        ["Zoë PB-1PB-1", "Nora", "by email", first, "5 Dec 2026"],
        ["Zoë PB-2PB-2", "Nora", "by letter", second, "5 Dec 2026"],
    ]


def test_a_share_of_the_price_is_worth_a_share() -> None:
    """A voucher for 10 % has no amount."""
    project = _project()
    share = _practice("birthday", replace(VOUCHER, worth=0, percent=10))
    page = _files(replace(project, practices=(share,)), PLAN_OF_THE_DAY)["private/care/gifts.html"]
    assert _cells(page)[1][3:] == ["10%", "€4", "€8"]


def test_each_currency_has_its_own_sum() -> None:
    """Gifts in two currencies have two sums."""
    project = _project()
    dollars = _practice("birthday", replace(VOUCHER, currency="USD"))
    mixed = replace(project, practices=(project.practices[0], dollars))
    page = _files(mixed, PLAN_OF_THE_DAY)["private/care/gifts.html"]

    assert [row for row in _cells(page) if row[0] == "Total"] == [
        ["Total", "1", "", "", "€3.25"],
        ["Total", "2", "", "", "$8"],
    ]


def test_a_day_without_gifts_has_no_list() -> None:
    """No file is written."""
    assert _files(_project(), _plan(("PB-5", "thank-you", "letter", None))) == {}


def test_order_of_rows_does_not_matter() -> None:
    """The same plan in another order gives the same files."""
    turned = replace(PLAN_OF_THE_DAY, table=PLAN_OF_THE_DAY.table.reverse())

    assert _files(_project(), turned) == _files(_project(), PLAN_OF_THE_DAY)
