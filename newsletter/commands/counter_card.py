"""What `newsletter who` says of a customer: a labelled line for each kind of fact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from newsletter.commands.find_person import account_of, headline
from newsletter.commands.inputs import practice_titles
from newsletter.commands.screen import Screen
from newsletter.commands.terminal import wrapped
from newsletter.facts import FACTS, add_facts
from newsletter.facts.feedback import open_feedback
from newsletter.facts.promises import promises
from newsletter.model.config import Config
from newsletter.model.project import People
from newsletter.model.tables import CUSTOMERS, NEEDED
from newsletter.plan.reach import on_list
from newsletter.plan.vouchers import open_vouchers

_SOON = 30
"""A birthday is mentioned this many days before."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Shop:
    """What a card needs besides the customer."""

    root: Path
    config: Config
    screen: Screen
    today: dt.date

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """Name of a practice → its title; read only if the card names a practice."""
        return practice_titles(self.root, self.config)

    def member(self, key: str | None) -> str:
        """Return the name of a team member; of one who has left, the id."""
        names = {member.id: member.name for member in self.config.team}
        return names.get(key, key) if key else ""


@dataclass(frozen=True)
class Line:
    """A labelled line of the card."""

    label: str
    text: str
    most: int = 2
    """Lines it may take on the screen; all together take at most 22."""

    def wrapped(self, width: int) -> str:
        """Return the text in lines of at most *width* cells."""
        return "\n".join(wrapped(self.text, width, most=self.most))


def card_lines(people: People, shop: Shop, customer: str) -> Iterator[Line]:
    """Yield the name, then the known facts."""
    config, screen, today = shop.config, shop.screen, shop.today
    listed = on_list(people.tables["suppressed"]).alias("suppressed")
    facts = add_facts(people, config, today=today, since=today).with_columns(listed)
    row = facts.filter(pl.col("id") == customer).row(0, named=True)
    account, tables = _tables(people, customer, today=today)
    yield Line("", headline(row, screen), 1)
    if row["not_to_mention"]:
        yield Line(screen("who_silent"), row["not_to_mention"])
    yield Line(screen("who_customer"), screen.joined(_standing(row, shop)))
    yield from _usual(account["orders"], row, screen)
    yield from _noted(people, row, screen)
    yield from _points(row, shop)
    yield from _stamps(row, shop)
    yield from _promises(tables, shop)
    yield from _feedback(tables, shop)
    yield from _contact(tables, shop)
    yield from _days(row, tables["occasions"], screen)
    vouchers = open_vouchers(tables["history"], today=today)
    if vouchers:
        named = [(v.code, shop.titles.get(v.practice, v.practice), v.expires) for v in vouchers]
        texts = [screen("who_voucher", code=c, practice=p, day=d) for c, p, d in named]
        yield Line(screen("who_vouchers"), screen.joined(texts), 1)
    yield Line(screen("who_reach"), " · ".join(_ways(row, screen)))


def _tables(
    people: People, customer: str, *, today: dt.date
) -> tuple[dict[str, pl.DataFrame], dict[str, pl.DataFrame]]:
    """Return the tables up to today: of the whole account, and the customer's, newest first."""
    ids = account_of(people, customer).implode()
    account = {
        name: table.filter(pl.col("date") <= today, pl.col("customer").is_in(ids))
        for name, table in people.tables.items()
        if name not in NEEDED
    }
    newest_first = {
        name: table.filter(pl.col("customer") == customer).sort(
            "date", descending=True, maintain_order=True
        )
        for name, table in account.items()
    }
    return account, newest_first


def _standing(row: Row, shop: Shop) -> Iterator[str]:
    screen, years = shop.screen, row["years_as_customer"]
    began = row["customer_since"] or row["first_order_date"]
    if began:
        phrase = "who_since_years" if years else "who_since"
        yield screen(phrase, day=began, years=screen.counted("years", years or 0))
    if row["orders_count"]:
        orders = screen.counted("orders", row["orders_count"])
        spent = screen.money(row["total_spent"] or 0, shop.config.business.currency)
        yield screen("who_spent", orders=orders, amount=spent) if row["total_spent"] else orders
    if row["manager_name"]:
        phrase = "who_stands_in" if row["stands_in_for"] else "who_manager"
        yield screen(phrase, name=row["manager_name"], absent=row["stands_in_for"])


def _usual(orders: pl.DataFrame, row: Row, screen: Screen) -> Iterator[Line]:
    bought = orders.filter(~(pl.col("amount") < 0).fill_null(value=False))
    often = _most_frequent(bought, "product") or _most_frequent(bought, "category")
    if often:
        rhythm = round(row["usual_interval_days"] or 0)
        every = screen.counted("who_every", rhythm, products=often)
        yield Line(screen("who_usual"), every if rhythm else often)
    if last := row["last_order"]:
        products = bought.filter(pl.col("date") == last)["product"].drop_nulls().sort().to_list()
        day, bought_then = screen.day(last), ", ".join(products)
        text = screen("titled", what=day, text=bought_then) if products else day
        yield Line(screen("who_last_order"), text, 1)


def _most_frequent(bought: pl.DataFrame, name: str) -> str:
    """Return the three items bought on most days; empty if nothing was bought twice."""
    days = bought.select("date", name).drop_nulls().unique()
    counts = days.group_by(name).agg(pl.len(), pl.col("date").max())
    best = counts.filter(pl.col("len") > 1).sort(
        "len", "date", name, descending=[True, True, False]
    )
    return ", ".join(f"{what} ({many}×)" for what, many, _ in best.head(3).iter_rows())


def _noted(people: People, row: Row, screen: Screen) -> Iterator[Line]:
    """Yield the further columns of the customer file: favourite drink, shoe size …"""
    further = [name for name in people.customers.columns if name not in (*CUSTOMERS, *FACTS)]
    headings = {column.field: column.header.replace("_", " ") for column in people.columns}
    texts = [
        screen("titled", what=headings.get(name, name), text=_in_words(row[name], screen))
        for name in further
        if row[name] is not None
    ]
    if row["interests"]:
        texts.append(screen("who_interests", interests=", ".join(row["interests"])))
    if texts:
        yield Line(screen("who_noted"), screen.joined(texts))


def _in_words(value: object, screen: Screen) -> str:
    if isinstance(value, bool):
        return screen("yes" if value else "no")
    if isinstance(value, dt.date):
        return screen.day(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _points(row: Row, shop: Shop) -> Iterator[Line]:
    """Yield the points and the next reward, in the language of the team."""
    points, config, screen = row["points"], shop.config, shop.screen
    if points is None:
        return
    rewards = config.loyalty.rewards if config.loyalty else ()
    ahead = sorted((r for r in rewards if r.points > points), key=lambda r: r.points)
    texts = [screen.number(points)]
    for reward in ahead[:1]:
        name = reward.reward.in_language(config.language, config.language)
        texts.append(screen("who_points_more", n=reward.points - points, reward=name))
    yield Line(screen("who_points"), screen.joined(texts), 1)


def _stamps(row: Row, shop: Shop) -> Iterator[Line]:
    """Yield the open stamp cards, the nearest to its reward first, in the language of the team."""
    config, texts = shop.config, []
    for open_card in row["stamp_cards"]:
        card = config.stamps[open_card["number"]]
        name = card.name.in_language(config.language, config.language)
        reward = card.reward.in_language(config.language, config.language)
        stamps = {"stamps": open_card["stamps"], "needed": card.stamps}
        texts.append(shop.screen("who_stamps_of", card=name, reward=reward, **stamps))
    if texts:
        yield Line(shop.screen("who_stamps"), shop.screen.joined(texts))


def _promises(tables: Mapping[str, pl.DataFrame], shop: Shop) -> Iterator[Line]:
    given = promises(tables["conversations"], tables["history"]).filter(~pl.col("kept"))
    texts = []
    by_day = given.sort("promised_by", "promise", nulls_last=True)
    for promise, by in by_day.select("promise", "promised_by").iter_rows():
        phrase = "who_overdue" if by and by < shop.today else "who_by"
        texts.append(shop.screen(phrase, promise=promise, day=by) if by else promise)
    if texts:
        yield Line(shop.screen("who_promised"), shop.screen.joined(texts))


def _feedback(tables: Mapping[str, pl.DataFrame], shop: Shop) -> Iterator[Line]:
    screen, given = shop.screen, open_feedback(tables, shop.config)
    for key, date, score, text in given.select("key", "date", "score", "text").iter_rows():
        day = screen.day(date) if date else ""
        named = f"{key}, {day}" if key != str(date) else day
        if score is not None:
            named = screen("who_score", feedback=named, score=score)
        quote = screen("titled", what=named, text=screen("quoted", text=text)) if text else named
        yield Line(screen("who_unanswered"), quote)


def _contact(tables: Mapping[str, pl.DataFrame], shop: Shop) -> Iterator[Line]:
    screen = shop.screen
    talk = tables["conversations"].head(1).select("date", "channel", "member", "text").rows()
    sent = tables["history"].head(1).select("date", "channel", "practice").rows()
    if talk:
        date, channel, member, text = talk[0]
        how = ", ".join(filter(None, (screen.channel(channel or ""), shop.member(member))))
        when = screen.day(date) + (f" ({how})" if how else "")
        shown = screen("titled", what=when, text=text) if text else when
        yield Line(screen("who_talk"), shown)
    if sent:
        date, channel, practice = sent[0]
        what = shop.titles.get(practice, practice) or "-"
        if channel:
            what = screen("who_sent_by", what=what, channel=screen.channel(channel))
        yield Line(screen("who_sent"), screen("titled", what=screen.day(date), text=what), 1)


def _days(row: Row, occasions: pl.DataFrame, screen: Screen) -> Iterator[Line]:
    days, age = row["days_to_birthday"], row["age"]
    texts = []
    if days is not None and days <= _SOON:
        with_age = "" if age is None else "_age"
        years = 0 if age is None else age + (days > 0)
        if days == 0:
            texts.append(screen(f"who_birthday_today{with_age}", age=years))
        else:
            texts.append(screen.counted(f"who_birthday{with_age}", days, age=years))
    newest = occasions.select("date", "occasion", "remark").head(1)
    for date, occasion, remark in newest.iter_rows():
        texts.append(f"{occasion} {screen.day(date)}" + (f" ({remark})" if remark else ""))
    if texts:
        yield Line(screen("who_days"), screen.joined(texts))


def _ways(row: Row, screen: Screen) -> Iterator[str]:
    if row["channel"]:
        yield screen("who_prefers", channel=screen.channel(row["channel"]))
    yield from (row[name] for name in ("phone", "email") if row[name])
    if row["suppressed"]:
        yield screen("who_suppressed")
    elif not row["consent_email"]:
        yield screen("who_no_consent")
