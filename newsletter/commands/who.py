"""`newsletter who`: the counter card, with the facts about one customer on one screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from newsletter.commands.options import RUNS, with_project, with_today
from newsletter.commands.terminal import by_channel, columns, counted, wrapped
from newsletter.model.command_line import quoted

if RUNS:
    import polars as pl

    from newsletter.commands.find_person import (
        account_of,
        candidates,
        find_customers,
        headline,
        nobody,
        only,
    )
    from newsletter.commands.inputs import read_customers
    from newsletter.facts import FACTS, add_facts
    from newsletter.facts.feedback import open_feedback
    from newsletter.facts.promises import promises
    from newsletter.model.config import Config
    from newsletter.model.project import People
    from newsletter.model.tables import CUSTOMERS, NEEDED
    from newsletter.plan.reach import on_list
    from newsletter.plan.vouchers import open_vouchers

_COLUMNS, _LABEL = 80, 14
"""Cells of a line, and of the label in front of each value."""
_SOON = 30
"""A birthday is mentioned this many days before."""

Row = Mapping[str, Any]


@click.command("who")
@click.argument("name", nargs=-1, required=True)
@with_project
@with_today
def command(*, name: tuple[str, ...], root: Path, today: dt.date) -> None:
    """Show on one screen who NAME is: any part of a name, an email address or an id."""
    click.echo(card(root, " ".join(name), today=today))


def card(root: Path, text: str, *, today: dt.date) -> str:
    """
    Return the card of the customer meant, or the candidates if several fit.

    At most 24 lines of 80 columns. Raises NewsletterError if nobody fits.
    """
    config, people = read_customers(root, today)
    matches = find_customers(people.customers, text)
    if not matches.height:
        raise nobody(text)
    if matches.height > 1:
        several = f"'{text}' may be {counted(matches.height, 'customer')}:"
        return f"{several}\n\n{candidates(matches)}\n\nnext: newsletter who ID"
    customer = str(matches["id"].item())
    head, *lines = _card_lines(only(people, customer), config, customer, today=today)
    rows = [[f"{line.label:<{_LABEL - 2}}", line.wrapped(_COLUMNS - _LABEL)] for line in lines]
    parts = (
        head.wrapped(_COLUMNS),
        columns(rows),
        f"\nnext: newsletter explain {quoted(customer)}",
    )
    return "\n".join(parts)


@dataclass(frozen=True)
class _Line:
    """A labelled line of the card."""

    label: str
    text: str
    most: int = 2
    """Lines it may take on the screen; all together take at most 22."""

    def wrapped(self, width: int) -> str:
        """Return the text in lines of at most *width* cells."""
        return "\n".join(wrapped(self.text, width, most=self.most))


def _card_lines(
    people: People, config: Config, customer: str, *, today: dt.date
) -> Iterator[_Line]:
    """Yield the name, then the known facts."""
    listed = on_list(people.tables["suppressed"]).alias("suppressed")
    facts = add_facts(people, config, today=today, since=today).with_columns(listed)
    row = facts.filter(pl.col("id") == customer).row(0, named=True)
    account, tables = _tables(people, customer, today=today)
    yield _Line("", headline(row), 1)
    if row["not_to_mention"]:
        yield _Line("do not say", row["not_to_mention"])
    yield _Line("customer", "; ".join(_standing(row, config)))
    yield from _usual(account["orders"], row)
    yield from _noted(people, row)
    yield from _points(row, config)
    yield from _stamps(row, config)
    yield from _promises(tables, today)
    yield from _feedback(tables, config)
    yield from _contact(tables)
    yield from _days(row, tables["occasions"])
    vouchers = open_vouchers(tables["history"], today=today)
    if vouchers:
        texts = [f"{v.code} ({v.practice}, until {v.expires})" for v in vouchers]
        yield _Line("vouchers", "; ".join(texts), 1)
    yield _Line("reach", " · ".join(_ways(row)))


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
        absent = f", who stands in for {row['stands_in_for']}" if row["stands_in_for"] else ""
        yield f"looked after by {row['manager_name']}{absent}"


def _usual(orders: pl.DataFrame, row: Row) -> Iterator[_Line]:
    bought = orders.filter(~(pl.col("amount") < 0).fill_null(value=False))
    often = _most_frequent(bought, "product") or _most_frequent(bought, "category")
    if often:
        rhythm = row["usual_interval_days"]
        yield _Line(
            "usual order", often + (f"; every {counted(round(rhythm), 'day')}" if rhythm else "")
        )
    if last := row["last_order"]:
        products = bought.filter(pl.col("date") == last)["product"].drop_nulls().sort().to_list()
        yield _Line("last order", f"{last}" + (f": {', '.join(products)}" if products else ""), 1)


def _most_frequent(bought: pl.DataFrame, name: str) -> str:
    """Return the three items bought on most days; empty if nothing was bought twice."""
    days = bought.select("date", name).drop_nulls().unique()
    counts = days.group_by(name).agg(pl.len(), pl.col("date").max())
    best = counts.filter(pl.col("len") > 1).sort(
        "len", "date", name, descending=[True, True, False]
    )
    return ", ".join(f"{what} ({many}×)" for what, many, _ in best.head(3).iter_rows())


def _noted(people: People, row: Row) -> Iterator[_Line]:
    """Yield the further columns of the customer file: favourite drink, shoe size …"""
    further = [name for name in people.customers.columns if name not in (*CUSTOMERS, *FACTS)]
    texts = [
        f"{name.replace('_', ' ')}: {_in_words(row[name])}"
        for name in further
        if row[name] is not None
    ]
    if row["interests"]:
        texts.append(f"interests: {', '.join(row['interests'])}")
    if texts:
        yield _Line("likes", "; ".join(texts))


def _in_words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _points(row: Row, config: Config) -> Iterator[_Line]:
    """Yield the points and the next reward, in the language of the team."""
    points = row["points"]
    if points is None:
        return
    rewards = config.loyalty.rewards if config.loyalty else ()
    ahead = sorted((r for r in rewards if r.points > points), key=lambda r: r.points)
    texts = [
        f"{r.points - points:,} more: {r.reward.in_language(config.language, config.language)}"
        for r in ahead[:1]
    ]
    yield _Line("points", "; ".join([f"{points:,}", *texts]), 1)


def _stamps(row: Row, config: Config) -> Iterator[_Line]:
    """Yield the open stamp cards, the nearest to its reward first, in the language of the team."""
    texts = []
    for open_card in row["stamp_cards"]:
        card = config.stamps[open_card["number"]]
        name = card.name.in_language(config.language, config.language)
        reward = card.reward.in_language(config.language, config.language)
        texts.append(f"{name} {open_card['stamps']} of {card.stamps}, then {reward}")
    if texts:
        yield _Line("stamps", "; ".join(texts))


def _promises(tables: Mapping[str, pl.DataFrame], today: dt.date) -> Iterator[_Line]:
    given = promises(tables["conversations"], tables["history"]).filter(~pl.col("kept"))
    texts = []
    by_day = given.sort("promised_by", "promise", nulls_last=True)
    for promise, by in by_day.select("promise", "promised_by").iter_rows():
        late = ", OVERDUE" if by and by < today else ""
        texts.append(f"{promise} (by {by}{late})" if by else promise)
    if texts:
        yield _Line("we promised", "; ".join(texts))


def _feedback(tables: Mapping[str, pl.DataFrame], config: Config) -> Iterator[_Line]:
    given = open_feedback(tables, config)
    for key, date, score, text in given.select("key", "date", "score", "text").iter_rows():
        quote = f": “{text}”" if text else ""
        named = f"{key}, {date}" if key != str(date) else key
        yield _Line("unanswered", f"{named}{'' if score is None else f', {score} of 10'}{quote}")


def _contact(tables: Mapping[str, pl.DataFrame]) -> Iterator[_Line]:
    talk = tables["conversations"].head(1).select("date", "channel", "member", "text").rows()
    sent = tables["history"].head(1).select("date", "channel", "practice").rows()
    if talk:
        date, channel, member, text = talk[0]
        how = ", ".join(part for part in (channel, member) if part)
        yield _Line(
            "last talk", f"{date}" + (f" ({how})" if how else "") + (f": {text}" if text else "")
        )
    if sent:
        date, channel, practice = sent[0]
        yield _Line(
            "last sent",
            f"{date}: {practice or '-'}" + (f" {by_channel(channel)}" if channel else ""),
            1,
        )


def _days(row: Row, occasions: pl.DataFrame) -> Iterator[_Line]:
    days, age = row["days_to_birthday"], row["age"]
    texts = []
    if days is not None and days <= _SOON:
        when = "today" if days == 0 else f"in {counted(days, 'day')}"
        turns = "" if age is None else f", {'is' if days == 0 else 'turns'} {age + (days > 0)}"
        texts.append(f"birthday {when}{turns}")
    newest = occasions.select("date", "occasion", "remark").head(1)
    for date, occasion, remark in newest.iter_rows():
        texts.append(f"{occasion} {date}" + (f" ({remark})" if remark else ""))
    if texts:
        yield _Line("days", "; ".join(texts))


def _ways(row: Row) -> Iterator[str]:
    if row["channel"]:
        yield f"prefers {row['channel']}"
    yield from (row[name] for name in ("phone", "email") if row[name])
    if row["suppressed"]:
        yield "on the suppression list"
    elif not row["consent_email"]:
        yield "no consent to email"
