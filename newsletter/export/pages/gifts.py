"""gifts.csv and gifts.html: what to have ready, for whom, the voucher codes, and what it costs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

import polars as pl
from babel.dates import format_date

from newsletter.export.pages.index_look import STYLE
from newsletter.export.table import excel_csv
from newsletter.model.artifact import Artifact
from newsletter.model.care import CarePlan
from newsletter.model.practice import Gift, Practice
from newsletter.model.project import Project
from newsletter.plan.vouchers import expiry, voucher_code
from newsletter.render.filters import worth

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
    title = f"Gifts for {format_date(day, 'd MMMM y', locale='en_GB')}"
    country = project.config.business.country
    main = _summary(given, country) + "".join(_people(one) for one in given)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n'
        f"<title>{title}</title>\n<style>{STYLE}{_STYLE}</style>\n</head>\n<body>\n"
        f'<header><p class="business">{_own(project.config.business.name)}</p>\n'
        f"<h1>{title}</h1>\n<p>What to have ready. This page is private: it names customers."
        f"</p></header>\n<main>\n{main}</main>\n</body>\n</html>\n"
    ).encode()


_STYLE = """
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
tfoot :is(th, td) { font-weight: 600; }
code { font-size: .95rem; white-space: nowrap; }
@media print { :root { color-scheme: light; --paper: #fff; --card: #fff; --tint: #fff; }
  body { font-size: 10pt; } header { padding-top: 0; } section { break-inside: avoid-page; } }
"""


def _summary(given: Sequence[Given], country: str) -> str:
    """Return a table with one line for each gift, and the sum of each currency."""
    numbers = ("Quantity", "Worth", "Cost", "Total cost")
    head = "".join(f'<th scope="col" class="number">{name}</th>' for name in numbers)
    rows = "".join(_gift_row(one, country) for one in given)
    currencies = dict.fromkeys(one.gift.currency for one in given)
    foot = "".join(
        _sum_row([one for one in given if one.gift.currency == currency], country)
        for currency in currencies
    )
    return (
        '<table>\n<thead><tr><th scope="col">Gift</th><th scope="col">Practice</th>'
        f"{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n<tfoot>\n{foot}</tfoot></table>\n"
    )


def _gift_row(one: Given, country: str) -> str:
    gift = one.gift
    amounts = (
        _money(value, gift.currency, country) for value in (gift.worth, gift.cost, one.total)
    )
    cells = "".join(
        f'<td class="number">{value}</td>' for value in (str(one.people.height), *amounts)
    )
    conditions = f"<small>{_own(gift.conditions)}</small>" if gift.conditions else ""
    return (
        f'<tr><th scope="row">{_own(_name(gift))}{conditions}</th>'
        f"<td>{_own(one.practice.title)}</td>{cells}</tr>\n"
    )


def _sum_row(given: Sequence[Given], country: str) -> str:
    count = sum(one.people.height for one in given)
    total = _money(sum(one.total for one in given), given[0].gift.currency, country)
    return (
        f'<tr><th scope="row" colspan="2">Together</th><td class="number">{count}</td><td></td>'
        f'<td></td><td class="number">{total}</td></tr>\n'
    )


def _people(one: Given) -> str:
    """Return who gets a gift; of a voucher with each code and its last day."""
    voucher = one.gift.kind == "voucher"
    head = '<th scope="col">Code</th><th scope="col">Valid until</th>' if voucher else ""
    columns = ["name", "customer", "member", "channel", "code", "expires"]
    body = "".join(
        f'<tr><th scope="row">{_own(name or customer)}<small>{escape(customer)}</small></th>'
        f"<td>{_own(member)}</td><td>{escape(channel)}</td>"
        + (f"<td><code>{escape(code)}</code></td><td>{_date(expires)}</td>" if voucher else "")
        + "</tr>\n"
        for name, customer, member, channel, code, expires in one.people.select(columns).rows()
    )
    return (
        f"<section>\n<h2>{_own(_name(one.gift))} <span>{one.people.height}</span></h2>\n"
        '<table>\n<thead><tr><th scope="col">For</th><th scope="col">By</th>'
        f'<th scope="col">Channel</th>{head}</tr></thead>\n<tbody>\n{body}</tbody></table>\n'
        "</section>\n"
    )


def _money(amount: float, currency: str, country: str) -> str:
    return escape(worth(amount, currency, language="en", country=country))


def _date(day: dt.date) -> str:
    return format_date(day, "d MMM y", locale="en_GB")


def _own(text: str) -> str:
    """Return a text whose direction is kept to itself."""
    return f"<bdi>{escape(text)}</bdi>"
