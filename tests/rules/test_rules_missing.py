"""The missing value in templates, and Jinja's filters and operators on it."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import pytest

from newsletter.rules.environment import RuleEnvironment
from newsletter.rules.missing import MISSING, MissingValue, missing_aware


class Customer(NamedTuple):
    """A row in the form that the merge uses."""

    city: str | None = None
    points: int | None = None
    name: str | None = "Zoë"
    since: dt.date = dt.date(2023, 12, 31)
    interests: tuple[str, ...] = ("tea",)
    address: dict[str, str | None] = {"street": None}  # noqa: RUF012  # a tuple's default is shared anyway


ENVIRONMENT = RuleEnvironment(autoescape=True)


def _value(expression: str) -> object:
    """Return the value of an expression for a customer with few fields."""
    return ENVIRONMENT.compile_expression(expression, undefined_to_none=False)(customer=Customer())


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('customer.city == "Ulm"', False),
        ('customer.city != "Ulm"', True),
        ("customer.city == customer.city", False),
        ("customer.points < 1", False),
        ("customer.points >= 1", False),
        ("1 < customer.points", False),
        ('customer.city in ["Ulm"]', False),
        ('customer.city not in ["Ulm"]', True),
        ('customer.city in "Ulm"', False),
        ('customer.city not in "Ulm"', True),
        ('"Ulm" in customer.city', False),
        ('"Ulm" not in customer.city', True),
        ("not customer.city", True),
        ("customer.city is missing", True),
        ("customer.name is missing", False),
        ("customer.city is defined", False),
        ("(customer.points + 1) is missing", True),
        ("(1 - customer.points) is missing", True),
        ("(-customer.points) is missing", True),
        ("(1 / 0) is missing", True),
        ("(1 // 0) is missing", True),
        ("(1.5 % 0) is missing", True),
        ("(1e308 * 10) is missing", True),
        ("(customer.city | upper) is missing", True),
        ("(customer.city | length) is missing", True),
        ("(customer.interests | first | upper) == 'TEA'", True),
        ('(customer.city | default("there")) == "there"', True),
        ('(customer.city | upper | default("there")) == "there"', True),
        ("customer.address.street is missing", True),
        ('customer.address["street"] is missing', True),
        ("customer.city.anything.name is missing", True),
        ('customer.since < "2024-01-01"', True),
        ('"2023-12-31" == customer.since', True),
        ('customer.since in ["2023-12-31"]', True),
        ('customer.name == "Zoë" and customer.since in ["2023-12-31"]', True),
        ('customer.since == "2023-02-31"', False),
        ('"2023-12-31" == "2023-12-31"', True),
    ],
)
def test_missing_behaves_in_templates_as_in_rules(expression: str, expected: bool) -> None:
    """A missing value equals nothing and is in nothing; filters and arithmetic pass it on."""
    assert bool(_value(expression)) is expected


@pytest.mark.parametrize("text", ["{{ customer.city }}", "{{ 'to ' ~ customer.city }}"])
def test_printing_a_missing_value_is_an_error_that_names_it(text: str) -> None:
    """Without a fallback nothing is printed, not even an empty text."""
    with pytest.raises(MissingValue) as raised:
        ENVIRONMENT.from_string(text).render(customer=Customer())
    assert raised.value.name == "city"


def test_a_calculated_missing_value_has_no_name() -> None:
    """The result of arithmetic is missing, but is no field."""
    with pytest.raises(MissingValue, match="a value is missing"):
        ENVIRONMENT.from_string("{{ customer.points + 1 }}").render(customer=Customer())


def test_a_loop_over_a_missing_list_is_empty() -> None:
    """Its length in Python is 0."""
    text = "{% for x in customer.city %}x{% else %}none{% endfor %}"
    assert ENVIRONMENT.from_string(text).render(customer=Customer()) == "none"
    assert len(MISSING) == 0


def test_filters_see_no_missing_value_except_default() -> None:
    """missing_aware wraps every filter but default and d."""
    filters = missing_aware(
        {"shout": lambda text: f"{text}!", "d": lambda value: value is MISSING}
    )
    assert filters["shout"](MISSING) is MISSING
    assert filters["shout"](None) is None
    assert filters["shout"]("hey") == "hey!"
    assert filters["d"](MISSING) is True


def test_templates_reach_no_private_attribute() -> None:
    """The fast access to fields of a row does not bypass the sandbox."""
    assert _value("customer.__class__ is missing")
    assert _value("customer._fields is missing")
