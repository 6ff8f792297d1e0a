"""The table of facts in docs/rules.md."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from newsletter.facts import FACTS
from newsletter.facts.basis import Fact

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"
HEAD = "| Fact | Kind | What it says | Unit | From | Missing means |"
KINDS: dict[type[pl.DataType], str] = {
    pl.String: "text",
    pl.Boolean: "yes/no",
    pl.Date: "date",
    pl.List: "list",
}


def _kind(fact: Fact) -> str:
    return KINDS.get(fact.dtype.base_type(), "number")


def test_the_documented_facts_equal_the_registry() -> None:
    """Meaning, unit, source and the meaning of a missing value, in the same order."""
    table = PAGE.read_text(encoding="utf-8").partition(HEAD)[2].strip().splitlines()
    assert table[1:] == [
        f"| `{name}` | {_kind(fact)} | {fact.meaning} | {fact.unit} | {fact.source} "
        f"| {fact.missing} |"
        for name, fact in FACTS.items()
    ]


def test_every_number_has_a_unit_and_every_fact_a_source() -> None:
    """Readers need not guess whether 2 is days or years, or where it comes from."""
    numbers = {name for name, fact in FACTS.items() if _kind(fact) == "number"}
    assert {name for name, fact in FACTS.items() if fact.unit} == numbers
    assert all(fact.source and fact.missing for fact in FACTS.values())
