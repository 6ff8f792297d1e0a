"""Rules over every fact mean the same by columns and row by row with Jinja."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import people_of, settings

from newsletter.errors import Place
from newsletter.facts import FACTS, facts_basis, wanted_facts
from newsletter.model.source import Source
from newsletter.read.content.customs_yml import packaged_customs
from newsletter.rules.environment import RuleEnvironment
from newsletter.rules.missing import MISSING
from newsletter.rules.to_polars import compile_rule

TODAY = dt.date(2026, 11, 4)
BEFORE = dt.date(2026, 10, 4)
LONG_AGO, YEAR_AGO = dt.date(2024, 2, 29), dt.date(2025, 11, 9)

ROWS = [
    {
        "id": "a",
        "first_name": "Ida",
        "birthday": "1984-02-29",
        "customer_since": LONG_AGO,
        "points": 120,
        "mention_family": True,
        "not_to_mention": "ink",
        "referred_by": "b",
    },
    {"id": "b", "birthday": "--11-04", "points": 900, "account_manager": "tom"},
    {"id": "c", "pause_until": TODAY, "every": "4 weeks", "account_manager": "zoe"},
]
GIVEN: dict[str, list[dict[str, object]]] = {
    "orders": [
        {"customer": "a", "date": LONG_AGO, "amount": 9.5, "product": "Ink", "category": "ink"},
        {"customer": "a", "date": BEFORE, "amount": 4.0, "product": "Pen", "category": "pens"},
        {"customer": "a", "date": TODAY, "amount": 4.0, "product": "Ink", "category": "ink"},
        {"customer": "c", "date": TODAY, "amount": 4.0, "product": "Ink", "category": None},
        {"customer": "c", "date": YEAR_AGO, "amount": 4.0, "product": "Ink", "category": None},
        {"customer": "b", "date": TODAY, "amount": -4.0, "product": "Ink", "category": None},
    ],
    "services": [{"customer": "a", "date": BEFORE, "title": "Repair", "detail": None}],
    "occasions": [
        {"customer": "a", "date": BEFORE, "occasion": "wedding"},
        {"customer": "c", "date": BEFORE, "occasion": "death"},
    ],
    "feedback": [{"id": "F-1", "customer": "a", "date": BEFORE, "score": 4, "text": "ink"}],
    "conversations": [
        {
            "customer": "b",
            "date": BEFORE,
            "channel": "call",
            "text": "ink",
            "promise": "a pen",
            "promised_by": BEFORE,
        }
    ],
    "history": [
        {"customer": "a", "date": LONG_AGO, "practice": "issue", "entries": ["ink"]},
        {"customer": "b", "date": LONG_AGO, "practice": "win-back", "reason": "too far"},
    ],
}


def _facts() -> pl.DataFrame:
    config = settings(
        team=(
            {"id": "maya", "name": "Maya", "photo": "maya.png"},
            {"id": "zoe", "name": "Zoe", "away": "2026-11-04", "deputy": "tom"},
            {
                "id": "tom",
                "name": "Tom",
                "phone": "+49 1",
                "role": "ink",
                "email": "t@example.com",
            },
        ),
        loyalty={"rewards": ({"points": 500, "reward": "ink"},)},
        stamps=({"name": "Ink", "category": "ink", "stamps": 9, "reward": "ink"},),
    )
    people, customs = people_of(ROWS, **GIVEN), packaged_customs()
    basis = facts_basis(people, config, TODAY, since=BEFORE, customs=customs)
    return wanted_facts(people, replace(basis, photos={"maya": "https://a.example/maya.png"}))


CUSTOMERS = _facts()
SEEN = [
    {name: MISSING if value is None else value for name, value in row.items()}
    for row in CUSTOMERS.to_dicts()
]
ENVIRONMENT = RuleEnvironment()


def _rules_over(name: str) -> list[str]:
    """Return rules that use a fact, by its type."""
    dtype = FACTS[name]
    sensible = [name, f"not {name}", f"{name} is missing", f"not {name} is missing"]
    if dtype == pl.String:
        sensible += [f'{name} == "ink"', f'{name} != "ink"', f'"n" in {name}', f'{name} < "call"']
        sensible += [f'{name} in ["ink", "call"]', f'({name} | upper | default("INK")) == "INK"']
    elif dtype == pl.Boolean:
        sensible += [f"{name} == true", f"{name} != false", f"{name} | default(true)"]
    elif dtype == pl.Date:
        sensible += [f'{name} < "2026-10-04"', f'{name} == "2026-10-04"', f"{name} >= last_order"]
        sensible += [f'{name} not in ["2026-11-04"]', f"{name} != customer_since"]
    elif dtype == pl.List(pl.String):
        sensible += [f'"ink" in {name}', f'"ink" not in {name}', f"({name} | length) > 1"]
        sensible += [f"last_category in {name}", f"not_to_mention not in {name}"]
    elif dtype.base_type() == pl.List:
        sensible += [f"({name} | length) == 1"]
    else:
        sensible += [f"{name} > 0", f"{name} <= 30", f"0 <= {name} < 100", f"{name} != 4"]
        sensible += [f"{name} / points > 0.5", f"({name} | default(7)) == 7"]
    return sensible


RULES_OVER = {name: _rules_over(name) for name in FACTS}


def _agree(rule: str) -> None:
    answer = compile_rule(Source(rule, Place(path="rules")), CUSTOMERS.schema)
    by_columns = CUSTOMERS.select(answer.alias("answer"))["answer"].to_list()
    evaluate = ENVIRONMENT.compile_expression(rule, undefined_to_none=False)
    assert by_columns == [bool(evaluate(**row)) for row in SEEN], rule


@pytest.mark.parametrize("name", FACTS)
def test_a_rule_over_a_fact_means_the_same_in_a_table_and_in_a_template(name: str) -> None:
    """Lists, dates, yes/no, numbers and texts; also if the fact is missing."""
    for rule in RULES_OVER[name]:
        _agree(rule)


QUESTIONS = st.sampled_from([rule for rules in RULES_OVER.values() for rule in rules])


@given(QUESTIONS, QUESTIONS, st.sampled_from(["({}) and not ({})", "({}) or ({})"]))
def test_rules_over_several_facts_agree(left: str, right: str, joined: str) -> None:
    """Joined by and, or and not, as in segments."""
    _agree(joined.format(left, right))


def test_every_fact_has_a_value_here() -> None:
    """Otherwise the tests above would compare only missing values."""
    assert [name for name in FACTS if CUSTOMERS[name].is_null().all()] == []
