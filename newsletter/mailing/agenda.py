"""The agenda of a call or a visit: facts to know about this customer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping

import polars as pl

from newsletter.facts.feedback import open_feedback
from newsletter.facts.occasions import with_kinds
from newsletter.facts.promises import promises
from newsletter.mailing.phrases import Phrases
from newsletter.model.care import CarePlan
from newsletter.model.config import Config
from newsletter.model.practice import PERSONAL
from newsletter.model.project import Project
from newsletter.model.tables import REACHED

_TABLES = ("orders", "occasions", "feedback", "conversations", "history")
Row = Mapping[str, object]


def agendas(
    plan: CarePlan,
    project: Project,
    *,
    customers: Collection[str],
    phrases: Phrases,
) -> dict[str, tuple[str, ...]]:
    """
    Return the agenda of each of *customers*, in the language of *phrases*.

    First whom they lost lately and what not to mention, then the last contact, unanswered feedback
    with what making good could be, open promises, the last order, and the last occasion if the
    family may be mentioned.
    """
    config, tables = project.config, project.people.tables
    people = plan.facts.filter(pl.col("id").is_in(list(customers)))
    past = {
        name: tables[name].filter(
            pl.col("customer").is_in(people["id"].implode()) & (pl.col("date") <= plan.day)
        )
        for name in _TABLES
    }
    lasts = _Lasts(past, project, losses=_losses(past["occasions"], project, day=plan.day))
    items = ("id", "not_to_mention", "mention_family")
    return {
        str(row["id"]): tuple(_items(row, lasts, day=plan.day, config=config, phrases=phrases))
        for row in people.select(items).iter_rows(named=True)
    }


class _Lasts:
    """The last rows of each customer in every table."""

    def __init__(
        self, past: Mapping[str, pl.DataFrame], project: Project, *, losses: pl.DataFrame
    ) -> None:
        talks, history = past["conversations"], past["history"]
        bought = (pl.col("amount") >= 0).fill_null(value=True)
        self.contact = _last(_contacts(talks, history, titles=project.titles), "text")
        self.feedback = _feedback(past, project.config)
        self.order = _last(_orders(past["orders"].filter(bought)), "product")
        self.talks = talks.drop_nulls("text").sort("date", "text")
        self.occasion = _last(past["occasions"].drop_nulls("occasion"), "occasion")
        self.loss = _last(losses, "occasion")
        self.promises = _promises(talks, history)


def _losses(occasions: pl.DataFrame, project: Project, *, day: dt.date) -> pl.DataFrame:
    """Return the deaths for which customers are left in peace on *day*."""
    since = day - dt.timedelta(days=project.config.etiquette.peace.bereaved.days)
    recent = occasions.filter(pl.col("date") >= since).drop_nulls("occasion")
    kinds = with_kinds(recent, project.customs, language=project.config.language)
    return kinds.filter(pl.col("occasion_family") == "condole")


def _contacts(
    talks: pl.DataFrame, history: pl.DataFrame, *, titles: Mapping[str, str]
) -> pl.DataFrame:
    """Return conversations and everything that was sent except issues, by its title."""
    columns = ("customer", "date", "channel", "member")
    title = pl.col("practice").cast(pl.String).replace(dict(titles))
    text = pl.coalesce("remark", title).alias("text")
    return pl.concat(
        [talks.select(*columns, "text"), history.filter(REACHED & PERSONAL).select(*columns, text)]
    )


def _orders(orders: pl.DataFrame) -> pl.DataFrame:
    days = orders.drop_nulls("product").group_by("customer", "date")
    return days.agg(pl.col("product").unique().sort().str.join(", "), pl.col("amount").sum())


def _last(table: pl.DataFrame, *others: str) -> dict[str, Row]:
    """Return the last row of each customer; on one day the last by the columns *others*."""
    rows = table.sort("customer", "date", *others).iter_rows(named=True)
    return {row["customer"]: row for row in rows}


def _promises(talks: pl.DataFrame, history: pl.DataFrame) -> dict[str, list[Row]]:
    """Return the open promises to each customer, the most urgent first."""
    still_open = promises(talks, history).filter(~pl.col("kept"))
    return _by_customer(still_open.sort("customer", "promised_by", "promise", nulls_last=True))


def _feedback(past: Mapping[str, pl.DataFrame], config: Config) -> dict[str, list[Row]]:
    """Return the open feedback with words of each customer, the oldest first."""
    return _by_customer(open_feedback(past, config).drop_nulls("text"))


def _by_customer(rows: pl.DataFrame) -> dict[str, list[Row]]:
    by_customer: dict[str, list[Row]] = {}
    for row in rows.iter_rows(named=True):
        by_customer.setdefault(row["customer"], []).append(row)
    return by_customer


def _items(
    row: Row, lasts: _Lasts, *, day: dt.date, config: Config, phrases: Phrases
) -> Iterator[str]:
    customer, say = str(row["id"]), phrases.say
    if loss := lasts.loss.get(customer):
        yield _occasion(loss, phrases)
    if row["not_to_mention"]:
        yield say("agenda_silent", what=row["not_to_mention"])
    yield _contact(lasts.contact.get(customer), config, phrases)
    for feedback in lasts.feedback.get(customer, ()):
        key = "agenda_feedback" if feedback["score"] is None else "agenda_score"
        values = {"date": feedback["date"], "score": feedback["score"], "what": feedback["text"]}
        yield say(key, **values)
    if any(_is_bad(feedback, config) for feedback in lasts.feedback.get(customer, ())):
        yield from _making_good(customer, lasts, phrases)
    for promise in lasts.promises.get(customer, ()):
        yield _promise(promise, day, phrases)
    if order := lasts.order.get(customer):
        yield say("agenda_order", date=order["date"], what=order["product"])
    occasion = lasts.occasion.get(customer)
    if occasion and row["mention_family"] and not loss:
        yield _occasion(occasion, phrases)


def _occasion(occasion: Row, phrases: Phrases) -> str:
    remark = f" ({occasion['remark']})" if occasion["remark"] else ""
    what = f"{occasion['occasion']}{remark}"
    return phrases.say("agenda_occasion", date=occasion["date"], what=what)


def _is_bad(feedback: Row, config: Config) -> bool:
    """Return whether a person has to answer: a low score, or none."""
    score = feedback["score"]
    return not isinstance(score, int) or score < config.feedback.good_from


def _making_good(customer: str, lasts: _Lasts, phrases: Phrases) -> Iterator[str]:
    """Yield the conversation before the last contact, and what making good could be."""
    earlier = lasts.talks.filter(pl.col("customer") == customer).tail(2).head(1)
    for date, text in earlier.select("date", "text").iter_rows():
        last = lasts.contact.get(customer, {})
        if (last.get("date"), last.get("text")) != (date, text):
            yield phrases.say("agenda_talk", date=date, what=text)
    order = lasts.order.get(customer)
    amount = order["amount"] if order else None
    if order and isinstance(amount, float) and amount:
        money = phrases.money(amount)
        yield phrases.say("agenda_making_good", what=order["product"], amount=money)
    else:
        yield phrases.say("agenda_ask_how")


def _contact(contact: Row | None, config: Config, phrases: Phrases) -> str:
    """Return the last contact: its date, channel, team member and subject."""
    if contact is None:
        return phrases.say("agenda_first")
    channel = str(contact["channel"] or "")
    how = phrases.by(channel)
    names = {member.id: member.name for member in config.team}
    who = names.get(str(contact["member"]), "")
    manner = ", ".join(part for part in (how, who) if part)
    what = f"{phrases.words['colon']} {contact['text']}" if contact["text"] else ""
    when = phrases.say("agenda_contact", date=contact["date"])
    return f"{when}{f' ({manner})' if manner else ''}{what}"


def _promise(promise: Row, day: dt.date, phrases: Phrases) -> str:
    by, what = promise["promised_by"], promise["promise"]
    if not isinstance(by, dt.date):
        return phrases.say("agenda_promise", what=what)
    key = "agenda_overdue" if by < day else "agenda_promise_by"
    return phrases.say(key, date=by, what=what)
