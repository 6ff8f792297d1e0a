"""The table of facts in docs/rules.md."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from newsletter.facts import FACTS, SOURCES

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"
HEAD = "| Fact | Kind | What it says | Unit | From | Missing means |"
KINDS: dict[type[pl.DataType], str] = {
    pl.String: "text",
    pl.Boolean: "yes/no",
    pl.Date: "date",
    pl.List: "list",
}
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.read_text(encoding="utf-8").partition(HEAD)[2].strip().splitlines()[1:]
]


def test_the_documented_facts_equal_the_registry() -> None:
    """The table names each fact and the kind of its values, in the order of the code."""
    assert [row[:2] for row in ROWS] == [
        [f"`{name}`", KINDS.get(dtype.base_type(), "number")] for name, dtype in FACTS.items()
    ]


def test_every_fact_is_explained() -> None:
    """Each has a meaning, a source and what a missing value means; in each one line of text."""
    assert [row for row in ROWS if len(row) != 6 or not all((row[2], row[4], row[5]))] == []


def test_every_number_has_a_unit() -> None:
    """Readers need not guess whether 2 is days or years."""
    assert [row for row in ROWS if bool(row[3]) != (row[1] == "number")] == []


def test_facts_of_the_public_reader_are_never_missing() -> None:
    """A fact that an unknown customer has is one that every customer has."""
    never = {row[0].strip("`") for row in ROWS if row[5].startswith("never")}

    assert {name for source in SOURCES for name in source.nobody} <= never
