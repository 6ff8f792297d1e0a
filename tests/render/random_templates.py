"""Hypothesis strategies for Jinja templates over a customer, and for customers."""

from __future__ import annotations

import re
from collections import namedtuple
from typing import Any

import polars as pl
from hypothesis import strategies as st

SCHEMA: dict[str, pl.DataType] = {
    "a": pl.String(),
    "b": pl.String(),
    "n": pl.Int64(),
    "m": pl.Int64(),
    "vip": pl.Boolean(),
    "xs": pl.List(pl.String()),
    "services": pl.List(pl.Struct({"title": pl.String(), "count": pl.Int64()})),
}
Customer = namedtuple("Customer", SCHEMA)
Service = namedtuple("Service", ["title", "count"])
Entry = namedtuple("Entry", ["slug", "title", "count", "on"])

NAMES: dict[str, Any] = {
    "title": "A & <b>",
    "number": 3,
    "yes": True,
    "entries": [Entry("one", "One", 1, True), Entry("two", "T'wo", 2, False)],
    "words": {"x": "ex", "y": "why"},
    "pairs": [("k", 1), ("l", 2)],
    "empty": [],
}
"""What templates may name besides the customer."""

PART = "({{ customer.a | default('?') }}{% if customer.vip %}{{ title }}{% endif %})"
"""The template `part` that they may include."""

_TEXTS = st.sampled_from(["", "ab", "Anna", "O'Brien", "<i>&amp;", '"q"', "{{ x }}", "é 😀", "b"])


def _maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(values, values, st.none())


customers = st.builds(
    Customer,
    a=_maybe(_TEXTS),
    b=_maybe(_TEXTS),
    n=_maybe(st.integers(-3, 5)),
    m=_maybe(st.integers(0, 3)),
    vip=_maybe(st.booleans()),
    xs=_maybe(st.lists(_TEXTS, max_size=3)),
    services=_maybe(
        st.lists(st.builds(Service, _maybe(_TEXTS), _maybe(st.integers(0, 3))), max_size=3)
    ),
)

# A pattern's <T>, <N> and <B> stand for expressions that give text, a number, or are tested; <t>,
# <n> and <b> for mere names; <S> for statements. What follows a blank are names to use in it.
_LEAVES = {
    "t": ["title", "customer.a", "customer.a", "customer.b", "words.x", "words['y']", "'<l>'"],
    "n": ["number", "customer.n", "customer.m", "2"],
    "b": ["yes", "customer.vip", "customer.vip", "customer.a", "customer.xs"],
}
_NAMES = {
    "entry": {"t": ["e.title", "e.slug"], "n": ["e.count"], "b": ["e.on"]},
    "service": {"t": ["s.title", "s.title"], "n": ["s.count"], "b": ["s.title"]},
    "item": {"t": ["x", "x"], "b": ["x"]},
    "pair": {"t": ["k"], "n": ["v"]},
    "loop": {"n": ["loop.index", "loop.length"], "b": ["loop.first", "loop.last"]},
    "set": {"t": ["u", "u"]},
    "macro": {"t": ["p", "q"]},
    "given": {"t": ["p"]},
}
_PATTERNS = {
    "T": [
        "(<T> | default(<t>))",
        "(<T> ~ <T>)",
        "(<T> if <B> else <t>)",
        "(customer.xs | join('<'))",
        "(<T> | upper)",
        "(<T> | title | trim)",
        "(<T> | replace('a', <t>))",
        "<t>[0:2]",
        "('%s+%s' | format(<T>, <t>))",
        "(<N> ~ <T>)",
        "(customer.xs | first | default(<T>))",
        "(<T> or <t>)",
        "([<T>, 'z'] | join('-'))",
        "(customer.services | map(attribute='title') | map('default', '-') | join)",
    ],
    "N": [
        "(<N> + <n>)",
        "(<N> - <n>)",
        "(<N> * <n>)",
        "(<N> // <n>)",
        "(<N> % <n>)",
        "(-<N>)",
        "(<N> | abs)",
        "(<t> | length)",
    ],
    "B": [
        "(not <B>)",
        "(<B> and <B>)",
        "(<B> or <b>)",
        "(<N> < <n>)",
        "(<N> >= <n>)",
        "(<n> == <N>)",
        "(<T> == <t>)",
        "(<T> != <t>)",
        "(<t> in customer.xs)",
        "('a' not in <t>)",
        "(<t> is missing)",
        "(<n> is defined)",
        "(<n> is not missing and <n> > 1)",
    ],
    "S": [
        "<D>",
        "<D>",
        "{{ <T> }}",
        "{{ <T> }}",
        "{{ <N> }}",
        "<D>{{- <T> | default('-') -}}<D>",
        "{{ <T> if <B> }}",
        "{% if <B> %}<S>{% endif %}",
        "{% if <B> %}<S>{% else %}<S>{% endif %}",
        "{% if <B> -%} <S> {%- elif <B> -%} <S> {%- endif %}",
        "{%- if <B> %}<S>{% elif <B> %}<S>{%- else -%}<S>{% endif %}",
        "{% for e in entries %}<S entry loop>{% endfor %}",
        "{% for e in entries if <B entry> %}<S entry>{% endfor %}",
        "{% for e in entries if e.on %}<S entry loop>{% else %}<S>{% endfor %}",
        "{% for x in customer.xs %}<S item loop>{% endfor %}",
        "{% for s in customer.services -%} <S service loop> {%- endfor %}",
        "{% for s in customer.services if <B service> %}<S service>{% endfor %}",
        "{% for k, v in pairs %}<S pair loop>{% endfor %}",
        "{% for k in empty %}<S>{% else %}<S>{% endfor %}",
        "{% set u = <T> %}<S set>",
        "{% set u = <t> %}{% if <B> %}{% set u = <T set> %}<S set>{% endif %}<S set>",
        "{% if <B> %}{% set u = <t> %}{% else %}{% set u = <T> %}{% endif %}<S set>",
        "{% with u = <T> %}<S set>{% endwith %}",
        "{% set c %}<S>{% endset %}{{ c }}",
        "{% set c %}.<S>{% endset %}{% if c %}{{ c }}{% endif %}",
        "{% set c %}<S>{% endset %}{% if c | length > 2 %}{{ c }}{% endif %}",
        "{% include 'part' %}",
        "{% filter upper %}<S>{% endfilter %}",
        "{% set ns = namespace(u=<t>) %}{% if <B> %}{% set ns.u = <T> %}{% endif %}{{ ns.u }}",
    ],
    "C": ["{{ one(<T>, q=<t>) }}", "{% call(p) two(<T>) %}<S given>{% endcall %}"],
    "D": ["x", " ", "\n", "<p>", "&amp;", "{ ", "a\n  b", "%}", "text. ", "'"],
}
_HOLE = re.compile(r"<([TNBStnbD])((?: \w+)*)>")
_MACROS = (
    "{% macro one(p, q='-') %}<S macro>{% endmacro %}"
    "{% macro two(p) %}[{{ caller(p) }}<S given>]{% endmacro %}"
)
_DEEP = {"T": 2, "N": 1, "B": 2, "S": 3, "C": 3}


@st.composite
def templates(draw: st.DrawFn) -> str:
    """Return the source of a template; `part` is what it may include."""
    head = draw(_filled(_MACROS, _LEAVES, {"T": 1, "N": 1, "B": 1, "S": 1}))
    body = draw(st.lists(_filled("<S>", _LEAVES, _DEEP), min_size=1, max_size=3))
    return head + "".join(body)


@st.composite
def _filled(
    draw: st.DrawFn, pattern: str, leaves: dict[str, list[str]], deep: dict[str, int]
) -> str:
    """Return *pattern* with its holes filled; *deep* limits the depth of each kind."""
    out, at = "", 0
    for hole in _HOLE.finditer(pattern):
        out, kind, names = out + pattern[at : hole.start()], hole[1], _with(leaves, hole[2])
        at = hole.end()
        if kind == "S" and deep["S"] == 0:
            kind = "D"
        if kind in "TNB" and (deep[kind] <= 0 or draw(st.booleans())):
            kind = kind.lower()
        if kind in "tnb":
            out += draw(st.sampled_from(names[kind]))
            continue
        patterns = _PATTERNS[kind] + (_PATTERNS["C"] if kind == "S" and "C" in deep else [])
        less = {**deep, kind: deep.get(kind, 0) - 1}
        out += draw(_filled(draw(st.sampled_from(patterns)), names, less))
    return out + pattern[at:]


def _with(leaves: dict[str, list[str]], names: str) -> dict[str, list[str]]:
    """Return the expressions that *names* allow."""
    added = [_NAMES[name] for name in names.split()]
    return {
        kind: [*texts, *(text for names in added for text in names.get(kind, ()))]
        for kind, texts in leaves.items()
    }
