"""Texts that cannot be bound are refused with file and line; none is silently wrong."""

from __future__ import annotations

import pytest
from render.pipeline import Edition, refusal

LOOP = "a loop over a customer's list cannot have an if, an else or be recursive"
ONLY_PRINTED = "a text that differs from customer to customer can only be printed as it is"

REFUSED = {
    # chosen by customer
    "include": ("x\n{% include customer.city %}", "which template to use cannot depend on"),
    "extends": ("x\n{% extends customer.city %}", "which template to use cannot depend on"),
    "import": ("x\n{% import customer.city as m %}", "which template to use cannot depend on"),
    "extends in a branch": (
        "{% if customer.vip %}\n{% extends 'part.txt' %}{% endif %}",
        "which layout a template extends cannot depend on customer",
    ),
    # loops
    "filtered loop that counts": (
        "x\n{% for x in [1, 2] if customer.vip %}{{ loop.index }}{% endfor %}",
        "the if of a loop that has an else or uses `loop` cannot depend on customer",
    ),
    "filtered loop with else": (
        "x\n{% for x in [1] if customer.vip %}{% else %}none{% endfor %}",
        "the if of a loop that has an else or uses `loop` cannot depend on customer",
    ),
    "late loop with else": ("x\n{% for t in customer.tags %}{% else %}-{% endfor %}", LOOP),
    "late loop with if that counts": (
        "x\n{% for t in customer.tags if t %}{{ loop.index }}{% endfor %}",
        LOOP,
    ),
    "late recursive loop": ("x\n{% for t in customer.tags recursive %}{% endfor %}", LOOP),
    "late loop over pairs of pairs": (
        "x\n{% for (a, b), c in customer.services %}{% endfor %}",
        LOOP,
    ),
    # counters and names that change on the way
    "namespace in a late if": (
        "{% set n = namespace(x=1) %}{% if customer.vip %}\n{% set n.x = 2 %}{% endif %}",
        "a namespace cannot be changed here",
    ),
    "namespace in a late loop": (
        "{% set n = namespace(x=1) %}{% for t in customer.tags %}\n{% set n.x = 2 %}{% endfor %}",
        "a namespace cannot be changed here",
    ),
    "namespace by way of a macro": (
        "{% macro add(n) %}\n{% set n.x = 2 %}{% endmacro %}{% set n = namespace(x=1) %}"
        "{% if customer.vip %}{{ add(n) }}{% endif %}",
        "a namespace cannot be changed here",
    ),
    "joiner in a branch": (
        "{% set comma = joiner() %}{% if customer.vip %}\n{{ comma() }}{% endif %}",
        "joiner, cycler and loop.changed count their calls",
    ),
    "cycler in a branch": (
        "{% set row = cycler('a', 'b') %}{% if customer.vip %}\n{{ row.next() }}{% endif %}",
        "joiner, cycler and loop.changed count their calls",
    ),
    "loop.changed in a branch": (
        "{% for x in [1, 2] %}{% if customer.vip %}\n{{ loop.changed(x) }}{% endif %}{% endfor %}",
        "joiner, cycler and loop.changed count their calls",
    ),
    # names set in one branch only
    "macro of one branch": (
        "\n{% if customer.vip %}{% macro m() %}{% endmacro %}{% endif %}{{ m() }}",
        "'m' was set inside a condition on customer and is used after it",
    ),
    "import of one branch": (
        "\n{% if customer.vip %}{% import 'part.txt' as p %}{% endif %}{{ p.x }}",
        "'p' was set inside a condition on customer and is used after it",
    ),
    "text of one branch": (
        "\n{% if customer.vip %}{% set c %}<{{ customer.city }}>{% endset %}{% endif %}{{ c }}",
        "'c' was set inside a condition on customer and is used after it",
    ),
    # filters and operations that no open part can pass
    "autoescape": ("x\n{% autoescape false %}{% endautoescape %}", "'autoescape' blocks are not"),
    "filter block": ("x\n{% filter upper %}{{ customer.city }}{% endfilter %}", ONLY_PRINTED),
    "set block with filter": (
        "x\n{% set c | upper %}{{ customer.city }}{% endset %}",
        ONLY_PRINTED,
    ),
    "filter on captured text": (
        "{% set c %}{{ customer.city }}{% endset %}\n{{ c | length }}",
        ONLY_PRINTED,
    ),
    "comparison of captured text": (
        "{% set c %}{{ customer.city }}{% endset %}\n{% if c == 'x' %}{% endif %}",
        ONLY_PRINTED,
    ),
    "part of captured text": (
        "{% set c %}{{ customer.city }}{% endset %}\n{{ c[0:2] }}",
        ONLY_PRINTED,
    ),
    "method of captured text": (
        "{% set c %}{{ customer.city }}{% endset %}\n{{ c.upper() }}",
        ONLY_PRINTED,
    ),
    "test of a text that may be empty": (
        "{% set c %}{% if customer.vip %}x{% endif %}{% endset %}\n{% if c %}{% endif %}",
        "a text that may be empty for some customers cannot be tested",
    ),
    "filter on what a macro gives": (
        "{% macro m() %}{{ customer.city }}{% endmacro %}\n{{ m() | upper }}",
        ONLY_PRINTED,
    ),
    "comparison of what a macro gives": (
        "{% macro m() %}{{ customer.city }}{% endmacro %}\n{% if m() == 'x' %}{% endif %}",
        ONLY_PRINTED,
    ),
    "more arguments of a macro": (
        "{% macro m() %}\n{{ varargs[0] | upper }}{% endmacro %}{{ m(customer.city) }}",
        "customer.city differs from customer to customer and cannot be used in this way",
    ),
    "star arguments": (
        "{% macro m(a) %}{% endmacro %}\n{{ m(*customer.tags) }}",
        "'m' (Macro) is no plain value and cannot be used with customer",
    ),
    "macro as a value": (
        "{% macro m(a) %}{% endmacro %}\n{{ m(1) ~ customer.city }}",
        "'m' (Macro) is no plain value and cannot be used with customer",
    ),
    "macro that does not end": (
        "{% macro m() %}\n{% if customer.vip %}{{ m() }}{% endif %}{% endmacro %}{{ m() }}",
        "a macro or template calls itself without end",
    ),
    "deep expression": (
        "x\n{{ " + "+" * 2000 + "1 }}\n{{ 1 }}",
        "an expression is nested too deeply",
    ),
    "deep conditions": (
        "x\n" + "{% if customer.vip %}" * 300 + "{% endif %}" * 300,
        "conditions and loops are nested too deeply",
    ),
    # values that are not allowed
    "whole customer": ("x\n{{ customer }}", "'customer' is all fields of a customer at once"),
    "unknown field": ("x\n{{ customer.frist_name }}", "customers have no field 'frist_name'"),
    "unknown part": ("x\n{{ customer.city.nmae }}", "'nmae' is not part of customer.city"),
    "unknown part of an item": (
        "{% for s in customer.services %}\n{{ s.titel }}{% endfor %}",
        "'titel' is not part of s_0",
    ),
    "a list": ("x\n{{ customer.tags }}", "customer.tags is a list"),
    "safe": ("x\n{{ customer.city | safe }}", "'safe' would print a customer's value as HTML"),
    "urlize": ("x\n{{ customer.city | urlize }}", "'urlize' would print a customer's value as"),
    "tojson": ("x\n{{ customer.tags | tojson }}", "'tojson' would print a customer's value as"),
    "object beside a customer": (
        "x\n{{ thing if customer.vip else 1 }}",
        "'thing' (object) is no plain value and cannot be used with customer",
    ),
    "none": ("x\n{{ nothing }}", "this is empty, and would be printed as None"),
    "chance": ("x\n{{ [1, 2] | random }}", "no filter named 'random'"),
    # names and syntax
    "unknown name": ("x\n{{ titel }}", "'titel' is not known here"),
    "unknown name beside a customer": ("x\n{{ titel or customer.city }}", "'titel' is not known"),
    "unknown filter": ("x\n{{ customer.city | uper }}", "no filter named 'uper'"),
    "unknown test": ("x\n{% if customer.city is mising %}{% endif %}", "no test named 'mising'"),
    "unknown template": ("x\n{% include 'prat.txt' %}", "there is no template 'prat.txt'"),
    "no end": ("x\n{% if customer.vip %}", "'{% if %}' is not closed"),
    "break": ("x\n{% for t in customer.tags %}{% break %}{% endfor %}", "unknown tag 'break'"),
    "private parts": ("x\n{{ customer.city.__class__ }}", "'__class__' is not part of"),
}


@pytest.mark.parametrize("end", ["txt", "html"])
@pytest.mark.parametrize("case", REFUSED)
def test_mistakes_are_refused_with_file_and_line(case: str, end: str) -> None:
    """The error names the mistake."""
    source, message = REFUSED[case]
    edition = Edition(
        {"thing": object(), "title": "T", "nothing": None},
        **{f"whole_{end}": source, "part_txt": "part"},
    )

    problem = refusal(edition.layout_tree, f"whole.{end}")

    assert message in problem.message
    assert problem.at is not None
    assert (problem.at.path, problem.at.line) == (f"themes/whole_{end}", 2)


def test_safe_html_beside_a_customer_is_refused() -> None:
    """The merge would escape it, because it cannot tell that the HTML is safe."""
    source = "{% set c %}<b>{% endset %}\n{{ c if customer.vip else '' }}"

    problem = refusal(Edition(whole_html=source).layout_tree, "whole.html")

    assert problem.message == "'c' (Markup) is no plain value and cannot be used with customer"


HINTS = {
    "{{ customer.frist_name }}": "did you mean 'first_name'?",
    "{{ customer.city | uper }}": "did you mean 'upper'?",
    "{{ first_name }}": "write customer.first_name",
    "{{ opening_hours }}": "the fields of a customer begin with customer: customer.first_name",
    "{{ customer.vorname }}": "write customer.first_name, as that column is read",
    "{{ customer.Prenom }}": "write customer.first_name, as that column is read",
    "{{ vorname }}": "write customer.first_name",
    "{{ customer.city | safe }}": "leave the filter out",
    "{{ customer.tags }}": "print it with {{ … | join(', ') }}, or in a loop",
    "{{": "put them in a code span or set `template: false`",
}


@pytest.mark.parametrize("source", HINTS)
def test_a_refusal_says_what_to_write_instead(source: str) -> None:
    """Every refusal has a hint."""
    edition = Edition(headers={"Vorname": "first_name", "Prénom": "first_name"})
    assert HINTS[source] in refusal(edition.body, source).hint


def test_all_problems_of_a_body_are_places_in_the_users_file() -> None:
    """Lines count from the body's place in its file, not from the body."""
    problem = refusal(Edition().body, "one\n\ntwo {{ customer.nam }}")

    assert str(problem.at) == "content/x.md:12"
    assert problem.at and problem.at.text == "two {{ customer.nam }}"
