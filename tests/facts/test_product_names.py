"""Sentences name products in their own language, by category, or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl
import pytest
from made import people_of, settings

from newsletter.facts import add_facts, in_languages
from newsletter.facts.product_names import with_product_names

TODAY = dt.date(2026, 11, 4)
ORDERS = (
    {"customer": "a", "product": "Ink, oak gall", "category": "ink"},
    {"customer": "a", "product": "Ink", "category": "ink"},
    {"customer": "a", "product": "Pen", "category": "pens"},
    {"customer": "a", "product": "Clip", "category": None},
)
PRODUCTS = (
    {"product": "Ink, oak gall", "category": None, "name": None, "name_de": "Eisengallustinte"},
    {"product": "Clip", "category": None, "name": "Clippy", "name_de": None},
    {"product": None, "category": "ink", "name": None, "name_de": "Tinte"},
    {"product": "Nib", "category": "pens", "name": None, "name_de": 7},
)


def named(
    text: str | None, language: str | None, products: tuple[Mapping[str, object], ...] = PRODUCTS
) -> object:
    """Return a text of joined products in a language, in a project in English."""
    rows = pl.DataFrame({"order_product": [text], "language": [language]})
    people = people_of(orders=ORDERS, products=products)
    typed = rows.cast({"order_product": pl.String(), "language": pl.String()})
    return with_product_names(typed, people, default="en")["order_product"].to_list()[0]


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        ("Ink, oak gall", "de", "Eisengallustinte"),
        ("Ink, oak gall", "de-AT", "Eisengallustinte"),
        ("Ink", "de", "Tinte"),
        ("Ink, Ink, oak gall", "de", "Tinte, Eisengallustinte"),
        ("Ink, oak gall, Pen", "de", "Eisengallustinte"),
        ("Pen", "de", None),
        ("Clip", "de", "Clippy"),
        ("Clip, Pen", "en", "Clippy, Pen"),
        ("Pen", None, "Pen"),
        ("Pen", "en-GB", "Pen"),
        ("Nib", "de", "7"),
        ("Stamps", "de", None),
        (None, "de", None),
        ("ink", "de", "Tinte"),
        ("ink", "fr", None),
    ],
)
def test_names(text: str | None, language: str | None, name: str | None) -> None:
    """The product's own name, else that for every language, else the category's, else none."""
    assert named(text, language) == name


@pytest.mark.parametrize(("language", "name"), [("en", "Pen"), (None, "Pen"), ("de", None)])
def test_without_a_table(language: str | None, name: str | None) -> None:
    """Products have the names of the orders, in the project's language alone."""
    assert named("Pen", language, ()) == name


def test_facts_name_categories_in_the_language_of_the_words() -> None:
    """Rules and conditions read the category of the orders, sentences its name."""
    rows = [order | {"date": dt.date(2026, 10, 1)} for order in ORDERS[:2]]
    people = people_of([{"id": "a", "language": "de"}], orders=rows, products=PRODUCTS)
    facts = add_facts(people, settings(), today=TODAY, since=TODAY)
    names = ["last_category", "favourite_category"]
    shown = [f"{name}_name" for name in names]
    german = in_languages(facts, people, settings(), languages=pl.lit("de"))
    french = in_languages(facts, people, settings(), languages=pl.lit("fr"))
    assert facts.select(*names, *shown).row(0) == ("ink", "ink", "ink", "ink")
    assert german.select(*names, *shown).row(0) == ("ink", "ink", "Tinte", "Tinte")
    assert french.select(*names, *shown).row(0) == ("ink", "ink", None, None)
