"""Facts about each customer, as columns: calculated once, and only if something reads them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain

import polars as pl

from newsletter.facts import (
    contact,
    days,
    feedback,
    greeting,
    history,
    loyalty,
    manager,
    mentions,
    occasions,
    orders,
    peace,
    products,
    promises,
    referrals,
    rhythm,
    stamps,
)
from newsletter.facts.basis import FactsBasis, Source, Tables, numbers
from newsletter.facts.product_names import with_product_names
from newsletter.model.config import Config
from newsletter.model.customs import Customs
from newsletter.model.project import People
from newsletter.model.tables import CUSTOMERS

SOURCES: tuple[Source, ...] = (
    greeting.GREETING,
    days.BIRTHDAY,
    orders.SPENT,
    orders.DAYS_ORDERED,
    orders.INTERVALS,
    products.PRODUCTS,
    days.ANNIVERSARY,
    loyalty.LOYALTY,
    stamps.STAMPS,
    stamps.STAMP_CARDS,
    contact.CONTACT,
    feedback.SCORES,
    feedback.OPEN,
    promises.CONVERSATION,
    promises.PROMISES,
    rhythm.RHYTHM,
    history.HAD,
    history.LEAVING,
    occasions.OCCASIONS,
    history.SERVICES,
    referrals.REFERRALS,
    mentions.MENTIONS,
    manager.WHO,
    manager.CARD,
    peace.OWED,
    peace.UNHAPPY,
    peace.BEREAVED,
    peace.PAUSED,
    peace.HEARD,
)
"""In the order in which they are added: later ones may need facts of earlier ones."""

FACTS: dict[str, pl.DataType] = dict(chain.from_iterable(s.facts.items() for s in SOURCES))
"""Every fact and its type, in the order of docs/rules.md."""

_NO_CUSTOMS = Customs()


def add_facts(
    people: People,
    config: Config,
    *,
    today: dt.date,
    since: dt.date,
    customs: Customs = _NO_CUSTOMS,
) -> pl.DataFrame:
    """
    Return the customers with the columns of FACTS as of *today*, sorted by id.

    Rows dated after *today*, or not dated, are ignored. *since* is the first day of the services
    to report on. A column of the customer file with the name and type of a fact overrides the
    fact where it has a value.
    """
    return wanted_facts(people, facts_basis(people, config, today, since=since, customs=customs))


def facts_basis(
    people: People,
    config: Config,
    today: dt.date,
    *,
    since: dt.date,
    customs: Customs = _NO_CUSTOMS,
) -> FactsBasis:
    """Return what the facts of *people* are made from. Customers are numbered in order of id."""
    tables = Tables(people.tables.__getitem__, people.customers["id"].sort(), today=today)
    return FactsBasis(tables=tables, config=config, customs=customs, today=today, since=since)


def wanted_facts(
    people: People, basis: FactsBasis, wanted: Collection[str] | None = None
) -> pl.DataFrame:
    """
    Return the customers with FACTS, sorted by id.

    With *wanted*, the result has at least the facts of these names; unknown names are ignored.
    """
    customers = people.customers.sort("id")
    sources = SOURCES if wanted is None else tuple(_needed(wanted))
    return _added(customers.drop(_overrides(customers)), customers, sources, basis)


def complete_facts(
    facts: pl.DataFrame, people: People, basis: FactsBasis, *, ids: Collection[str]
) -> pl.DataFrame:
    """
    Return all of FACTS for the customers with these *ids* and their colleagues, sorted by id.

    *facts* is what wanted_facts returned for some names. Only missing facts are worked out.
    """
    wanted = pl.col("id").is_in(pl.Series(list(ids), dtype=pl.String).implode())
    named = facts.select("account", numbers(facts), wanted=wanted)
    # Contacts of a firm share its orders and its manager, so all of them are included.
    firms = named.filter("wanted")["account"].drop_nulls().unique()
    circle = named.filter(pl.col("wanted") | pl.col("account").is_in(firms.implode()))
    of_circle = facts[circle["customer"]]
    customers = people.customers.join(of_circle.select("id"), on="id", how="semi").sort("id")
    basis_of_circle = replace(basis, tables=basis.tables.of(circle["customer"]))
    sources = tuple(source for source in SOURCES if not _is_in(source, facts.columns))
    return _added(of_circle, customers, sources, basis_of_circle)


def fact_columns(people: People) -> dict[str, pl.DataType]:
    """Return the columns that add_facts gives these customers, and their types."""
    schema = people.customers.schema
    overrides = _overrides(people.customers)
    file = {name: dtype for name, dtype in schema.items() if name not in overrides}
    return {**file, **FACTS}


def in_languages(
    facts: pl.DataFrame, people: People, config: Config, *, languages: pl.Expr
) -> pl.DataFrame:
    """
    Return *facts* with localised texts in *languages* instead of the customers' own.

    An edition puts these texts into sentences, so they must be in the language of the edition.
    """
    localised = facts.with_columns(languages.alias("language"))
    for source in SOURCES:
        if source.localise:
            localised = source.localise(localised, config)
    localised = with_product_names(localised, people, default=config.language)
    localised = localised.with_columns(facts["language"])
    return _with_overrides(localised, people.customers.sort("id"))


def nobody(config: Config, *, language: str, photos: Mapping[str, str]) -> dict[str, object]:
    """
    Return the facts of an unknown customer: a reader of the public site.

    *photos*: id of a team member → address of their photo.
    """
    return {
        **dict.fromkeys(CUSTOMERS),
        "id": "",
        "language": language,
        "formality": config.formality,
        **dict.fromkeys(FACTS),
        **dict(chain.from_iterable(source.nobody.items() for source in SOURCES)),
        "greeting": greeting.neutral_greeting(language, config),
        **manager.manager_of_nobody(config, language, photos),
        "mention_family": Customs().of(config.business.country).mention_family,
    }


def _needed(wanted: Collection[str]) -> Iterator[Source]:
    """Yield the sources of the wanted facts and of the facts that these need, in order."""
    names, needed = set(wanted), set[str]()
    for source in reversed(SOURCES):
        if source.everybody or not names.isdisjoint((*source.facts, *source.completes)):
            names.update(source.needs)
            needed.update(source.facts)
    return (source for source in SOURCES if not needed.isdisjoint(source.facts))


def _is_in(source: Source, columns: Iterable[str]) -> bool:
    """Return whether the facts are there; False if all of them may be columns of the file."""
    added = source.facts.keys() - CUSTOMERS.keys()
    return bool(added) and added <= set(columns)


def _added(
    facts: pl.DataFrame, customers: pl.DataFrame, sources: Iterable[Source], basis: FactsBasis
) -> pl.DataFrame:
    """Add the facts of *sources*. Columns of the file come first, then FACTS in order."""
    for source in sources:
        facts = source.add(facts, basis)
    file = customers.drop(_overrides(customers)).columns
    names = [name for name in FACTS if name in facts.columns and name not in CUSTOMERS]
    facts = facts.select(*file, *names)
    return _with_overrides(facts.with_columns(_typed(facts.columns)), customers)


def _typed(columns: Iterable[str]) -> Iterator[pl.Expr]:
    return (pl.col(name).cast(FACTS[name]) for name in columns if name in FACTS)


def _overrides(customers: pl.DataFrame) -> list[str]:
    """Return the columns of the customer file that have the name of a fact."""
    return [name for name in customers.columns if name in FACTS and name not in CUSTOMERS]


def _with_overrides(facts: pl.DataFrame, customers: pl.DataFrame) -> pl.DataFrame:
    values = [
        pl.coalesce(customers[name], pl.col(name)).alias(name)
        for name in _overrides(customers)
        if customers.schema[name] == FACTS[name]
        and name in facts.columns
        and name != manager.PHOTO
    ]
    return facts.with_columns(values) if values else facts
