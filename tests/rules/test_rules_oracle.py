"""Rules in Polars against row-by-row evaluation with Jinja, on random rules and random rows."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from support import examples

from newsletter.errors import Place
from newsletter.model.source import Source
from newsletter.rules import operators
from newsletter.rules.environment import RuleEnvironment
from newsletter.rules.missing import MISSING
from newsletter.rules.to_polars import compile_rule

SCHEMA = {
    "city": pl.String(),
    "region": pl.String(),
    "points": pl.Int64(),
    "visits": pl.UInt32(),
    "spent": pl.Float64(),
    "vip": pl.Boolean(),
    "since": pl.Date(),
    "last": pl.Date(),
    "interests": pl.List(pl.String()),
    "sizes": pl.List(pl.Int64()),
}
NAMES = {
    "text": ["city", "region"],
    "number": ["points", "visits", "spent"],
    "date": ["since", "last"],
}
WORDS = ["Berlin", "berlin", "Ulm", "", "é", "É", "ΟΔΟΣ", "2024-02-29"]
DAYS = [dt.date(2023, 12, 31), dt.date(2024, 2, 29), dt.date(2025, 1, 1)]


def _cell(values: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.none() | values


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "city": _cell(st.sampled_from(WORDS)),
            "region": _cell(st.sampled_from(WORDS)),
            "points": _cell(st.integers(-5, 5)),
            "visits": _cell(st.integers(0, 3)),
            "spent": _cell(st.sampled_from([-2.5, -0.1, 0.0, 0.1, 0.5, 1.5, 2.5, 3.0, 1e308])),
            "vip": _cell(st.booleans()),
            "since": _cell(st.sampled_from(DAYS)),
            "last": _cell(st.sampled_from(DAYS)),
            "interests": _cell(st.lists(_cell(st.sampled_from(WORDS)), max_size=3)),
            "sizes": _cell(st.lists(_cell(st.integers(0, 3)), max_size=3)),
        }
    ),
    min_size=1,
    max_size=6,
)


def _texts(depth: int = 2) -> st.SearchStrategy[str]:
    plain = st.sampled_from(NAMES["text"]) | st.sampled_from([f'"{word}"' for word in WORDS])
    if not depth:
        return plain
    inner = _texts(depth - 1)
    return st.one_of(
        plain,
        st.builds("({}) | {}".format, inner, st.sampled_from(["lower", "upper"])),
        st.builds("({} | default({}))".format, inner, plain),
    )


def _numbers(depth: int = 2) -> st.SearchStrategy[str]:
    plain = st.sampled_from(NAMES["number"]) | st.sampled_from(
        ["0", "1", "2", "0.5", "2.5", "1e308"]
    )
    if not depth:
        return plain
    inner = _numbers(depth - 1)
    return st.one_of(
        plain,
        st.builds(
            "({} {} {})".format, inner, st.sampled_from(["+", "-", "*", "/", "//", "%"]), inner
        ),
        st.builds("(-{})".format, inner),
        st.builds("({} | {})".format, inner, st.sampled_from(["abs", "round"])),
        st.builds("({} | default({}))".format, inner, plain),
        st.builds("({} | length)".format, st.sampled_from(["city", "interests", "sizes"])),
    )


DATES = st.sampled_from(NAMES["date"])
ISO = st.sampled_from([f'"{day}"' for day in DAYS])
SIGN = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
IN = st.sampled_from(["in", "not in"])
LISTS = st.lists(st.sampled_from([f'"{word}"' for word in WORDS]), max_size=3)


def _questions(depth: int = 3) -> st.SearchStrategy[str]:
    plain = st.one_of(
        st.builds("{} {} {}".format, _texts(), SIGN, _texts()),
        st.builds("{} {} {}".format, _numbers(), SIGN, _numbers()),
        st.builds("{} {} {} {} {}".format, _numbers(1), SIGN, _numbers(1), SIGN, _numbers(1)),
        st.builds("{} {} {}".format, DATES, SIGN, DATES | ISO),
        st.builds("{} {} {}".format, ISO, SIGN, DATES),
        st.builds("{} {} [{}]".format, _texts(), IN, LISTS.map(", ".join)),
        st.builds("{} {} [{}, 2.5]".format, _numbers(), IN, st.sampled_from("012")),
        st.builds("{} {} [{}]".format, DATES, IN, ISO),
        st.builds("{} {} {}".format, _texts(), IN, _texts(1)),
        st.builds("{} {} interests".format, _texts(), IN),
        st.builds("{} {} sizes".format, _numbers(), IN),
        st.builds(
            "vip {} {}".format, st.sampled_from(["==", "!="]), st.sampled_from(["true", "false"])
        ),
        st.builds(
            "{} is {}missing".format,
            st.sampled_from([*SCHEMA, "(points / visits)", "(city | upper)"]),
            st.sampled_from(["", "not "]),
        ),
        st.sampled_from([*SCHEMA, "true", '""', "0", "vip | default(true)", "(points - 1)"]),
    )
    if not depth:
        return plain
    inner = _questions(depth - 1)
    return st.one_of(
        plain,
        st.builds("({}) and ({})".format, inner, inner),
        st.builds("({}) or ({})".format, inner, inner),
        st.builds("not ({})".format, inner),
    )


ENVIRONMENT = RuleEnvironment()


def _by_polars(rule: str, rows: list[dict[str, object]]) -> list[object]:
    answer = compile_rule(Source(rule, Place(path="rules")), SCHEMA)
    return (
        pl.DataFrame(rows, schema=SCHEMA).with_columns(answer.alias("answer"))["answer"].to_list()
    )


def _by_jinja(rule: str, rows: list[dict[str, object]]) -> list[object]:
    evaluate = ENVIRONMENT.compile_expression(rule, undefined_to_none=False)
    contexts = [{k: MISSING if v is None else v for k, v in row.items()} for row in rows]
    return [bool(evaluate(**row)) for row in contexts]


def _agree(rule: str, rows: list[dict[str, object]]) -> None:
    assert _by_polars(rule, rows) == _by_jinja(rule, rows), rule


@examples(300)
@given(_questions(), ROWS)
def test_a_rule_means_the_same_in_a_table_and_in_a_template(
    rule: str, rows: list[dict[str, object]]
) -> None:
    """Polars and Jinja give the same answer for every row, and no answer is null."""
    _agree(rule, rows)


def test_the_comparison_notices_a_wrong_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """With `!=` false for missing values, as in SQL, the test above fails."""
    real_comparison = operators.comparison

    def as_sql(sign: str, left: object, right_: object, **wrong: object) -> pl.Expr:
        answer = real_comparison(sign, left, right_, **wrong)
        present = left.column.is_not_null() & right_.column.is_not_null()
        return answer & present if sign == "ne" else answer

    monkeypatch.setattr("newsletter.rules.to_polars.comparison", as_sql)
    search = settings(max_examples=300, phases=[Phase.generate])
    with pytest.raises(AssertionError):
        search(given(_questions(), ROWS)(_agree))()
