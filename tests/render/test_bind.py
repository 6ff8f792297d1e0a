"""Which parts of a text may stay open, and what they become in the message template."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from render.pipeline import Edition, read, refusal, text_of
from trees import as_jinja

from newsletter.errors import Place
from newsletter.merge.merge import Merger
from newsletter.model.source import Source
from newsletter.model.template import Condition, MessageTemplate, Tree, slots_of
from newsletter.render.tree import text_tree
from newsletter.render.wording import Wording


def bound(source: str, names: dict[str, object] | None = None, **more: str) -> Tree:
    """Return the tree of a plain text."""
    edition = Edition(names, whole_txt=source, **more)
    return edition.layout_tree("whole.txt")


def text_for(source: str, names: dict[str, object] | None = None, **customer: Any) -> str:
    """Return a plain text as a customer reads it."""
    return read(bound(source, names), **customer)


def test_only_the_customer_is_left_open() -> None:
    """Other values are bound once and are part of the template."""
    title = {"title": "News", "number": 3}

    template = bound("{{ title }} {{ customer.city }} {{ customer.points + number }}", title)

    open_parts = "{{ customer.city | plain }} {{ (customer.points + 3) | plain }}"
    assert as_jinja(template) == f"News {open_parts}"


def test_a_value_beside_a_customer_is_written_as_a_literal() -> None:
    """The template reads back texts with quotes and braces, numbers, dates and lists."""
    names = {
        "text": "a'b\"c\\ %} {{ x }}\n",
        "day": dt.date(2026, 11, 5),
        "many": [1, -2.5, True, None, {"k": "v"}],
    }

    assert read(bound("{{ text ~ customer.city }}", names)) == names["text"] + "Berlin"
    assert "('2026-11-05' | as_date)" in as_jinja(
        bound("{{ day if customer.vip else '' }}", names)
    )
    many = as_jinja(bound("{{ many[customer.points] }}", names))
    assert "[1, (-2.5), true, none, {'k': 'v'}]" in many


@pytest.mark.parametrize(
    "test",
    [
        "title == 'news'",
        "'NEW' in title",
        "title in ['a', 'NEWS']",
        "'a' == 'A'",
        "title == 'NEWS' and customer.city == 'BERLIN'",
        "'NEWS' == title or customer.vip",
    ],
)
def test_capitals_count_nowhere(test: str) -> None:
    """Neither in what is bound once, nor in literals, nor beside a customer's value."""
    assert text_for("{% if " + test + " %}yes{% endif %}", {"title": "News"}) == "yes"


def test_only_the_parts_of_entries_that_are_read_are_captured() -> None:
    """`entry.slug`, never the whole entry with its body."""
    entries = [SimpleNamespace(slug="one", body=object())]

    template = bound(
        "{% for e in entries %}{{ e.slug if e.slug in customer.tags }}{% endfor %}",
        {"entries": entries},
    )

    assert as_jinja(template) == "{{ ('one' if ('one' in customer.tags)) | plain }}"


def test_equal_values_in_one_line_share_a_slot() -> None:
    """A failing value is then reported once."""
    assert len(set(slots_of(bound("{{ customer.city }} {{ customer.city }}")))) == 1


def test_an_elif_is_a_condition_in_the_else() -> None:
    """The first true condition decides."""
    source = "{% if customer.vip %}a{% elif customer.city == 'Berlin' %}b{% else %}c{% endif %}"

    assert [
        text_for(source),
        text_for(source, vip=False),
        text_for(source, vip=None, city=None),
    ] == [*"abc"]


@pytest.mark.slow
def test_a_chain_of_conditions_may_be_of_any_length() -> None:
    """It stays a flat chain from the text to the message."""
    branches = "".join(f"{{% elif customer.points == {n} %}}{n}\n\n" for n in range(300))
    source = f"{{% if customer.vip %}}vip{branches}{{% else %}}none{{% endif %}}"

    (condition,) = bound(source)[:1]
    assert isinstance(condition, Condition)
    assert len(condition.branches) == 301
    for points, text in [(0, "0"), (150, "150"), (299, "299"), (300, "none")]:
        assert text_of(source, vip=False, points=points).strip() == text


@pytest.mark.slow
def test_names_set_in_a_chain_are_chosen_by_its_conditions() -> None:
    """A name has the value of the branch taken; a name set in too many branches is refused."""
    source = (
        "{% set x = 0 %}{% if customer.points == 1 %}{% set x = 1 %}{% elif customer.vip %}"
        "{{ x }}{% elif customer.points == 3 %}{% set x = 3 %}{% endif %}{{ x }}"
    )
    assert [text_for(source, points=n, vip=n == 2) for n in (0, 1, 2, 3)] == ["0", "1", "00", "3"]
    many = "".join(f"{{% elif customer.points == {n} %}}{{% set x = {n} %}}" for n in range(240))
    tree = bound(f"{{% set x = 0 %}}{{% if customer.vip %}}{many}{{% endif %}}{{{{ x }}}}")
    problem = refusal(read, tree)
    assert "nested too deeply" in problem.message


@pytest.mark.parametrize("first", ["1", "customer.points"])
def test_a_long_sum_is_refused_with_its_place(first: str) -> None:
    """Python nests at most 200 parentheses, and Jinja writes one for each sign."""
    source = "one\n\n{{ " + first + " + 1" * 300 + " }}\nfour"
    problem = refusal(lambda: read(bound(source)))
    assert problem.message == "an expression is nested too deeply"
    assert problem.at
    assert problem.at.line == 3
    assert text_for("{{ 1" + " + 1" * 150 + " }}") == "151"


def test_loop_index_counts_for_each_customer() -> None:
    """If it were bound once, it would print `3 3 3` for `1 2 3`."""
    source = "{% for t in customer.tags %}{{ loop.index }}/{{ loop.length }}{{ t }} {% endfor %}"

    assert text_for(source) == "1/2pens 2/2ink "
    assert text_for(source, tags=["x"]) == "1/1x "
    assert text_for(source, tags=None) == ""


def test_loop_index_over_a_bound_list_is_bound() -> None:
    """An inner loop's `loop` is not the outer one's."""
    source = (
        "{% for x in [1, 2] %}{% for t in customer.tags %}{{ loop.index }}{% endfor %}"
        "{{ loop.index }}{{ customer.city if loop.last }};{% endfor %}"
    )

    assert text_for(source) == "121;122Berlin;"


def test_loop_index_works_in_an_included_template() -> None:
    """It counts for each customer there as well."""
    edition = Edition(
        whole_txt="{% for t in customer.tags %}{{ loop.index }}{% include 'row.txt' %}"
        "{% endfor %}",
        row_txt="[{{ loop.index }}{{ t }}]",
    )

    assert read(edition.layout_tree("whole.txt")) == "1[1pens]2[2ink]"


def test_a_loop_with_an_if_on_customer_tests_each_item() -> None:
    """The `if` becomes a condition inside the loop."""
    assert (
        text_for("{% for x in [1, 2, 3] if x != customer.points %}{{ x }}{% endfor %}", points=2)
        == "13"
    )


def test_names_set_in_a_branch_are_chosen_by_the_condition() -> None:
    """As in `a if condition else b`; each branch sees its own value."""
    source = (
        "{% set x = 1 %}{% if customer.vip %}{% set x = 2 %}{{ x }}{% else %}{{ x }}{% endif %}"
        "{{ x + 1 }}"
    )

    assert [text_for(source), text_for(source, vip=False)] == ["23", "12"]


def test_names_set_under_a_bound_condition_are_bound() -> None:
    """So are macros and imports, also in a template that another imports."""
    edition = Edition(
        whole_txt="{% import 'm.txt' as m %}{{ m.x }}{{ m.f(customer.city) }}",
        m_txt="{% if true %}{% set x = 5 %}{% macro f(v) %}<{{ v }}>{% endmacro %}{% endif %}",
    )

    assert read(edition.layout_tree("whole.txt")) == "5<Berlin>"


def test_macros_accept_open_arguments() -> None:
    """They may print and test them, pass them on, and take the whole customer."""
    source = (
        "{% macro m(v, w='-') %}{{ v }}{% if v %}!{% endif %}{{ w }}"
        "{% if caller is defined %}{{ caller(v) }}{% endif %}{% endmacro %}"
        "{% macro whole(c) %}{{ c.city }}{% endmacro %}"
        "{{ m(customer.city) }}{{ m(1, w=customer.city) }}"
        "{% call(x) m(customer.city) %}({{ x }}){% endcall %}{{ whole(customer) }}"
    )

    assert text_for(source) == "Berlin!-1!BerlinBerlin!-(Berlin)Berlin"


def test_captured_text_is_printed_as_it_was() -> None:
    """Conditions in it stay open, and its markup is not escaped again."""
    edition = Edition(
        whole_html="{% set c %}<b>{{ customer.city }}</b>{% if customer.vip %}&{% endif %}"
        "{% endset %}{{ c }}{{ c }}{% if c %}!{% endif %}"
    )

    tree = edition.layout_tree("whole.html", "text")

    assert read(tree, city="<i>") == "<b>&lt;i&gt;</b>&" * 2 + "!"


def test_a_bound_subject_is_escaped_but_for_its_open_parts() -> None:
    """The layout escapes its static text; the merge escapes its values."""
    edition = Edition(whole_html="{{ subject }}")

    tree = edition.layout_tree("whole.html", "text", subject="Tom & {{ customer.city }}")

    assert read(tree, city="<i>") == "Tom &amp; &lt;i&gt;"


def test_a_missing_value_is_false_and_equals_nothing() -> None:
    """As in rules."""
    source = (
        "{% if customer.points > 1 %}a{% endif %}{% if customer.points != 1 %}b{% endif %}"
        "{% if customer.points is missing %}c{% endif %}{{ customer.points | default('d') }}"
    )

    assert text_for(source, points=None) == "bcd"


def test_an_if_without_else_prints_nothing() -> None:
    """`{{ a if condition }}` is no missing value."""
    assert text_for("[{{ 'VIP' if customer.vip }}]", vip=False) == "[]"


def test_values_are_not_escaped_twice_by_urlencode_and_e() -> None:
    """The merge escapes each value once, for its place."""
    edition = Edition()
    html = edition.body_tree(
        "[x](https://x.example/?q={{ customer.city | urlencode }}&r={{ customer.city }})\n\n"
        "{{ customer.city | e }}"
    )

    assert read(html, city="a b&c") == (
        '<p><a href="https://x.example/?q=a%20b%26c&amp;r=a%20b%26c">x</a></p>\n<p>a b&amp;c</p>'
    )


def test_fields_may_have_any_name() -> None:
    """A column may be called `class`, or begin with a digit."""
    people = pl.DataFrame({"class": ["a"], "2nd": ["b"], "from": [None]})
    wording = Wording(schema=people.schema, names={}, filters={})
    source = Source(
        '{{ customer.class }}{{ customer["2nd"] }}{{ customer.from | default("c") }}',
        Place(path="x", line=1),
    )
    line = wording.line(source, template=True)
    tree = text_tree(line.text, "plain", line.slots)
    template = MessageTemplate(language="en", subject=tree, text=(), html=())

    assert list(Merger(template, filters={}).texts(people)) == [("abc", "", "")]


def test_layouts_compiled_for_one_edition_serve_the_next() -> None:
    """Compiled code contains neither values nor filters of an edition."""
    first, second = Edition({"title": "One"}), Edition({"title": "Two"})
    first.wording._environment.filters["mark"] = lambda text: f"{text}!"
    second.wording._environment.filters["mark"] = lambda text: f"{text}?"
    source = "{{ title }}{{ customer.city }}{{ 'x' | mark }}"

    assert as_jinja(first.subject(source)).startswith("One")
    assert as_jinja(first.subject(source)).endswith("x!")
    assert as_jinja(second.subject(source)).startswith("Two")
    assert as_jinja(second.subject(source)).endswith("x?")


@pytest.mark.parametrize(
    "text",
    [
        "{{% for n in [1] %}}{}{{% endfor %}}",
        "{{% macro m() %}}{}{{% endmacro %}}{{{{ m() }}}}",
        "{{% set s %}}{}{{% endset %}}{{{{ s }}}}",
        "{{% filter upper %}}{}{{% endfilter %}}",
    ],
)
def test_texts_that_are_compiled_do_not_print_each_other(text: str) -> None:
    """All texts of content are one template to Jinja, which caches templates by name."""
    edition = Edition()
    texts = [edition.body(text.format(word)).texts[0] for word in ("one", "two")]
    assert [html.lower() for html in texts] == ["<p>one</p>", "<p>two</p>"]
