"""What only the team reads is not printed to customers; texts may ask for it."""

from __future__ import annotations

import polars as pl
import pytest

from newsletter.errors import NewsletterError, Place
from newsletter.model.private_columns import is_private
from newsletter.model.source import Source
from newsletter.render.private_values import private_columns
from newsletter.render.wording import Wording

SCHEMA = {
    **dict.fromkeys(("not_to_mention", "city", "customer_notes", "note_about"), pl.String()),
    "internal": pl.List(pl.String()),
    "unhappy": pl.Boolean(),
}


def bind(text: str, *, to_staff: bool = False) -> list[tuple[int, str]]:
    """Return line and message of each problem of a text."""
    wording = Wording(schema={}, names={}, filters={}).for_fields(SCHEMA, to_staff=to_staff)
    try:
        wording.body(Source(text, Place(path="content/x.md", line=10)), template=True)
    except NewsletterError as error:
        assert all("call or visit" in problem.hint for problem in error.problems)
        return [(p.at.line if p.at else 0, p.message.partition(" is")[0]) for p in error.problems]
    return []


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("a\n\n{{ customer.not_to_mention }}", "not_to_mention"),
        ('a\n\n{{ customer["not_to_mention"] }}', "not_to_mention"),
        ('a\n\n{{ customer.not_to_mention | default("") | upper }}', "not_to_mention"),
        ('a\n\n{{ "a" if customer.city else customer.not_to_mention }}', "not_to_mention"),
        ("a\n\n{{ customer.city ~ customer.not_to_mention }}", "not_to_mention"),
        ("{% set x = customer.not_to_mention %}\n\n{{ x }}", "not_to_mention"),
        (
            "{% macro m(x) %}\n\n{{ x }}{% endmacro %}{{ m(customer.customer_notes) }}",
            "customer_notes",
        ),
        ("a\n\n{% for x in customer.internal %}{{ x }}{% endfor %}", "internal"),
        ("a\n\n[b](https://a.example/{{ customer.customer_notes }})", "customer_notes"),
    ],
)
def test_private_columns_are_not_printed(text: str, column: str) -> None:
    """By whatever way they are; the error names the line, and what may be done."""
    assert bind(text) == [(12, f"customer.{column}")]
    assert bind(text, to_staff=True) == []


@pytest.mark.parametrize(
    "text",
    [
        "{% if customer.not_to_mention %}a{% endif %}",
        '{% if "dog" in customer.customer_notes %}a{% else %}b{% endif %}',
        '{{ "a" if customer.unhappy else "b" }}',
        "{{ customer.note_about }} {{ customer.city }}",
    ],
)
def test_texts_may_ask_for_them(text: str) -> None:
    """A condition decides what a customer reads, and is not read itself."""
    assert bind(text) == []


def test_a_column_of_ones_own_may_get_another_name() -> None:
    """Only the name says that the team keeps notes in it."""
    wording = Wording(schema={}, names={}, filters={}).for_fields(SCHEMA, to_staff=False)
    text = "{{ customer.customer_notes }}{{ customer.not_to_mention }}"
    with pytest.raises(NewsletterError) as error:
        wording.body(Source(text, Place(path="content/x.md", line=1)), template=True)
    named = ["another name" in problem.hint for problem in error.value.problems]
    assert named == [True, False]


def test_an_expression_that_cannot_be_taken_apart_prints_what_it_names() -> None:
    """Some that are put together from many steps are too deep."""
    deep = f"{'(' * 3000}customer.city{')' * 3000}"
    assert private_columns(deep) == ()
    deep = f"{'(' * 3000}customer.not_to_mention is missing{')' * 3000}"
    assert private_columns(deep) == ("not_to_mention",)


def test_all_are_reported_at_once() -> None:
    """Each at its line."""
    text = "{{ customer.not_to_mention }}\n\n{{ customer.city }}\n\n{{ customer.customer_notes }}"
    assert bind(text) == [(10, "customer.not_to_mention"), (14, "customer.customer_notes")]


@pytest.mark.parametrize(
    ("name", "private"),
    [
        ("not_to_mention", True),
        ("notes", True),
        ("interne_bemerkungen", True),
        ("Notizen", True),
        ("commentaires", True),
        ("gespraechsnotiz", True),
        ("Kundenbemerkungen", True),
        ("vermerk", True),
        ("interner_hinweis", True),
        ("notizbuch", False),
        ("city", False),
        ("telefon_privat", False),
        ("note_about", False),
        ("denotes", False),
        ("internet", False),
    ],
)
def test_columns_of_a_file_are_told_by_their_names(name: str, private: bool) -> None:
    """Programs export the notes of a team beside addresses."""
    assert is_private(name) is private
