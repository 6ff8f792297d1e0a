"""A value that fails stops one customer's message; an empty output is an error of the text."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from made import settings
from render.pipeline import Edition
from trees import slot, value

from newsletter.merge.escape import BadValue, in_plain, in_style, in_url
from newsletter.merge.failures import Failure, left_out_of, problems_of
from newsletter.merge.merge import Merger
from newsletter.model.language import TEAM_LANGUAGES
from newsletter.model.template import Condition, MessageTemplate, Repeat, Tree
from newsletter.read.content.reason_phrases import read_reasons

SCHEMA = {
    **dict.fromkeys(("id", "token", "name", "email", "unsubscribe_url"), pl.String()),
    **dict.fromkeys(("city", "link"), pl.String()),
    "points": pl.Int64(),
    "services": pl.List(pl.Struct({"title": pl.String()})),
}  # fmt: skip


def merged(text: Tree, *customers: dict[str, Any]) -> tuple[list[str], list[Failure]]:
    """Return what customers read of a text, and the failures."""
    people = [
        {"id": f"c{n}", "token": "t", "name": "N", "email": "n@a.example", **customer}
        for n, customer in enumerate(customers, 1)
    ]
    frame = pl.DataFrame(people, schema=SCHEMA)
    template = MessageTemplate(
        language="en",
        subject=("s",),
        text=text,
        html=("h",),
    )
    results = list(Merger(template, filters={}).texts(frame))
    texts = [result[1] for result in results if not isinstance(result, Failure)]
    return texts, [result for result in results if isinstance(result, Failure)]


def test_a_bad_value_stops_that_customer_only() -> None:
    """Other messages are merged; the failure names the customer and the bad value."""
    texts, failures = merged(
        (value("customer.link", "url"),),
        {"link": "https://a.example/"},
        {"link": "javascript:x"},
        {"link": "https://b.example/"},
    )

    assert texts == ["https://a.example/", "https://b.example/"]
    [(failure, reason)] = left_out_of(failures, read_reasons(settings()))
    assert (failure.customer, reason) == (
        "c2", "link: is no web address (those begin with https://, mailto: or tel:)"
    )  # fmt: skip
    assert failure.message.startswith("customer.link is not a web address")
    assert list(problems_of(failures, 3)) == []


def test_an_empty_value_is_one_problem_for_all_customers() -> None:
    """With its place in the text, the number of customers, one of them, and the cure."""
    _, failures = merged((value("customer.city", line=1),), {}, {"city": "Berlin"}, {})

    (problem,) = problems_of(failures, 1203)

    assert str(problem) == (
        "x.md:1: customer.city is empty for 2 of 1,203 customers, for example c1, "
        "and the text gives no default\n"
        '  hint: write {{ customer.city | default("…") }} or put it under {% if customer.city %}'
    )
    assert list(left_out_of(failures, read_reasons(settings()))) == []


_TITLE = value("(x0.title ~ '!')", line=2)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ((value("customer.points"), value('("in " ~ customer.city)', line=2)), 2),
        ((Repeat(slot("customer.services", "x0", records=True), (_TITLE,)),), 2),
        ((Condition(((slot('(("a" ~ customer.city) == "x")', line=1), ()),)),), 1),
    ],
)
def test_an_empty_value_within_a_calculation_has_its_place(text: Tree, line: int) -> None:
    """Also inside an expression, a condition or a repeat."""
    _, failures = merged(text, {"services": [{"title": None}], "points": 1})

    assert [(f.customer, f.slot and f.slot.at.line, f.empty) for f in failures] == [
        ("c1", line, True)
    ]


def test_a_printed_list_is_an_error() -> None:
    """The cure shows how to print it; an empty list is an error as well."""
    _, failures = merged(
        (value("customer.points", line=1), value("customer.services", line=2)),
        {"services": [], "points": 1},
        {"services": [{"title": "Cut"}], "points": 2},
    )

    assert {(f.slot and f.slot.at.line, f.message) for f in failures} == {
        (2, "customer.services is a list; print it with | join(', ') or a loop")
    }


def test_the_variable_of_a_repeat_is_called_as_it_was_written() -> None:
    """In the message template it has a number appended, which the user never wrote."""
    text = Edition().text("{% for service in customer.services %}{{ service.title }}{% endfor %}")
    _, failures = merged(text, {"services": [{"title": None}]})

    (problem,) = problems_of(failures, 1)

    assert problem.message.startswith("service.title is empty for 1 of 1 customers")
    assert "{% if service.title %}" in problem.hint


def test_an_expression_that_fails_for_all_is_a_problem_of_the_text() -> None:
    """The customers' values cannot all be wrong."""
    text = (Condition(((slot("(customer.city < 5)", line=3), ("x",)),)),)
    _, failures = merged(text, {"city": "a"}, {"city": "b"})

    (problem,) = problems_of(failures, 2)

    assert problem.message.startswith("(customer.city < 5) cannot be worked out: '<' not supp")
    assert problem.message.endswith("(for all 2 customers)")
    assert str(problem.at) == "x.md:3"


def test_a_value_that_is_too_long_for_all_has_its_own_cure() -> None:
    """No column was read as another type."""
    text = (value("(customer.city * 1000000000)", line=3),)
    _, failures = merged(text, {"city": "a"}, {"city": "b"})

    (problem,) = problems_of(failures, 2)

    assert (str(problem.at), problem.hint) == ("x.md:3", "make a shorter one")


def test_customers_for_whom_an_expression_fails_are_left_out() -> None:
    """A birthday without a year, for example."""
    at_fault = slot("(customer.city | int / customer.points)")
    failures = [Failure("c1", at_fault, "x cannot be worked out: y", False)]

    assert list(problems_of(failures, 2)) == []
    for language, words in {
        "en": "a value of the text: cannot be worked out",
        "de": "ein Wert des Textes: lässt sich nicht ausrechnen",
        "fr": "une valeur du texte\N{NO-BREAK SPACE}: ne peut pas se calculer",
    }.items():
        reasons = read_reasons(settings(language=language))
        assert list(left_out_of(failures, reasons)) == [(failures[0], words)]


def test_every_kind_of_bad_value_has_words() -> None:
    """None of them prints the source of the text."""
    hostile = {"list": ["a"], "character": "a\x00", "style": "a;b", "address": "x"}
    for language in TEAM_LANGUAGES:
        phrases = read_reasons(settings(language=language)).etiquette
        for kind, value_ in hostile.items():
            write = {"style": in_style, "address": in_url}.get(kind, in_plain)
            with pytest.raises(BadValue) as caught:
                write(value_)
            assert caught.value.kind == kind
            assert "{what}" in phrases[f"value_{kind}"]
        assert phrases["value_header"]
