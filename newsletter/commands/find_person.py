"""Finds the customer or team member that people mean, and the rows about one customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from newsletter.commands.screen import Screen
from newsletter.commands.terminal import columns, counted
from newsletter.errors import NewsletterError, did_you_mean
from newsletter.model.config import Config
from newsletter.model.project import People
from newsletter.model.tables import NEEDED
from newsletter.model.team import TeamMember

_MOST_CANDIDATES = 15

_PLAIN: Mapping[str, str] = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "ł": "l",
    "ı": "i",
    "þ": "th",
    "’": "'",
}
"""Letters that Unicode does not decompose → how they are typed without them."""
_UMLAUTS: Mapping[str, str] = {"ae": "a", "oe": "o", "ue": "u"}
"""So that Mueller finds Müller. Bauer becomes Baur on both sides, which does no harm."""
_SEARCHED = ("id", "email", "name", "company", "first_name", "last_name", "city", "phone")
_EXACT = (("id", "email"), ("name", "company"))


def find_customers(customers: pl.DataFrame, text: str) -> pl.DataFrame:
    """
    Return the customers that *text* may mean, sorted by name and id.

    An exact id wins, whatever ids differ from it in capitals only. Without capitals and accents,
    the whole id or email address comes next, then the whole name or company, then every customer
    whose name, company, city, address or phone number contains each word.
    """
    named = customers.filter(pl.col("id") == text.strip())
    if named.height:
        return named
    words = plain(pl.Series([text]).cast(pl.String)).item().split()
    if not words:
        return customers.clear()
    folded = customers.select(_folded(pl.col(name)).alias(name) for name in _SEARCHED)
    full_text = pl.lit(" ".join(words))
    exact = [pl.any_horizontal(pl.col(name) == full_text for name in pair) for pair in _EXACT]
    anywhere = pl.concat_str(_SEARCHED, separator="\n", ignore_nulls=True)
    contains = [anywhere.str.contains(pl.lit(word), literal=True) for word in words]
    for matches in (*exact, pl.all_horizontal(contains)):
        mask = folded.select(matches.fill_null(value=False)).to_series()
        if mask.any():
            return customers.filter(mask).sort("name", "id", nulls_last=True)
    return customers.clear()


def the_customer(customers: pl.DataFrame, text: str) -> str:
    """Return the id of the customer meant; raises NewsletterError with several candidates."""
    matches = find_customers(customers, text)
    if matches.height == 1:
        return str(matches["id"].item())
    if not matches.height:
        raise nobody(text)
    message = (
        f"'{text}' may be {counted(matches.height, 'customer')}:\n{candidates(matches, Screen())}"
    )
    raise NewsletterError.at(message, hint="type more of the name, or the id in the first column")


def nobody(text: str) -> NewsletterError:
    """Return the error for a name that no customer has."""
    hint = "any part of a name, an email address or an id will do"
    return NewsletterError.at(f"no customer matches '{text}'", hint=hint)


def candidates(customers: pl.DataFrame, screen: Screen) -> str:
    """Return id, name, company, city and email address of each, to choose from."""
    shown = customers.head(_MOST_CANDIDATES).select("id", "name", "company", "city", "email")
    table = columns([[cell or "" for cell in row] for row in shown.iter_rows()])
    more = customers.height - _MOST_CANDIDATES
    return f"{table}\n{screen('more', n=more)}" if more > 0 else table


def name_of(people: People, customer: str) -> str:
    """Return the name of the customer with that id, else the company, email address or id."""
    row = people.customers.filter(pl.col("id") == customer)
    if row.is_empty():  # the history remembers customers whose row has gone
        return customer
    return str(row.select(pl.coalesce("name", "company", "email", "id")).item())


def headline(row: Mapping[str, Any], screen: Screen) -> str:
    """Return name, firm, place, language and id of a row of facts."""
    name = row["name"] or row["company"] or row["email"] or row["id"]
    firm = row["company"] if row["company"] != name else None
    closed = screen("closed") if row["closed"] else None
    parts = (name, firm, row["city"], row["language"], row["id"], closed)
    return " · ".join(part for part in parts if part)


def the_member(config: Config, text: str) -> TeamMember:
    """Return the team member with that id or name; raises NewsletterError if there is none."""
    ids = {member.id: member for member in config.team}
    folded = {member.name.casefold(): member for member in config.team}
    folded |= {key.casefold(): member for key, member in ids.items()}
    if member := ids.get(text) or folded.get(text.casefold()):
        return member
    hint = did_you_mean(text, ids) or f"the team in newsletter.yml: {', '.join(ids)}"
    raise NewsletterError.at(f"'{text}' is not in the team", hint=hint)


def account_of(people: People, customer: str) -> pl.Series:
    """Return the id of a customer, with those of the other contacts of the account."""
    customers = people.customers
    account = customers.filter(pl.col("id") == customer)["account"].item()
    same = pl.col("account") == account if account else pl.lit(value=False)
    return customers.filter((pl.col("id") == customer) | same)["id"]


def only(people: People, customer: str) -> People:
    """
    Return the tables with only the rows that one customer's facts need, to be quick.

    Preserves the contacts of the account. Each table also has a row of another customer, because
    facts are zero where a business has a table, and missing where it has none. Loses who
    recommended whom.
    """
    ids, everybody = account_of(people, customer), people.customers["id"]
    tables = dict(people.tables)
    others: set[str] = set()
    for name, table in people.tables.items():
        if name in NEEDED:  # products, and the suppression list, whose rows are of addresses
            continue
        of_customers = table["customer"].is_in(everybody.implode())
        first = [of_customers.arg_max()] if of_customers.any() else []
        foreign = pl.Series(first, dtype=pl.UInt32)
        others.update(table[foreign]["customer"])
        of_account = pl.col("customer").is_in(ids.implode())
        tables[name] = table.filter(of_account | pl.int_range(pl.len()).is_in(foreign.implode()))
    concerned = pl.col("id").is_in([*ids, *others])
    return replace(people, customers=people.customers.filter(concerned), tables=tables)


def plain(text: pl.Series) -> pl.Series:
    """Return texts in small letters without accents, with single spaces."""
    return text.to_frame("text").select(_folded(pl.col("text"))).to_series()


def _folded(text: pl.Expr) -> pl.Expr:
    bare = text.str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_lowercase()
    spelt = bare.str.replace_many(dict(_PLAIN)).str.replace_many(dict(_UMLAUTS))
    return spelt.str.replace_all(r"\s+", " ").str.strip_chars()
