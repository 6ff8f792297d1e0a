"""Facts on demand have the values of the full table, and cost no more than necessary."""

from __future__ import annotations

import datetime as dt
import random

import polars as pl
import pytest
from made import table
from polars.testing import assert_frame_equal

from newsletter.facts import (
    FACTS,
    SOURCES,
    complete_facts,
    fact_columns,
    facts_basis,
    wanted_facts,
)
from newsletter.model.config import Config
from newsletter.model.project import People
from newsletter.model.tables import CUSTOMERS, TABLES

TODAY = dt.date(2026, 11, 4)
SINCE = dt.date(2026, 10, 1)
CHANNELS = ("call", "email", "visit", None)


def _tangled(count: int) -> People:
    """Return customers who share firms, mailboxes and names, and recommend each other."""
    pick = random.Random(4)
    ids = [f"c{n:03}" for n in range(count)]

    def day() -> dt.date | None:
        return pick.choice((None, *(TODAY + dt.timedelta(pick.randrange(-900, 30)),) * 9))

    customers = [
        {
            "id": key,
            "row": n + 2,
            "consent_email": True,
            "email": f"m{pick.randrange(count // 2)}@example.com",
            "name": f"Name {pick.randrange(count // 2)}",
            "account": pick.choice((None, None, f"firm {pick.randrange(count // 5)}")),
            "account_manager": pick.choice((None, "tom", "gone")),
            "referred_by": pick.choice((None, pick.choice(ids), f"Name {n // 2}")),
            "language": pick.choice((None, "de", "en")),
            "birthday": pick.choice((None, "--02-29", "1980-11-04")),
            "customer_since": day(),
            "last_order": day(),
            "points": pick.choice((None, 120)),
        }
        for n, key in enumerate(ids)
    ]
    owners = [*ids, "stranger"]
    rows: dict[str, list[dict[str, object]]] = {name: [] for name in TABLES}
    for n in range(count * 4):
        dated = {"customer": pick.choice(owners), "date": day()}
        about = pick.choice(("Tea", "Ink", None))
        rows["orders"].append(
            dated | {"amount": pick.choice((None, -3.0, 8.5)), "product": about, "category": about}
        )
        rows["services"].append(dated | {"title": about})
        rows["occasions"].append(dated | {"occasion": about})
        rows["feedback"].append(dated | {"id": f"f{n}", "score": n % 11, "text": about})
        promised = {"promise": about, "promised_by": day(), "channel": pick.choice(CHANNELS)}
        rows["conversations"].append(dated | promised | {"text": about})
        went = {"practice": pick.choice(("issue", "call", None)), "entries": [f"e{n % 7}"]}
        rows["history"].append(dated | went | {"channel": pick.choice(CHANNELS), "reason": about})
    tables = {name: table(rows[name], schema) for name, schema in TABLES.items()}
    return People(customers=table(customers, CUSTOMERS), tables=tables, source="customers.csv")


@pytest.fixture(scope="module")
def people() -> People:
    """Return the tangled customers, with one column named like a fact."""
    people = _tangled(60)
    age = pl.when(pl.col("row") % 3 == 0).then(pl.lit(33, pl.Int64())).alias("age")
    return People(
        customers=people.customers.with_columns(age), tables=people.tables, source=people.source
    )


def _facts(people: People, config: Config, wanted: set[str] | None = None) -> pl.DataFrame:
    return wanted_facts(people, facts_basis(people, config, TODAY, since=SINCE), wanted)


@pytest.fixture(scope="module")
def full(people, config) -> pl.DataFrame:
    """Return all facts of the tangled customers."""
    return _facts(people, config)


@pytest.mark.parametrize("names", [{name} for name in FACTS] + [set(), {"formality"}])
def test_wanted_facts_have_the_values_of_the_full_table(people, config, full, names) -> None:
    """Each fact is asked for alone, and equals that of the full table."""
    some = _facts(people, config, names)
    assert names <= set(some.columns)
    columns = [name for name in some.columns if name not in CUSTOMERS or name in names]
    assert_frame_equal(some.select("id", *columns), full.select("id", *columns))


@pytest.mark.parametrize("names", [set(), {"favourite_category"}, {"had", "age", "greeting"}])
@pytest.mark.parametrize("few", [["c001"], ["c007", "c020", "c041"], [], None])
def test_facts_completed_for_some_customers_equal_the_full_table(
    people, config, full, names, few
) -> None:
    """Even if they share a firm or a recommendation with others; and for all customers."""
    ids = full["id"].to_list() if few is None else few
    facts = _facts(people, config, names)
    basis = facts_basis(people, config, TODAY, since=SINCE)
    completed = complete_facts(facts, people, basis, ids=ids)
    is_chosen = pl.col("id").is_in(ids)
    firms = full.filter(is_chosen)["account"].drop_nulls()
    assert_frame_equal(
        completed, full.filter(is_chosen | pl.col("account").is_in(firms.implode()))
    )


def test_columns_are_known_before_facts_are_calculated(people, full) -> None:
    """Rules are checked against them first."""
    assert fact_columns(people) == dict(full.schema)


def test_each_source_declares_the_facts_it_reads(people, config, full) -> None:
    """Given only these, it works."""
    for source in SOURCES:
        assert_frame_equal(
            _facts(people, config, set(source.facts)).select(*source.facts),
            full.select(*source.facts),
        )
