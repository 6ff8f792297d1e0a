"""Whether customers are to be left in peace for a while: owed, unhappy, bereaved, paused."""

from __future__ import annotations

import datetime as dt

import polars as pl

from newsletter.facts.basis import FactsBasis, Source, Tables, joined
from newsletter.facts.occasions import with_kinds
from newsletter.model.config import Config
from newsletter.model.customs import Customs

_OWED: dict[str, pl.DataType] = {"owed": pl.Boolean()}
_UNHAPPY: dict[str, pl.DataType] = {"unhappy": pl.Boolean(), "unhappy_until": pl.Date()}
_BEREAVED: dict[str, pl.DataType] = {"bereaved": pl.Boolean(), "bereaved_until": pl.Date()}
_PAUSED: dict[str, pl.DataType] = {"pause_until": pl.Date()}
_HEARD: dict[str, pl.DataType] = {"last_heard": pl.Date()}

SPAN: dict[str, pl.DataType] = {"customer": pl.UInt32(), "first": pl.Date(), "last": pl.Date()}
"""The days of a state of a customer, both included."""
_KNOWN_AHEAD = dt.timedelta(days=14)
"""How long before its day a funeral is known of."""


def complaints(feedback: pl.DataFrame, config: Config) -> pl.DataFrame:
    """Return SPAN of each complaint: how long it leaves a customer unhappy."""
    unhappy = config.etiquette.peace.unhappy
    low = pl.col("score") <= unhappy.score
    complains = low.fill_null(value=unhappy.without_score)
    return _spans(feedback.filter(complains), days=unhappy.days)


def losses(
    tables: Tables, config: Config, customs: Customs, *, first: dt.date, today: dt.date
) -> pl.DataFrame:
    """Return SPAN of each bereavement from *first* until some days after *today*."""
    occasions = tables.with_future("occasions")
    recent = occasions.filter(pl.col("date").is_between(first, today + _KNOWN_AHEAD))
    kinds = with_kinds(recent, customs, language=config.language)
    condoled = kinds.filter(pl.col("occasion_family") == "condole")
    return _spans(condoled, days=config.etiquette.peace.bereaved.days)


def pauses(conversations: pl.DataFrame) -> pl.DataFrame:
    """
    Return SPAN of each time for which a customer asked for peace in a conversation.

    It ends when they ask for another one: a pause may be made shorter.
    """
    asked = conversations.select("customer", first="date", last="pause_until").drop_nulls()
    ordered = asked.sort("customer", "first", "last")
    following = pl.col("first").shift(-1).over("customer")
    spans = ordered.with_columns(last=pl.min_horizontal("last", following))
    return spans.select(pl.col(name).cast(dtype) for name, dtype in SPAN.items())


def _spans(rows: pl.DataFrame, *, days: int) -> pl.DataFrame:
    last = pl.col("date") + pl.duration(days=days)
    return rows.select("customer", first="date", last=last).cast(pl.Schema(SPAN))


def _add_owed(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """Add whether an answer or a promise is open. Needs open_feedback and open_promise."""
    return customers.with_columns(owed=pl.col("open_feedback") | pl.col("open_promise"))


def _add_unhappy(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    return _with_state(
        customers, complaints(basis.tables["feedback"], basis.config), basis, state="unhappy"
    )


def _add_bereaved(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    first = basis.today - dt.timedelta(days=basis.config.etiquette.peace.bereaved.days)
    spans = losses(basis.tables, basis.config, basis.customs, first=first, today=basis.today)
    return _with_state(customers, spans, basis, state="bereaved")


def _with_state(
    customers: pl.DataFrame, spans: pl.DataFrame, basis: FactsBasis, *, state: str
) -> pl.DataFrame:
    """Add whether today is in one of the *spans*, and the last day of the latest of them."""
    last = _latest(spans, basis.today).rename({"last": f"{state}_until"})
    added = joined(customers, last)
    return added.with_columns(pl.col(f"{state}_until").is_not_null().alias(state))


def _latest(spans: pl.DataFrame, today: dt.date) -> pl.DataFrame:
    """Return customer and `last`, the last day of the spans that are not over."""
    return spans.filter(pl.col("last") >= today).group_by("customer").agg(pl.col("last").max())


def _add_paused(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """Add the last day of peace: the later one of the file and of conversations."""
    asked = _latest(pauses(basis.tables["conversations"]), basis.today)
    until = pl.max_horizontal("pause_until", "last")
    current = pl.when(until >= pl.lit(basis.today)).then(until)
    return joined(customers, asked).with_columns(pause_until=current).drop("last")


def _add_heard(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """Add the last day of an order, a conversation or feedback. Needs last_order."""
    contacts = [
        basis.tables[name].select("customer", "date") for name in ("conversations", "feedback")
    ]
    days = pl.concat(contacts).group_by("customer").agg(_told=pl.col("date").max())
    heard = pl.max_horizontal("last_order", "_told")
    return joined(customers, days).with_columns(last_heard=heard).drop("_told")


OWED = Source(
    name="peace",
    facts=_OWED,
    nobody={"owed": False},
    add=_add_owed,
    needs=("open_feedback", "open_promise"),
)
UNHAPPY = Source(name="peace", facts=_UNHAPPY, nobody={"unhappy": False}, add=_add_unhappy)
BEREAVED = Source(name="peace", facts=_BEREAVED, nobody={"bereaved": False}, add=_add_bereaved)
PAUSED = Source(name="peace", facts=_PAUSED, add=_add_paused)
HEARD = Source(name="contact", facts=_HEARD, add=_add_heard, needs=("last_order",))
