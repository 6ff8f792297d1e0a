"""Blocks are found as GitHub finds them, whatever stands before them."""

from __future__ import annotations

import pytest
from render.pipeline import Edition, html_of, refusal, text_of

from newsletter.errors import Place
from newsletter.model.source import Source
from newsletter.render.late import RefusedError
from newsletter.render.markdown import to_html
from newsletter.render.text import to_text

BLOCKS = {
    "list after a text": (
        "We have:\n- tea\n- ink",
        "<p>We have:</p><ul><li>tea</li><li>ink</li></ul>",
    ),
    "numbers after a text": ("Steps:\n1. a\n2. b", "<p>Steps:</p><ol><li>a</li><li>b</li></ol>"),
    "a year is no list": ("It was\n2026. A year", "<p>It was2026. A year</p>"),
    "bracket after a number": ("3) a\n4) b", '<ol start="3"><li>a</li><li>b</li></ol>'),
    "list by two spaces": ("- a\n  - b\n- c", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
    "list by four spaces": ("- a\n    - b", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
    "list by a tab": ("1. a\n\t- b", "<ol><li>a<ul><li>b</li></ul></li></ol>"),
    "loose list": ("- a\n\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
    "paragraph of an item": ("- a\n\n  b", "<ul><li><p>a</p><p>b</p></li></ul>"),
    "item goes on": ("- a\nb", "<ul><li>ab</li></ul>"),
    "other mark, other list": ("- a\n* b", "<ul><li>a</li></ul><ul><li>b</li></ul>"),
    "fence in a list": (
        "1. Do:\n\n   ```bash\n   ls -l\n   cd x\n   ```\n\n2. Then",
        "<ol><li><p>Do:</p><pre><code>ls -lcd x</code></pre></li><li><p>Then</p></li></ol>",
    ),
    "fence in a quote": (
        "> ```\n> ls\n> ```",
        "<blockquote><pre><code>ls</code></pre></blockquote>",
    ),
    "fence with words": ("``` c++ {.x} a=b\nx\n```", "<pre><code>x</code></pre>"),
    "fence without an end": ("```\nx\ny", "<pre><code>xy</code></pre>"),
    "tildes": ("~~~\n```\n~~~", "<pre><code>```</code></pre>"),
    "code in an item": ("- a\n\n      b", "<ul><li><p>a</p><pre><code>b</code></pre></li></ul>"),
    "code": ("a\n\n    b\n\n    c", "<p>a</p><pre><code>bc</code></pre>"),
    "hashtag": ("#throwback to 2020", "<p>#throwback to 2020</p>"),
    "heading after a text": ("a\n# b #", '<p>a</p><h2 id="b">b</h2>'),
    "underlined": ("a\nb\n---", '<h2 id="a-b">ab</h2>'),
    "rule": ("a\n\n* * *", "<p>a</p><hr>"),
    "quote goes on": ("> a\nb\n\nc", "<blockquote><p>ab</p></blockquote><p>c</p>"),
    "table after a text": (
        "Prices:\n| a | b |\n|--:|---|\n| 1 | 2\\|3 | 4 |\n| 5 |",
        '<p>Prices:</p><table><thead><tr><th align="right" scope="col">a</th>'
        '<th scope="col">b</th></tr></thead>'
        '<tbody><tr><td align="right">1</td><td>2|3</td></tr>'
        '<tr><td align="right">5</td><td></td></tr>'
        "</tbody></table>",
    ),
    "Markdown in HTML": (
        "<div>\n\n## A\n\n*b*\n\n</div>",
        '<div><h2 id="a">A</h2><p><em>b</em></p></div>',
    ),
    "details": (
        "<details><summary>A</summary>\n\n**b**\n\n</details>",
        "<details><summary>A</summary><p><strong>b</strong></p></details>",
    ),
    "definitions": (
        "a\n: b\n: c\n\nd\n\n: e",
        "<dl><dt>a</dt><dd>b</dd><dd>c</dd><dt>d</dt><dd><p>e</p></dd></dl>",
    ),
    "tasks": ("- [ ] a\n- [x] b\n- [y] c", "<ul><li>☐ a</li><li>☑ b</li><li>[y] c</li></ul>"),
    "address between items": (
        "- a\n\n[b]: c.md\n\n- [b]",
        '<ul><li>a</li></ul><ul><li><a href="c.md">b</a></li></ul>',
    ),
}


@pytest.mark.parametrize("case", BLOCKS)
def test_blocks_are_those_of_github(case: str) -> None:
    """As other programs show them."""
    written, html = BLOCKS[case]
    assert to_html(written).replace("\n", "") == html


def test_code_in_lists_and_quotes_is_no_jinja() -> None:
    """Its braces are printed as they are."""
    source = "- a\n  ```\n  {{ x }}\n  ```\n\n> ~~~ any words\n> {% y %}"

    assert "{{ x }}" in html_of(source) and "{% y %}" in html_of(source)


def test_conditions_need_no_empty_lines() -> None:
    """A line of `{% … %}` alone ends a paragraph, and a list or table may follow it directly."""
    source = "a\n{% if customer.vip %}\n1. b\n{% else %}\n| c |\n|---|\n{% endif %}\nd"

    assert html_of(source).split() == ["<p>a</p>", "<ol>", "<li>b</li>", "</ol>", "<p>d</p>"]
    assert '<th scope="col">c</th>' in html_of(source, vip=False)


def test_too_many_open_brackets_are_refused() -> None:
    """Looking for their ends would take minutes."""
    with pytest.raises(RefusedError, match="more than 300 brackets are open"):
        to_html("[" * 60_000)


NOTES = (
    "Tea[^tea] and ink[^1], tea[^Tea].\n\n[^1]: Blue.\n[^tea]: *Green*\n    tea.\n\n    Always."
)


def test_notes_stand_at_the_end_in_the_order_of_their_references() -> None:
    """With links there and back, whatever their names."""
    html = to_html(NOTES)
    key = html.partition('"#note-')[2].partition("-")[0]

    assert f'Tea<sup><a href="#note-{key}-1" id="to-note-{key}-1">1</a></sup> and' in html
    assert f'tea<sup><a href="#note-{key}-1">1</a></sup>.' in html
    assert f'<li id="note-{key}-1">\n<p><em>Green</em>\ntea.</p>\n<p>Always. <a' in html
    assert html.count("↩") == 2
    assert to_text(html) == (
        "Tea[1] and ink[2], tea[1].\n\n* * *\n\n1. Green tea.\n   Always.\n2. Blue."
    )


def test_notes_of_two_texts_have_different_addresses() -> None:
    """They may stand on one page; the same text has the same addresses in each build."""
    one, other = to_html("A[^1]\n\n[^1]: b"), to_html("C[^1]\n\n[^1]: d")

    assert one.partition('href="')[2][:16] != other.partition('href="')[2][:16]
    assert one == to_html("A[^1]\n\n[^1]: b")


def test_notes_may_hold_open_parts() -> None:
    """But are for everybody themselves."""
    assert "[1]" in text_of("A[^1]\n\n[^1]: {% if customer.vip %}b{% endif %}{{ customer.city }}")


REFUSED_NOTES = {
    "A\n\n[^b]: c": (3, "nothing refers to the note [^b]"),
    "A[^b]\n\n[^b]: c\n[^B]: d": (4, "there are two notes [^B]"),
    "{% if customer.vip %}A[^b]{% endif %}\n\n[^b]: c": (
        1,
        "a note is referred to inside {% … %}",
    ),
    "A[^b]\n{% if customer.vip %}\n[^b]: c\n{% endif %}": (3, "a note is inside {% … %}"),
    "{% if customer.vip %}\n[a]\n\n[a]: b.md\n{% else %}\n[a]: c.md\n{% endif %}": (
        4,
        "[a]: has another address inside {% … %}",
    ),
}


@pytest.mark.parametrize("written", REFUSED_NOTES)
def test_notes_that_some_would_miss_are_refused(written: str) -> None:
    """A note must not reach those whom its condition leaves out, and none is lost."""
    line, message = REFUSED_NOTES[written]

    problem = refusal(
        Edition().wording.body, Source(written, Place(path="content/x.md", line=1)), template=True
    )

    assert message in problem.message and problem.hint
    assert problem.at and problem.at.line == line
