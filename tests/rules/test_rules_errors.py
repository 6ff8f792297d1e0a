"""Rules that are refused: the message, the caret and the cure."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from newsletter.errors import NewsletterError, Place
from newsletter.model.source import Source
from newsletter.rules.kinds import FILTER_NAMES
from newsletter.rules.to_polars import compile_rule, names_in

SCHEMA = {
    "city": pl.String(),
    "orders_count": pl.Int64(),
    "interests": pl.List(pl.String()),
    "customer_since": pl.Date(),
    "vip": pl.Boolean(),
    "services": pl.List(pl.Struct({"title": pl.String()})),
}


def _errors_of(rule: str) -> list[tuple[int, str, str]]:
    """Return column, message and hint of each problem."""
    with pytest.raises(NewsletterError) as raised:
        compile_rule(Source(rule, Place(path="segments.yml", line=3)), SCHEMA)
    return [(p.at.column if p.at else 0, p.message, p.hint) for p in raised.value.problems]


@pytest.mark.parametrize(
    ("rule", "column", "message", "hint"),
    [
        ("ctiy == 'Ulm'", 1, "unknown name 'ctiy'", "did you mean 'city'?"),
        ("city | uper == 'ULM'", 8, "unknown filter 'uper'", "did you mean 'upper'?"),
        ("city == 5", 1, "city is text, 5 is a number", 'write "5"'),
        ('orders_count > "5"', 1, 'orders_count is a number, "5" is text', "write 5"),
        (
            'customer_since < "1.1.2024"',
            1,
            'customer_since is a date, "1.1.2024" is text',
            'write a date as "2024-01-31"',
        ),
        (
            'customer_since < "2024-02-30"',
            1,
            'customer_since is a date, "2024-02-30" is text',
            'write a date as "2024-01-31"',
        ),
        ("vip == 'yes'", 1, 'vip is yes/no, "yes" is text', "write true or false"),
        ("vip > 1", 1, "vip is yes/no, which is not more or less", "write vip, or not vip"),
        (
            'interests == "tea"',
            1,
            "interests is a list, not one value",
            'write "tea" in interests',
        ),
        ("5 in interests", 1, "5 is a number, interests holds text", ""),
        ("city in orders_count", 9, "orders_count is a number, nothing can be in it", "write =="),
        (
            "city in [Ulm, 'Bonn']",
            10,
            "unknown name 'Ulm'",
            'if you mean the text, write "Ulm"; docs/rules.md lists the facts',
        ),
        ('city in ["Ulm", 5]', 9, "a list holds values of one kind", ""),
        ("city + 1 > 2", 1, "city is text, + needs numbers", ""),
        (
            "customer_since + 1 > 2",
            1,
            "customer_since is a date, + needs numbers",
            "for dates there are facts in days, such as days_since_last_order",
        ),
        ("city == none", 9, "nothing equals none", "ask `is missing`"),
        (
            "city is defined",
            6,
            "`is defined` is not known",
            "`is missing` asks whether there is a value; to compare two values write ==",
        ),
        (
            "orders_count + 1 is missing",
            16,
            "1 is never missing",
            "put the calculation in parentheses: (points + 1) is missing",
        ),
        (
            "(city or vip) == 'Ulm'",
            2,
            "`or` gives a yes or no, not a value",
            "compare each value by itself and join the comparisons with `and` or `or`",
        ),
        (
            'customer.city == "Ulm"',
            1,
            "'customer.city' is for texts",
            "in a rule, write city alone",
        ),
        (
            "city.upper() == 'ULM'",
            1,
            "a rule cannot call anything",
            "docs/rules.md lists what is possible",
        ),
        (
            "vip if city else vip",
            1,
            "a rule has no if: join questions with `and` or `or`",
            "docs/rules.md lists what is possible",
        ),
        ("city | default(5) == 'a'", 16, "city is text, 5 is a number", ""),
        ("city | default == 'a'", 8, "default takes one value", "write default(0)"),
        ("orders_count | round(2) > 1", 16, "round takes nothing in parentheses", ""),
        ("services == 1", 1, "services is a list, not one value", "write 1 in services"),
        ('city = "Ulm"', 6, "unexpected '='", "write == to compare"),
        ("vip && city", 5, "unexpected '&'", "write `and`"),
        ("vip AND city", 5, "unexpected 'AND'", "write `and` in small letters"),
        ("city == “Ulm”", 9, "unexpected '“'", 'write straight quotes: "text"'),
        (
            'city is "Ulm"',
            9,
            "unexpected '\"Ulm\"'",
            "`is` asks `is missing`; to compare two values write ==",
        ),
        ("city ==", 8, "the rule breaks off", "complete it"),
        ("", 1, "the rule is empty", 'write one such as city == "Berlin"'),
        ('"Ulm', 1, "unexpected '\"'", "a text ends with the quote it began with"),
    ],
)
def test_a_wrong_rule_is_refused_with_its_cure(
    rule: str, column: int, message: str, hint: str
) -> None:
    """Each mistake is one problem, at its column."""
    assert _errors_of(rule) == [(column, message, hint)]


def test_all_mistakes_of_a_rule_are_reported_at_once() -> None:
    """Two misspelt names and a comparison of different types are three problems."""
    messages = [message for _, message, _ in _errors_of("ctiy == 1 or vpi or orders_count == 'x'")]
    assert messages == [
        "unknown name 'ctiy'",
        "unknown name 'vpi'",
        'orders_count is a number, "x" is text',
    ]


def test_the_line_of_a_long_rule_is_named() -> None:
    """In a rule of several lines the problem has its own line, shown with a caret."""
    rule = Source('city == "Ulm"\n  and ordrs_count > 3', Place(path="segments.yml", line=7))
    with pytest.raises(NewsletterError) as raised:
        compile_rule(rule, SCHEMA)
    assert str(raised.value) == (
        "segments.yml:8:7: unknown name 'ordrs_count'\n"
        "      and ordrs_count > 3\n"
        "          ^\n"
        "  hint: did you mean 'orders_count'?"
    )


def test_a_problem_of_a_folded_rule_is_at_its_start() -> None:
    """Where YAML joined lines, columns mean nothing."""
    at = Place(path="segments.yml", line=3, column=6, text="vip: >-")
    with pytest.raises(NewsletterError) as raised:
        compile_rule(Source('city == "Ulm" and ctiy', at), SCHEMA)
    assert raised.value.problems[0].at == at


def test_a_rule_of_thousands_of_parts_is_an_error_and_no_crash() -> None:
    """A rule too long or too deep to compile is refused with advice."""
    assert _errors_of(" and ".join(["vip"] * 3000))[0][1] == "the rule is too long"
    assert _errors_of("(" * 3000 + "vip" + ")" * 3000)[0][1] == "the rule is nested too deeply"
    assert _errors_of("vip" + " + 1" * 3000 + " > 3")[0][1] == "the rule is too long"
    assert names_in(Source("points" + " + 1" * 3000, Place(path="x", line=1))) == {"points"}


def test_the_names_of_a_rule_are_known_without_compiling() -> None:
    """names_in returns fields, but no texts, filters or tests."""
    rule = Source(
        'city | lower in ["ulm"] or not (vip and orders_count is missing)', Place(path="")
    )
    assert names_in(rule) == {"city", "vip", "orders_count"}
    assert names_in(Source("vip", Place(path=""))) == {"vip"}


def test_the_documentation_lists_every_filter() -> None:
    """docs/rules.md shows each filter of rules."""
    page = Path(__file__).parents[2].joinpath("docs", "rules.md").read_text(encoding="utf-8")
    assert [name for name in FILTER_NAMES if f"| {name}" not in page.replace("\\|", "|")] == []


@pytest.mark.parametrize(
    ("rule", "hint"),
    [
        ("Ort == 'Ulm'", "write city, as that column is read"),
        ("ort == 'Ulm'", "write city, as that column is read"),
        ("kunde_seit > '2020-01-01'", "write customer_since, as that column is read"),
        ("kundeseit > '2020-01-01'", "write customer_since, as that column is read"),
        ("kunden_seit > '2020-01-01'", "did you mean 'customer_since'?"),
        ("customer.Ort == 'Ulm'", "in a rule, write city alone"),
        ("citty == 'Ulm'", "did you mean 'city'?"),
    ],
)
def test_a_header_of_the_file_has_its_field_as_cure(rule: str, hint: str) -> None:
    """People know their columns, and the fields only from the documents."""
    headers = {"Ort": "city", "Kunde seit": "customer_since", "Gone": "gone"}
    with pytest.raises(NewsletterError) as raised:
        compile_rule(Source(rule, Place(path="a.md", line=3)), SCHEMA, headers)
    assert [problem.hint for problem in raised.value.problems] == [hint]
