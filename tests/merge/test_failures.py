"""A value that fails stops one customer's message; a text that says nothing is an error."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from newsletter.errors import Place
from newsletter.merge.failures import Failure, left_out_of, problems_of
from newsletter.merge.merge import Merger
from newsletter.model.template import MessageTemplate, Slot

SCHEMA = {
    **dict.fromkeys(("id", "token", "name", "email", "unsubscribe_url"), pl.String()),
    **dict.fromkeys(("city", "link"), pl.String()),
    "points": pl.Int64(),
    "services": pl.List(pl.Struct({"title": pl.String()})),
}  # fmt: skip


def merged(
    text: str, *customers: dict[str, Any], slots: tuple[str, ...]
) -> tuple[Any, list[Failure]]:
    """Return what customers read in a text, and who failed."""
    people = [
        {"id": f"c{n}", "token": "t", "name": "N", "email": "n@a.example", **one}
        for n, one in enumerate(customers, 1)
    ]
    frame = pl.DataFrame(people, schema=SCHEMA)
    template = MessageTemplate(
        language="en",
        subject="s",
        text=text,
        html="h",
        slots=tuple(Slot(slot, Place(path="x.md", line=n)) for n, slot in enumerate(slots, 1)),
        fields=("city", "link", "points", "services"),
    )
    failures: list[Failure] = []
    messages = list(Merger(template, frame, filters={}).messages(frame, failures))
    return [message.text for message in messages], failures


def test_a_bad_value_stops_that_customer_only() -> None:
    """Not the merge; the customer is named, and what is wrong with which value."""
    texts, failures = merged(
        "{{ customer.link | in_url(0) }}",
        {"link": "https://a.example/"},
        {"link": "javascript:x"},
        {"link": "https://b.example/"},
        slots=("customer.link",),
    )

    assert texts == ["https://a.example/=\n", "https://b.example/=\n"]
    assert list(left_out_of(failures)) == [
        (
            "c2",
            "customer.link is no web address (it must begin with https://, mailto: or tel:)",
        )
    ]
    assert list(problems_of(failures, (Slot("customer.link", Place(path="x.md")),), 3)) == []


def test_an_empty_value_is_one_problem_for_all_who_lack_it() -> None:
    """With the place in the text, how many there are, one of them, and the cure."""
    slots = ("customer.points", "customer.city")
    _, failures = merged(
        "{{ customer.city | in_plain(1) }}", {}, {"city": "Berlin"}, {}, slots=slots
    )

    (problem,) = problems_of(
        failures, [Slot(s, Place(path="x.md", line=n)) for n, s in enumerate(slots)], 1203
    )

    assert str(problem) == (
        "x.md:1: customer.city is empty for 2 of 1,203 customers, for example c1, "
        "and nothing is said instead\n"
        '  hint: write {{ customer.city | default("…") }} or put it under {% if customer.city %}'
    )
    assert list(left_out_of(failures)) == []


@pytest.mark.parametrize(
    ("text", "slots", "slot"),
    [
        (
            '{{ ("in " ~ customer.city) | in_plain(1) }}',
            ("customer.points", '("in " ~ customer.city)'),
            1,
        ),
        (
            "{% for x0 in customer.services %}{{ (x0.title ~ '!') | in_plain(1) }}{% endfor %}",
            ("customer.services", "(x0.title ~ '!')"),
            1,
        ),
        (
            '{% if ("a" ~ customer.city) == "x" %}{% endif %}',
            ('(("a" ~ customer.city) == "x")',),
            0,
        ),
    ],
)
def test_an_empty_value_within_a_calculation_has_its_place(
    text: str, slots: tuple[str, ...], slot: int
) -> None:
    """In the middle of an expression, a condition or a repeat."""
    _, failures = merged(text, {"services": [{"title": None}]}, slots=slots)

    assert [(f.customer, f.slot, f.empty) for f in failures] == [("c1", slot, True)]


def test_the_variable_of_a_repeat_is_called_as_it_was_written() -> None:
    """Inside a template its name is followed by a number, which the user never wrote."""
    slots = (
        Slot("customer.services", Place(path="x.md", line=1), ("service_0",)),
        Slot("service_0.title", Place(path="x.md", line=2)),
    )

    (problem,) = problems_of([Failure("c1", 1, "", empty=True)], slots, 1)

    assert problem.message.startswith("service.title is empty for 1 of 1 customers")
    assert "{% if service.title %}" in problem.hint


def test_what_can_be_worked_out_for_nobody_is_a_problem_of_the_text() -> None:
    """Then not the values are wrong."""
    slots = ("(customer.city < 5)",)
    _, failures = merged(
        "{% if (customer.city < 5) %}x{% endif %}", {"city": "a"}, {"city": "b"}, slots=slots
    )

    (problem,) = problems_of(failures, [Slot(slots[0], Place(path="x.md", line=3))], 2)

    assert problem.message.startswith("(customer.city < 5) cannot be worked out: '<' not supp")
    assert problem.message.endswith("(for all 2 customers)")
    assert str(problem.at) == "x.md:3"


def test_some_who_cannot_be_worked_out_are_left_out() -> None:
    """A birthday without a year, say."""
    slots = ("(customer.city | int / customer.points)",)
    failures = [Failure("c1", 0, "x cannot be worked out: y", False)]

    assert list(problems_of(failures, [Slot(slots[0], Place(path="x"))], 2)) == []
    assert list(left_out_of(failures)) == [("c1", "x cannot be worked out: y")]
