"""A value that fails stops one customer's message; a text that says nothing is an error."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from render.pipeline import Edition
from trees import slot, value

from newsletter.merge.failures import Failure, left_out_of, problems_of
from newsletter.merge.merge import Merger
from newsletter.model.template import Condition, MessageTemplate, Repeat, Tree

SCHEMA = {
    **dict.fromkeys(("id", "token", "name", "email", "unsubscribe_url"), pl.String()),
    **dict.fromkeys(("city", "link"), pl.String()),
    "points": pl.Int64(),
    "services": pl.List(pl.Struct({"title": pl.String()})),
}  # fmt: skip


def merged(text: Tree, *customers: dict[str, Any]) -> tuple[list[str], list[Failure]]:
    """Return what customers read in a text, and who failed."""
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
    """Not the merge; the customer is named, and what is wrong with which value."""
    texts, failures = merged(
        (value("customer.link", "url"),),
        {"link": "https://a.example/"},
        {"link": "javascript:x"},
        {"link": "https://b.example/"},
    )

    assert texts == ["https://a.example/", "https://b.example/"]
    assert list(left_out_of(failures)) == [
        (
            "c2",
            "customer.link is no web address (it must begin with https://, mailto: or tel:)",
        )
    ]
    assert list(problems_of(failures, 3)) == []


def test_an_empty_value_is_one_problem_for_all_who_lack_it() -> None:
    """With the place in the text, how many there are, one of them, and the cure."""
    _, failures = merged((value("customer.city", line=1),), {}, {"city": "Berlin"}, {})

    (problem,) = problems_of(failures, 1203)

    assert str(problem) == (
        "x.md:1: customer.city is empty for 2 of 1,203 customers, for example c1, "
        "and nothing is said instead\n"
        '  hint: write {{ customer.city | default("…") }} or put it under {% if customer.city %}'
    )
    assert list(left_out_of(failures)) == []


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
    """In the middle of an expression, a condition or a repeat."""
    _, failures = merged(text, {"services": [{"title": None}], "points": 1})

    assert [(f.customer, f.slot and f.slot.at.line, f.empty) for f in failures] == [
        ("c1", line, True)
    ]


def test_a_list_is_not_printed() -> None:
    """Its cure is told; a list of nobody is as wrong as one of many."""
    _, failures = merged(
        (value("customer.points", line=1), value("customer.services", line=2)),
        {"services": [], "points": 1},
        {"services": [{"title": "Cut"}], "points": 2},
    )

    assert {(f.slot and f.slot.at.line, f.message) for f in failures} == {
        (2, "customer.services is a list; print it with | join(', ') or a loop")
    }


def test_the_variable_of_a_repeat_is_called_as_it_was_written() -> None:
    """Inside a template its name is followed by a number, which the user never wrote."""
    text = Edition().text("{% for service in customer.services %}{{ service.title }}{% endfor %}")
    _, failures = merged(text, {"services": [{"title": None}]})

    (problem,) = problems_of(failures, 1)

    assert problem.message.startswith("service.title is empty for 1 of 1 customers")
    assert "{% if service.title %}" in problem.hint


def test_what_can_be_worked_out_for_nobody_is_a_problem_of_the_text() -> None:
    """Then not the values are wrong."""
    text = (Condition(((slot("(customer.city < 5)", line=3), ("x",)),)),)
    _, failures = merged(text, {"city": "a"}, {"city": "b"})

    (problem,) = problems_of(failures, 2)

    assert problem.message.startswith("(customer.city < 5) cannot be worked out: '<' not supp")
    assert problem.message.endswith("(for all 2 customers)")
    assert str(problem.at) == "x.md:3"


def test_some_who_cannot_be_worked_out_are_left_out() -> None:
    """A birthday without a year, say."""
    at_fault = slot("(customer.city | int / customer.points)")
    failures = [Failure("c1", at_fault, "x cannot be worked out: y", False)]

    assert list(problems_of(failures, 2)) == []
    assert list(left_out_of(failures)) == [("c1", "x cannot be worked out: y")]
