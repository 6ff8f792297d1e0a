"""What would take minutes or all memory is refused, where the author wrote it."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from render.pipeline import Edition, read, refusal
from support import EXAMPLE_DAY, ROOT

from newsletter.errors import NewsletterError, Place
from newsletter.mailing.recipients import ADDED
from newsletter.merge.compile import compile_texts
from newsletter.merge.expressions import MergeEnvironment
from newsletter.merge.rows import Slice, joined
from newsletter.model.care import EditionPlan
from newsletter.model.source import Source
from newsletter.model.template import Condition, Output, Slot
from newsletter.plan.needs import columns
from newsletter.read.assembly import read_project
from newsletter.render.bind import BindEnvironment
from newsletter.render.late import RefusedError
from newsletter.render.markdown import MOST_CHARACTERS, to_html
from newsletter.render.message_template import render_edition
from newsletter.render.record import Record
from newsletter.render.templates import environment_of, rendered
from newsletter.render.wording import Wording
from newsletter.rules.limits import TooMuchError
from newsletter.rules.to_polars import compile_rule

TURNS = "loops, calls and filters take more than 50,000 turns"
CHARACTERS = "loops, calls and filters make more than 2,000,000 characters"
VALUE = "a value has more than 500,000 characters or items"
DIGITS = "a number has more than 250 digits"
LARGEST = "gets the number 1,000,000,000; it takes at most 10,000"

VALUES = {
    "10 ** (10 ** 8)": DIGITS,
    "10 ** 200 * 10 ** 200": DIGITS,
    "1.5 ** 999999999": DIGITS,
    "9" * 5000: DIGITS,
    "'x' * 10 ** 9": VALUE,
    "10 ** 9 * 'x'": VALUE,
    "[1] * 10 ** 9": VALUE,
    "'%0999999999d' % 1": VALUE,
    "'%*d' % (999999999, 1)": VALUE,
    "'%0999999999d' | format(1)": VALUE,
    "'{:>999999999}'.format(1)": VALUE,
    "'{:{}}'.format(1, 999999999)": VALUE,
    "('a' * 99999) | replace('a', 'b' * 99999)": VALUE,
    "('a' * 99999).replace('', 'b' * 99999)": VALUE,
    "('x' * 99999).join(['a'] * 9999)": VALUE,
    "range(9999) | map('string') | join('x' * 9999)": VALUE,
    "'x' | center(10 ** 9)": f"center {LARGEST}",
    "'x' | indent(10 ** 9)": f"indent {LARGEST}",
    "[1] | batch(10 ** 9, 0) | list": f"batch {LARGEST}",
    "[1] | slice(10 ** 9) | list": f"slice {LARGEST}",
    "1.5 | round(10 ** 9, 'floor')": f"round {LARGEST}",
    "[[1]] | tojson(10 ** 9)": f"tojson {LARGEST}",
    "'x'.ljust(10 ** 9)": f"ljust {LARGEST}",
    "'x'.zfill(10 ** 9)": f"zfill {LARGEST}",
    "(1).to_bytes(10 ** 9, 'big')": f"to_bytes {LARGEST}",
    "('x ' * 26000) | wordwrap(9)": "a text for wordwrap has more than 50,000 characters",
    "[[1], [2]] | sum(start=[])": "sum adds numbers",
}
"""Expression → why it is refused."""

GROWING = "{% set x = 'ab' %}" + "{% set x = x ~ x %}" * 40 + "{{ x }}"
NESTED = "{% set x = [1] %}" + "{% set x = [x, x] %}" * 40 + "{{ x }}"

RUNNING = {
    "{{ range(10 ** 9) }}": "range gives more than 50,000 numbers",
    "{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}": TURNS,
    "{% for i in range(9999) %}{{ range(9999) | sort | length }}{% endfor %}": CHARACTERS,
    "{% macro a(n) %}{% if n %}{{ a(n - 1) }}{{ a(n - 1) }}{% endif %}{% endmacro %}{{ a(40) }}": (
        TURNS
    ),
    "{% set x = 'x' * 9999 %}{% for i in range(9999) %}{{ x }}{% endfor %}": CHARACTERS,
    "{% for i in range(40) %}{% set x = ('ab ' * 1500) | wordwrap(9) %}{% endfor %}": CHARACTERS,
    "{% set l = range(40000) | list %}{% for i in range(9) %}{% set x = l | sort %}{% endfor %}": (
        CHARACTERS
    ),
    "{% for i in range(9999) %}" + "text " * 999 + "{% endfor %}": CHARACTERS,
    GROWING: VALUE,
    GROWING.replace("~", "+"): VALUE,
    NESTED: VALUE,
    NESTED.replace("[x, x]", "{1: x, 2: x}"): VALUE,
    "{% set n = namespace(x='ab') %}{% for i in range(40) %}{% set n.x = n.x ~ n.x %}"
    "{% endfor %}": VALUE,
    "{% if customer.a %}a{% endif %}" * 5000: "there are more than 500 {% … %} in one text",
    "{{ customer.a }}" * 5000: "there are more than 2,000 {{ … }} in one text",
    f"{{{{ 1{' + 1' * 20_000} }}}}": "a tag has more than 5,000 names, values and signs",
}
"""Text → why it is refused."""


@pytest.mark.parametrize(("expression", "message"), VALUES.items())
def test_a_value_that_would_be_too_large_is_refused(expression: str, message: str) -> None:
    """The line and a cure are named, and nothing of that size is made."""
    refused(f"{{{{ {expression} }}}}", message)


LONG = "{% set l = range(40000) | list %}{% set s = 'a' * 400000 %}{% for i in range(40000) %}"
REPEATED = [
    "{% if -1 in l %}{% endif %}",
    "{% if 'aab' in s %}{% endif %}",
    "{% if l == l[:] %}{% endif %}",
    "{% if l < l %}{% endif %}",
    "{% if s < s %}{% endif %}",
    "{% if -1 is in l %}{% endif %}",
    "{% if l is eq(l) %}{% endif %}",
    "{% set x = l[1:] %}",
    "{% set x = s[1:] %}",
    "{% set x = l.count(-1) %}",
    "{% set x = loop.cycle(*l) %}",
    "{% set x = l | select('in', l) | first %}",
]


@pytest.mark.parametrize("text", REPEATED)
def test_what_goes_through_a_long_value_again_and_again_is_refused(text: str) -> None:
    """Comparisons, tests, parts and arguments are counted by what they go through."""
    refused(f"{LONG}{text}{{% endfor %}}", CHARACTERS)


@pytest.mark.parametrize(
    ("value", "name"), [("range(1000) | list", "sort"), ("'ab ' * 1000", "wordwrap")]
)
def test_what_takes_long_for_each_item_counts_for_more(value: str, name: str) -> None:
    """Otherwise a page could sort for twenty seconds."""
    text = (
        f"{{% set l = {value} %}}{{% for x in range(20) %}}{{% set y = l | NAME %}}{{% endfor %}}"
    )
    assert read(Edition().body_tree(text.replace("NAME", "first"))) == ""
    refused(text.replace("NAME", name), CHARACTERS)


@pytest.mark.parametrize(("between", "line"), [("", 3), ("\n", 102)])
def test_a_chain_in_a_paragraph_has_a_limit(between: str, line: int) -> None:
    """Each part of it is taken apart inside the one before."""
    parts = between.join(f"{{% elif customer.n == {n} %}}b" for n in range(200))
    wording = Wording(schema={"n": pl.Int64()}, names={}, filters={})
    text = f"a\n\n{{% if customer.n %}}a{parts}{{% endif %}}"
    with pytest.raises(NewsletterError, match="more than 100 conditions") as error:
        wording.body(Source(text, Place(path="content/x.md", line=1)), template=True)
    (problem,) = error.value.problems
    assert problem.at
    assert problem.at.line == line


@pytest.mark.parametrize("between", ["", "\n"])
@pytest.mark.parametrize("after", ["", " Bye."])
def test_a_chain_stays_flat(between: str, after: str) -> None:
    """As many branches as a paragraph may have stand side by side, in HTML and in text."""
    parts = between.join(f"{{% elif customer.points == {n} %}}b{n}" for n in range(99))
    text = f"{{% if customer.vip %}}a{between}{parts}{between}{{% else %}}c{{% endif %}}{after}"
    edition = Edition()
    for tree in (edition.html(text), edition.body_tree(text), edition.text(text)):
        assert "b77" in read(tree, vip=False, points=77)
        assert "b77" not in read(tree, vip=False, points=7)
        (chain,) = (part for part in tree if isinstance(part, Condition))
        assert len(chain.branches) == 100


def test_a_chain_stays_flat_in_a_letter() -> None:
    """No comment is left between its branches: a hundred would be nested in each other."""
    minimal = ROOT / "tests/projects/valid/minimal"
    project = read_project(minimal, today=EXAMPLE_DAY)
    parts = "".join(f"{{% elif customer.points == {n} %}}\nb{n}\n\n" for n in range(99))
    text = f"{{% if customer.city %}}\na\n\n{parts}{{% endif %}}\n"
    body = Source(text, Place(path="content/issues/2026-11.md", line=1))
    recipients = pl.DataFrame(schema={**columns(project), **ADDED})
    edition = EditionPlan(
        issue=replace(project.issues[0], body=body), entries=(), answers=(), recipients=recipients
    )
    letter = render_edition(project, edition, today=EXAMPLE_DAY, channel="letter").html
    chains = [part for part in letter if isinstance(part, Condition)]
    assert max(len(chain.branches) for chain in chains) == 100
    assert "<!--" not in repr(letter)


@pytest.mark.slow
@pytest.mark.parametrize("text", REPEATED)
def test_pages_of_the_theme_count_what_comparisons_go_through(text: str) -> None:
    """A theme that somebody gave away is trusted no more than a text."""
    project = read_project(ROOT, today=EXAMPLE_DAY)
    texts = {**project.theme.texts, "care/x.html": f"{LONG}{text}{{% endfor %}}"}
    theme = replace(
        project.theme, texts=texts, places={**project.theme.places, "care/x.html": "x"}
    )
    environment = environment_of(replace(project, theme=theme), "en")
    with pytest.raises(NewsletterError, match="x:1: loops, calls and filters make more than"):
        rendered(environment, "care/x.html", {}, theme=theme)


@pytest.mark.parametrize(("text", "message"), RUNNING.items())
def test_a_text_that_would_run_on_is_refused(text: str, message: str) -> None:
    """Turns, calls and characters are counted where they occur."""
    refused(text, message)


def refused(text: str, message: str) -> None:
    """Bind a text, which is refused on its third line."""
    environment = BindEnvironment({}, {})
    environment.begin(Record({}))
    source = Source(f"Hello,\n\n{text}\n", Place(path="content/x.md", line=1))
    with pytest.raises(NewsletterError) as error:
        environment.bind_text(source, {})
    (problem,) = error.value.problems
    assert problem.message == message
    assert problem.at
    assert (problem.at.path, problem.at.line) == ("content/x.md", 3)
    assert problem.hint


@pytest.mark.parametrize(
    "text",
    [
        "{% for i in range(9999) %}{{ i }} {% endfor %}",
        "{% set ns = namespace(n=0) %}{% for i in range(999) %}{% set ns.n = ns.n + i %}"
        "{% endfor %}{{ ns.n }}",
        "{{ 'In 2026 we sold %d pens' % 1200000 }} {{ '%5.2f' | format(3.14159) }}",
        "{{ ('ab' * 40000) | length }} {{ 2 ** 64 }} {{ 'x'.center(20) }} {{ 'a' | center(3) }}",
        "{{ [1, 2, 3] | sum }} {{ ['a', 'b'] | join(', ') }} {{ 'a-b'.replace('-', ' ') }}",
        "{% for x in [1, [2, 3]] recursive %}{{ loop(x) if x is iterable else x }}{% endfor %}",
        "{% for row in range(9) | batch(3) %}{{ loop.index }}{{ row | join }}{% endfor %}",
    ],
)
def test_what_texts_need_is_far_from_the_limits(text: str) -> None:
    """These say the same as in Jinja alone."""
    import jinja2  # noqa: PLC0415

    expected = jinja2.Environment(autoescape=False).from_string(text).render()
    assert read(Edition(whole_txt=text).layout_tree("whole.txt")) == expected


@pytest.mark.parametrize(
    "expression",
    ["customer.a ~ 'x' * 10 ** 9", "customer.a * 10 ** 9", "customer.a | center(10 ** 9)",
     "10 ** (10 ** 8 + (customer.a | length))"],
)  # fmt: skip
def test_a_value_of_a_customer_that_would_be_too_large_fails(expression: str) -> None:
    """Only the message of that customer is left out."""
    slot = Slot(expression, Place(path="content/x.md", line=3), (), False, expression)
    (compiled,) = compile_texts([(Output(slot, "plain"),)], MergeEnvironment({}))
    (result,) = joined(compiled, Slice(pl.DataFrame({"a": ["Anna"]})))
    assert isinstance(result, TooMuchError)


def test_a_page_of_the_theme_has_limits_that_grow_with_what_it_shows() -> None:
    """A list of many recipients is a long page, not one that runs away."""
    project = read_project(ROOT, today=EXAMPLE_DAY)
    page = "{% for a in messages %}{% for b in messages %}{% endfor %}{% endfor %}"
    texts = {**project.theme.texts, "care/x.html": page, "care/y.html": "{{ messages | length }}"}
    places = {**project.theme.places, "care/x.html": "theme/care/x.html"}
    theme = replace(project.theme, texts=texts, places=places)
    environment = environment_of(replace(project, theme=theme), "en")
    names = {"messages": [0] * 100_000}
    assert rendered(environment, "care/y.html", names, theme=theme) == "100000"
    with pytest.raises(NewsletterError, match=r"theme/care/x.html:1: loops, calls and filters"):
        rendered(environment, "care/x.html", names, theme=theme)


@pytest.mark.parametrize(
    "rule", ["9" * 400 + " > 1", "1 < " * 1000 + "2", "x" * 100_001, "9" * 5000 + " > 1"]
)
def test_a_rule_has_limits(rule: str) -> None:
    """Polars would take minutes, or Python could not read the number."""
    with pytest.raises(NewsletterError, match="more than"):
        compile_rule(Source(rule, Place(path="content/segments.yml", line=1)), {})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[a](" * 5000, "more than 300 brackets are open"),
        ("# " + "[a](" * 5000, "more than 300 brackets are open"),
        ("|a|\n|-|\n|" + "[a](" * 5000, "more than 300 brackets are open"),
        ("\\" * 20_001, "a paragraph has more than 20,000 characters"),
        ("<div>\n" * 2_001, "elements are nested more than 200 deep"),
        ("a " * MOST_CHARACTERS, "the text has more than 200,000 characters"),
    ],
)
def test_markdown_that_takes_long_is_refused(text: str, message: str) -> None:
    """Python-Markdown looks for the end of each address up to the end of the text."""
    with pytest.raises(RefusedError, match=message):
        to_html(text)


@pytest.mark.parametrize("text", ["*word* " * 3_000 + "\nend", "[a](" * 5_000])
def test_a_refused_paragraph_has_its_line(text: str) -> None:
    """Not that of the text, which may have a hundred paragraphs."""
    problem = refusal(Edition().body, f"One.\n\nTwo.\n\n{text}\n\nFour.\n")
    assert (problem.at and problem.at.line, bool(problem.hint)) == (14, True)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("http://a.example/" + ")" * 19_000, "</p>"),
        ("http://a.example/" + ".," * 9_000 + "x", "x</a></p>"),
        ("#" + " " * 9_000 + "a" + " " * 9_000 + "b", "b</h2>"),
        ("[" + "a " * 9_000 + "]: ", "</p>"),
        ("[a]:" + " " * 19_000 + "x y", "</p>"),
        ("<!-- " * 39_000, ""),
        ("---\n" * 49_000, "<hr>"),
        ("a@b.example " * 1_600, "</a></p>"),
        ("# a\n\n" * 5_000, '<h2 id="a-4999">a</h2>'),
        (
            "".join(f"a[^{n}] " for n in range(2000))
            + "\n\n"
            + "\n".join(f"[^{n}]: see [^{(n + 1) % 2000}]" for n in range(2000)),
            "</ol>",
        ),
    ],
)
def test_long_markdown_is_read_once(text: str, end: str) -> None:
    """Patterns that began again at each character took minutes."""
    assert to_html(text).rstrip().endswith(end)
