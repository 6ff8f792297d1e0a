"""The answers of rules over a small table."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from newsletter.errors import Place
from newsletter.model.source import Source
from newsletter.rules.environment import RuleEnvironment
from newsletter.rules.to_polars import compile_rule

TABLE = pl.DataFrame(
    {
        "city": ["Berlin", None, "Ulm"],
        "orders_count": [10, None, 0],
        "spent": [float("nan"), 2.5, -7.5],
        "interests": [["coffee", "ink"], None, []],
        "customer_since": [dt.date(2023, 12, 31), None, dt.date(2024, 1, 1)],
        "seen": [dt.datetime(2023, 12, 31, 18), None, dt.datetime(2024, 1, 1)],
        "vip": [True, None, False],
        "tier": pl.Series(["a", None, "b"], dtype=pl.Categorical),
        "small": pl.Series([1, None, 2], dtype=pl.UInt8),
        "services": [[{"title": "t"}], [], None],
    },
    schema_overrides={"services": pl.List(pl.Struct({"title": pl.String()}))},
)


def _answers(rule: str) -> list[bool]:
    """Return the answer for each row."""
    column = compile_rule(Source(rule, Place(path="rule")), TABLE.schema)
    return TABLE.select(answer=column)["answer"].to_list()


@pytest.mark.parametrize(
    ("rule", "answers"),
    [
        ('city == "Berlin" and "coffee" in interests', [True, False, False]),
        ('city != "Berlin"', [False, True, True]),
        ('not (city == "Berlin")', [False, True, True]),
        ('city in ["Berlin", "Ulm"]', [True, False, True]),
        ('city not in ("Berlin",)', [False, True, True]),
        ("city in []", [False, False, False]),
        ('"erl" in city', [True, False, False]),
        ('city == "BERLIN" and "Coffee" in interests', [True, False, False]),
        ('city not in ["berlin", "ULM"]', [False, True, False]),
        ('"BER" in city', [True, False, False]),
        ('"b" <= city', [False, False, False]),
        ("0 < orders_count <= 10", [True, False, False]),
        ("orders_count", [True, False, False]),
        ("not orders_count", [False, True, True]),
        ("interests", [True, False, False]),
        ("services", [True, False, False]),
        ("services | length == 0", [False, True, False]),
        ("vip or city is missing", [True, True, False]),
        ("vip == false", [False, False, True]),
        ("vip != true", [False, True, True]),
        ('customer_since < "2024-01-01"', [True, False, False]),
        ('customer_since in ["2024-01-01"]', [False, False, True]),
        ('customer_since | default("2024-01-01") == "2024-01-01"', [False, True, True]),
        ('seen <= "2023-12-31"', [True, False, False]),
        ("spent is missing", [True, False, False]),
        ("spent // 2 == -4", [False, False, True]),
        ("spent % 2 == 0.5", [False, True, True]),
        ("spent | abs | round == 8", [False, False, True]),
        ("10 / orders_count > 0", [True, False, False]),
        ("(10 / orders_count) is missing", [False, True, True]),
        ("small - 5 < 0", [True, False, True]),
        ("small == 300", [False, False, False]),
        ("-orders_count == -10", [True, False, False]),
        ('tier == "a"', [True, False, False]),
        ('city | upper == "ULM"', [False, False, True]),
        ("city | length > 3", [True, False, False]),
        ("orders_count | default(5) == 5", [False, True, False]),
        ('city | default("Bonn") == "Bonn"', [False, True, False]),
        ("99999999999999999999 > orders_count", [True, False, True]),
        ("true", [True, True, True]),
        ('"" or 0', [False, False, False]),
    ],
)
def test_a_rule_answers_yes_or_no_for_every_row(rule: str, answers: list[bool]) -> None:
    """The answer is never missing, even if values are (second row)."""
    assert _answers(rule) == answers


def test_a_rule_over_an_empty_table_has_no_answers() -> None:
    """Also if the rule is a constant."""
    for rule in ("true", 'city == "Ulm"'):
        column = compile_rule(Source(rule, Place(path="rule")), TABLE.schema)
        assert TABLE.clear().select(answer=column).height == 0


@pytest.mark.parametrize("sign", ["+", "-", "*", "/", "//", "%"])
def test_long_calculations_grow_with_their_length(sign: str) -> None:
    """Forty signs once made an expression of 2 to the power of 40 parts."""
    assert len(_answers(f"spent {f'{sign} 2 ' * 40}> 3")) == 3


@pytest.mark.parametrize("written", ["Köln", "köln", "KÖLN", "Ko\u0308ln", "KO\u0308LN"])
@pytest.mark.parametrize("rule", ['city == "{}"', 'city in ["{}"]', '"{}" in city'])
def test_capitals_and_the_form_of_letters_do_not_count(written: str, rule: str) -> None:
    """In the rule as well as in the table, in Polars as well as row by row."""
    table = pl.DataFrame({"city": ["Köln", "KÖLN", "Ulm"]})
    source = Source(rule.format(written), Place(path="rule"))
    assert table.select(compile_rule(source, table.schema)).to_series().to_list() == [
        True,
        True,
        False,
    ]
    ask = RuleEnvironment().compile_expression(source.text)
    assert [ask(city=city) for city in table["city"]] == [True, True, False]
