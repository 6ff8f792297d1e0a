"""What is worth knowing of a customer across the counter, line by line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from newsletter.commands.customers import account_of
from newsletter.commands.show import by_channel, counted
from newsletter.facts import FACTS, add_facts
from newsletter.facts.contact import promises
from newsletter.model.config import Config
from newsletter.model.project import People
from newsletter.model.tables import CUSTOMERS
from newsletter.plan.vouchers import open_vouchers

_SOON = 30
"""Days before a birthday, and after an occasion, on which they are worth a word."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """One thing to know; *most*: lines on the screen that it may take."""

    label: str
    text: str
    most: int = 2


def card_lines(people: People, config: Config, key: str, *, today: dt.date) -> Iterator[Line]:
    """Yield the name, then what there is to say. All together they take 22 lines at the most."""
    facts = add_facts(people, config, today=today, since=today)
    row = facts.filter(pl.col("id") == key).row(0, named=True)
    ids = account_of(people, key).implode()
    firms = {
        name: table.filter(pl.col("date") <= today, pl.col("customer").is_in(ids))
        for name, table in people.tables.items()
        if "customer" in table.columns
    }
    own = {
        name: table.filter(pl.col("customer") == key).sort(
            "date", descending=True, maintain_order=True
        )
        for name, table in firms.items()
    }
    yield Line("", head_of(row), 1)
    if row["not_to_mention"]:
        yield Line("do not say", row["not_to_mention"])
    yield Line("customer", "; ".join(_standing(row, config)))
    yield from _usual(firms["orders"], row)
    yield from _noted(people, row)
    yield from _points(row, config)
    yield from _promises(own, today)
    yield from _feedback(own["feedback"], row)
    yield from _contact(own)
    yield from _days(row, own["occasions"], today)
    if texts := [
        f"{v.code} ({v.practice}, until {v.expires})"
        for v in open_vouchers(own["history"], today=today)
    ]:
        yield Line("vouchers", "; ".join(texts), 1)
    yield Line("reach", " · ".join(_ways(row)))


def head_of(row: Row) -> str:
    """Return name, firm, place, language and id of a row of facts."""
    name = row["name"] or row["company"] or row["email"] or row["id"]
    firm = row["company"] if row["company"] != name else None
    closed = "CLOSED" if row["closed"] else None
    parts = (name, firm, row["city"], row["language"], row["id"], closed)
    return " · ".join(part for part in parts if part)


def _standing(row: Row, config: Config) -> Iterator[str]:
    years = row["years_as_customer"]
    began = row["customer_since"] or row["first_order_date"]
    if began:
        yield f"since {began}" + (f", {counted(years, 'year')}" if years else "")
    if row["orders_count"]:
        spent = (
            f", {row['total_spent']:,.2f} {config.business.currency}" if row["total_spent"] else ""
        )
        yield f"{counted(row['orders_count'], 'order')}{spent}"
    if row["manager_name"]:
        yield f"looked after by {row['manager_name']}"


def _usual(orders: pl.DataFrame, row: Row) -> Iterator[Line]:
    bought = orders.filter(~(pl.col("amount") < 0).fill_null(value=False))
    often = _most_frequent(bought, "product") or _most_frequent(bought, "category")
    if often:
        rhythm = row["usual_interval_days"]
        yield Line(
            "usual order", often + (f"; every {counted(round(rhythm), 'day')}" if rhythm else "")
        )
    if last := row["last_order"]:
        products = bought.filter(pl.col("date") == last)["product"].drop_nulls().sort().to_list()
        yield Line("last order", f"{last}" + (f": {', '.join(products)}" if products else ""), 1)


def _most_frequent(bought: pl.DataFrame, name: str) -> str:
    """Return the three that were bought on most days; nothing if none was bought twice."""
    days = bought.select("date", name).drop_nulls().unique()
    counts = days.group_by(name).agg(pl.len(), pl.col("date").max())
    best = counts.filter(pl.col("len") > 1).sort(
        "len", "date", name, descending=[True, True, False]
    )
    return ", ".join(f"{what} ({many}×)" for what, many, _ in best.head(3).iter_rows())


def _noted(people: People, row: Row) -> Iterator[Line]:
    """Yield the further columns of the user's own file: favourite drink, shoe size …"""
    further = [name for name in people.customers.columns if name not in (*CUSTOMERS, *FACTS)]
    known = {name.replace("_", " "): row[name] for name in further if row[name] is not None}
    texts = [
        f"{name}: {', '.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in known.items()
    ]
    if row["interests"]:
        texts.append(f"interests: {', '.join(row['interests'])}")
    if texts:
        yield Line("likes", "; ".join(texts))


def _points(row: Row, config: Config) -> Iterator[Line]:
    """Yield the points and the next reward, in the team's language (the fact: the customer's)."""
    points = row["points"]
    if points is None:
        return
    rewards = config.loyalty.rewards if config.loyalty else ()
    ahead = sorted((r for r in rewards if r.points > points), key=lambda r: r.points)
    texts = [
        f"{r.points - points:,} more: {r.reward.in_language(config.language, config.language)}"
        for r in ahead[:1]
    ]
    yield Line("points", "; ".join([f"{points:,}", *texts]), 1)


def _promises(own: Mapping[str, pl.DataFrame], today: dt.date) -> Iterator[Line]:
    given = promises(own["conversations"], own["history"]).filter(~pl.col("kept"))
    texts = []
    for promise, by in given.select("promise", "promised_by").iter_rows():
        late = ", OVERDUE" if by and by < today else ""
        texts.append(f"{promise} (by {by}{late})" if by else promise)
    if texts:
        yield Line("we promised", "; ".join(texts))


def _feedback(feedback: pl.DataFrame, row: Row) -> Iterator[Line]:
    if row["open_feedback"]:
        date, score, text = feedback.select("date", "score", "text").row(0)
        said = f": “{text}”" if text else ""
        yield Line("unanswered", f"{date}{'' if score is None else f', {score} of 10'}{said}")


def _contact(own: Mapping[str, pl.DataFrame]) -> Iterator[Line]:
    talk = own["conversations"].head(1).select("date", "channel", "member", "text").rows()
    sent = own["history"].head(1).select("date", "channel", "practice").rows()
    if talk:
        date, channel, member, text = talk[0]
        how = ", ".join(part for part in (channel, member) if part)
        yield Line(
            "last talk", f"{date}" + (f" ({how})" if how else "") + (f": {text}" if text else "")
        )
    if sent:
        date, channel, practice = sent[0]
        yield Line(
            "last sent",
            f"{date}: {practice or '-'}" + (f" {by_channel(channel)}" if channel else ""),
            1,
        )


def _days(row: Row, occasions: pl.DataFrame, today: dt.date) -> Iterator[Line]:
    days, age = row["days_to_birthday"], row["age"]
    texts = []
    if days is not None and days <= _SOON:
        when = "today" if days == 0 else f"in {counted(days, 'day')}"
        turns = "" if age is None else f", {'is' if days == 0 else 'turns'} {age + (days > 0)}"
        texts.append(f"birthday {when}{turns}")
    for date, occasion, remark in (
        occasions.select("date", "occasion", "remark").head(1).iter_rows()
    ):
        texts.append(f"{occasion} {date}" + (f" ({remark})" if remark else ""))
    if texts:
        yield Line("days", "; ".join(texts))


def _ways(row: Row) -> Iterator[str]:
    if row["channel"]:
        yield f"prefers {row['channel']}"
    yield from (row[name] for name in ("phone", "email") if row[name])
    if not row["consent_email"]:
        yield "no consent to email"
