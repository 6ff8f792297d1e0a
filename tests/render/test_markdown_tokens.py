"""Open parts come out of Markdown where they went in, or are refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from render.pipeline import Edition, html_of, refusal, text_of

from newsletter.errors import Place
from newsletter.model.source import Source
from newsletter.render.converter import full_converter, quick_converter
from newsletter.render.late import RefusedError
from newsletter.render.markdown import to_html


def test_both_branches_stay_apart_around_blocks() -> None:
    """As HTML comments, both branches would come under one condition, without an error."""
    source = "o\n\n{% if customer.vip %}\nA\n{% else %}\nB\n{% endif %}\n\nx"

    assert html_of(source).split() == ["<p>o</p>", "<p>A</p>", "<p>x</p>"]
    assert html_of(source, vip=False).split() == ["<p>o</p>", "<p>B</p>", "<p>x</p>"]


def test_a_condition_in_a_line_stays_in_it() -> None:
    """Its branches are part of the paragraph."""
    source = "You {% if customer.vip %}*are*{% else %}will be{% endif %} one."

    assert html_of(source) == "<p>You <em>are</em> one.</p>"
    assert html_of(source, vip=False) == "<p>You will be one.</p>"


def test_a_condition_around_a_whole_paragraph_includes_its_element() -> None:
    """Otherwise an empty `<p>` with its margins would stay."""
    source = "{% if customer.vip %}One.{% elif customer.points %}Two.{% endif %}\n\nx"

    assert html_of(source).split() == ["<p>One.</p>", "<p>x</p>"]
    assert html_of(source, vip=False).split() == ["<p>Two.</p>", "<p>x</p>"]
    assert html_of(source, vip=False, points=0).split() == ["<p>x</p>"]
    assert text_of(source, vip=False, points=0) == "x\n"


def test_a_condition_may_hold_an_item_or_heading_on_one_line() -> None:
    """It then goes around the whole block, although Markdown alone would see no block."""
    source = "{% if customer.vip %}# Title{% endif %}\n\n{% if customer.vip -%}\n- b\n{%- endif %}"

    assert html_of(source).split("\n") == [
        "",
        "<h2>Title</h2>",
        "",
        "",
        "<ul>",
        "<li>b</li>",
        "</ul>",
        "",
    ]
    assert html_of(source, vip=False).strip() == ""


def test_list_items_under_a_condition_split_the_list() -> None:
    """Items after the condition are a new list; numbers continue as written."""
    source = "1. a\n{% if customer.vip %}\n2. b\n{% endif %}\n3. c"

    assert html_of(source).replace("\n", "") == (
        '<ol><li>a</li></ol><ol start="2"><li>b</li></ol><ol start="3"><li>c</li></ol>'
    )
    assert html_of(source, vip=False).replace("\n", "") == (
        '<ol><li>a</li></ol><ol start="3"><li>c</li></ol>'
    )


def test_a_list_is_repeated_item_by_item() -> None:
    """A loop over a customer's list may stand around a list item."""
    source = "{% for tag in customer.tags %}\n- {{ tag }}\n{% endfor %}"

    assert html_of(source).count("<li>") == 2
    assert text_of(source) == "- pens\n\n- ink\n\n\n"


def test_nested_items_may_be_open_too() -> None:
    """Conditions indented like their items stay in the list."""
    source = "- a\n  - b\n  {% if customer.vip %}\n  - c\n  {% endif %}\n- d"

    assert "<pre>" not in html_of(source)
    assert text_of(source) == "- a\n  - b\n  - c\n- d\n"
    assert text_of(source, vip=False) == "- a\n  - b\n- d\n"


def test_a_condition_may_stand_in_a_quote() -> None:
    """Around whole blocks of the quote."""
    source = "> a\n> {% if customer.vip %}\n> - b\n> {% endif %}"

    assert "<li>b</li>" in html_of(source)
    assert "<li>" not in html_of(source, vip=False)


def test_a_condition_may_stand_around_a_table_and_in_its_cells() -> None:
    """But not between its rows."""
    source = (
        "{% if customer.vip %}\n| a | b |\n|---|---|\n"
        "| {{ customer.city }} | {% if customer.points %}x{% endif %} |\n{% endif %}"
    )

    assert "<td>Berlin</td>\n<td>x</td>" in html_of(source)
    assert html_of(source, vip=False).strip() == ""


def test_values_stand_in_links_pictures_and_titles() -> None:
    """Each is escaped for its place."""
    source = (
        '[go]({{ customer.link }} "{{ customer.city }}") '
        "![{{ customer.city }}](https://a.example/b.png)"
    )

    assert html_of(source, city='a"b c') == (
        '<p><a href="https://a.example/x" title="a&#34;b c">go</a> '
        '<img alt="a&#34;b c" src="https://a.example/b.png"></p>'
    )


def test_headings_without_links_have_no_ids() -> None:
    """Several texts of a message may have the same headings."""
    source = "# {{ customer.city }}\n\nFor {{ customer.first_name }}\n------"

    assert html_of(source) == "<h2>Berlin</h2>\n<h2>For Anna</h2>"


def test_code_is_printed_as_it_is() -> None:
    """Braces in code spans and blocks are not Jinja."""
    source = (
        "`{{ x }}` ``a`{% y %}``\n\n```jinja\n{% if customer.vip %}{# c #}\n```\n\n~~~\n{{\n~~~"
    )
    html = html_of(source)

    assert html.startswith("<p><code>{{ x }}</code> <code>a`{% y %}</code></p>")
    assert "<pre><code>{% if customer.vip %}{# c #}\n</code></pre>" in html
    assert "    {% if customer.vip %}{# c #}" in text_of(source)


def test_a_single_backquote_hides_nothing() -> None:
    """Two backquotes in two paragraphs make no code."""
    assert "Berlin" in html_of("5` a\n\n{{ customer.city }} b ` c")


def test_braces_are_printed_where_jinja_is_switched_off() -> None:
    """With `template: false` in front matter they are text."""
    source = Source("{{ customer.city }} {% if %}", Place(path="x.md", line=1))

    body = Edition().wording.body(source, template=False)

    assert body.text == "<p>{{ customer.city }} {% if %}</p>"


MISPLACED = {
    "whitespace control glues to an item": (
        "- a\n{% if customer.vip -%}\n- b\n{% endif %}",
        "is before a list, heading, quote or table on the same line",
    ),
    "whitespace control glues to a heading": (
        "x\n{% if customer.vip -%}\n# b\n{% endif %}",
        "is before a list, heading, quote or table on the same line",
    ),
    "condition and item on one line": (
        "x\n\n> {% if customer.vip %}- b{% endif %}",
        "is before a list, heading, quote or table on the same line",
    ),
    "between rows": (
        "| a |\n|---|\n{% if customer.vip %}\n| b |\n{% endif %}",
        "is between the rows of a Markdown table",
    ),
    "between rows without outer pipes": (
        "a | b\n--|--\n{% for t in customer.tags %}\nc | d\n{% endfor %}",
        "is between the rows of a Markdown table",
    ),
    "between rows of an HTML table": (
        "x\n\n<table>\n{% if customer.vip %}\n<tr><td>a</td></tr>\n{% endif %}\n</table>",
        "'customer.vip' is in a place where Markdown would lose or move it",
    ),
    "text between rows of an HTML table": (
        "x\n\n<table><tr><td>{% if customer.vip %}a</td></tr>b{% endif %}</table>",
        "'customer.vip' is in a place where Markdown would lose or move it",
    ),
    "further left than what it holds": (
        "- a\n\n{% if customer.vip %}\n    - b\n{% endif %}",
        "the line after {% … %} is indented further than it, which makes it code",
    ),
    "indented code": (
        "x\n\n    {{ customer.city }}",
        "a line that begins with four spaces is code",
    ),
    "across emphasis": (
        "x\n\na {% if customer.vip %}**b{% endif %}** c",
        "a condition that cuts an element in two: customer.vip",
    ),
    "across items": (
        "- a\n- b\n- c{% if customer.vip %}\n- d{% endif %}",
        "a condition that cuts an element in two: customer.vip",
    ),
    "in a link": (
        "x\n\n[a](https://x.example/{% if customer.vip %}b{% endif %})",
        "a condition inside an address, or across the borders of an attribute",
    ),
    "scheme before a value": (
        "x\n\n[a](javascript:{{ customer.city }})",
        "an address that begins with javascript: would be removed",
    ),
    "host": (
        "x\n\n[a](https://{{ customer.city }}.example/)",
        "'customer.city' is in a place where Markdown would lose or move it",
    ),
    "end of a host": (
        "x\n\n[a](https://x.{{ customer.city }})",
        "'customer.city' is in a place where Markdown would lose or move it",
    ),
    "attribute's name": (
        'x\n\n<p {{ customer.city }}="1">x</p>',
        "'customer.city' is in a place where Markdown would lose or move it",
    ),
    "event": (
        'x\n\n<p onclick="{{ customer.city }}">x</p>',
        "'customer.city' is in a place where Markdown would lose or move it",
    ),
    "address kept elsewhere": (
        "{% if customer.vip %}\n[x][1]\n{% endif %}\n[1]: {{ customer.link }}",
        "'customer.link' is in a place where Markdown would lose or move it",
    ),
}


@pytest.mark.parametrize("case", MISPLACED)
def test_open_parts_that_markdown_would_move_or_lose_are_refused(case: str) -> None:
    """The error names the line; no message is silently wrong."""
    source, message = MISPLACED[case]
    line = next(n for n, text in enumerate(source.split("\n"), 10) if _opens(text))
    if case == "address kept elsewhere":
        line = 13

    problem = refusal(Edition().body_tree, source)

    assert message in problem.message
    assert problem.at and (problem.at.path, problem.at.line) == ("content/x.md", line)
    assert problem.hint


def _opens(line: str) -> bool:
    return "{%" in line or "{{" in line


def test_quotes_are_those_of_the_language() -> None:
    """German and French have their own; in other languages quotes stay as written."""
    text = '"a" it\'s'

    assert to_html(text, language="en") == "<p>“a” it’s</p>"
    assert to_html(text, language="de-AT") == "<p>„a“ it’s</p>"
    assert to_html(text, language="fr") == "<p>«\u00a0a\u00a0» it’s</p>".replace(
        "\u00a0", "&nbsp;"
    )
    assert to_html(text, language="pl") == '<p>"a" it\'s</p>'


@pytest.mark.parametrize("template", [True, False])
def test_elements_nested_without_end_are_refused(template: bool) -> None:
    """css-inline would crash on some 20,000 nested tags."""
    source = Source(">" * 20_000 + " x", Place(path="content/x.md", line=3))

    problem = refusal(Edition().wording.body, source, template=template)

    assert str(problem).startswith("content/x.md:3: elements are nested more than 200 deep")


MARKS = (
    *(
        "a word",
        "Two.",
        "\n",
        "\n\n",
        "  \n",
        " ",
        "-",
        "--",
        "---",
        "...",
        "'",
        '"',
        "''",
        "80's",
    ),
    *("*", "**", "_", "`", "``", "\\", "\\*", "\\'", "[", "](b.md)", "![", "[a]", "[a]: b.md 'c'"),
    *("<b>", "</b>", "<https://a.example>", "<a@a.example>", "&amp;", "&", "&#38", "<!-- -->"),
    *("<div>\n", "</div>\n", "![a](b.png)", "[a][]", "a--b", "1", "H"),
    *("~~", "~", "www.a.example", "https://a.example/", "[^a]", "\n\n[^a]: ", "<x>", "\\\n"),
    *("\n- ", "\n1. ", "\n> ", "\n# ", "\n```\n", "\n    ", "\na\n: ", "\na|b\n-|-\n", "|"),
    *("klzzwxh:0000", "wzxhzdk:0", "\x02klzzwxh:0000\x03", "\x02" + "34\x03", "é", "„"),
)


@given(st.lists(st.sampled_from(MARKS), max_size=25).map("".join), st.sampled_from(["en", "nl"]))
def test_skipping_a_pass_without_work_changes_nothing(text: str, language: str) -> None:
    """Passes over the tree may skip texts without anything to replace."""
    assert _converted(quick_converter(language).reset(), text) == _converted(
        full_converter(language), text
    )


def _converted(converter: Any, text: str) -> str:
    try:
        return str(converter.convert(text))
    except RefusedError as error:  # a note without a reference
        return error.message
