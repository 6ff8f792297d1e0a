"""Running a short text directly gives the same result as compiling it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from render.random_templates import NAMES, PART, SCHEMA, templates
from support import examples

from newsletter.errors import NewsletterError, Place
from newsletter.model.source import Source
from newsletter.render.bind import BindEnvironment
from newsletter.render.fragments import TEXT
from newsletter.render.record import Record
from newsletter.render.text_faults import faults

_SOME_TEXTS = (
    "{% if customer.a %}{% set x = 1 %}{% elif customer.b %}{% set x = 2 %}{% endif %}{{ x }}",
    "{% if not customer.a and customer.b %}A{% else %}B{% endif %}",
    "{{ customer.a | default('none') }}, {{ title }}",
    "{{ unknown }} {{ customer.a }}",
    "one\n{{ customer.a.b.c }}",
)
_pieces = st.sampled_from((
    "{{ customer.a }}", "{{ title }}", "{{ customer.b | default(title) }}", "{{ u }}", "words\n",
    "{% set u = customer.b %}", "{% set u = title %}", "{{ customer.none }}", "{{ words.x }}",
))  # fmt: skip
_tests = st.sampled_from(("customer.vip", "customer.a == title", "title", "not customer.vip"))
_short = st.recursive(
    st.lists(_pieces, max_size=3).map("".join),
    lambda inner: st.builds(
        "{{% if {} %}}{}{{% else %}}{}{{% endif %}}{}".format, _tests, inner, inner, inner
    ),
    max_leaves=6,
)


def bound(source: str, *, directly: bool) -> object:
    """Return text, slots and fields of a bound text, or its problems."""
    sources = {
        name: Source(text, Place(path=name, line=1))
        for name, text in {"whole": source, "part": PART}.items()
    }
    record = Record(SCHEMA)
    environment = BindEnvironment(sources, {})
    environment.begin(record)
    whole = Source(source, Place(path=TEXT, line=1))
    environment.sources[TEXT] = whole
    try:
        bind = environment.bind_text if directly else environment.bind
        text = bind(whole if directly else TEXT, NAMES)
    except NewsletterError as error:
        others = faults(whole, environment, NAMES, record.known)
        return frozenset((*error.problems, *others))
    return text, record.slots, record.fields


def runs_directly(source: str) -> bool:
    """Return whether a text is run without being compiled."""
    environment = BindEnvironment({}, {})
    return environment._read_text(source)[1] is not None


def test_random_texts_are_bound_alike_in_both_ways() -> None:
    """Text, slots, fields and problems are equal; many texts run without being compiled."""
    ran: list[bool] = []

    @examples(150)
    @given(st.one_of(templates(), _short).filter(lambda source: "{% include" not in source))
    def compare(source: str) -> None:
        assert bound(source, directly=True) == bound(source, directly=False)
        ran.append(runs_directly(source))

    compare()
    assert sum(ran) > 0.1 * len(ran)


def test_texts_of_conditions_and_names_run_directly() -> None:
    """None is compiled; results and mistakes are those of compiling."""
    for source in _SOME_TEXTS:
        assert bound(source, directly=True) == bound(source, directly=False)
        assert runs_directly(source)
