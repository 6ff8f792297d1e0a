"""All faults of a template are found at once, each with its place and its cure."""

from __future__ import annotations

import pytest
from jinja2 import Environment
from render.pipeline import Edition

from newsletter.errors import NewsletterError, Place
from newsletter.model.source import Source
from newsletter.render.binding_errors import KnownFields
from newsletter.render.text_faults import faults


def _faults(source: str) -> list[str]:
    with pytest.raises(NewsletterError) as caught:
        Edition(headers={"Vorname": "first_name"}).body(source)
    return [
        f"{p.at and (p.at.line, p.at.column)} {p.message}: {p.hint}" for p in caught.value.problems
    ]


SLIPS = {
    "{{ customer.city | default(“you”) }}": (1, 28, "straight quotes"),
    "{{ customer.city | default(„du“) }}": (1, 28, "straight quotes"),
    "{{ customer.city | default(«toi») }}": (1, 28, "straight quotes"),
    "{{ customer.city | default(‘you’) }}": (1, 28, "straight quotes: 'text'"),
    "x\n{% if customer.vip %}a{% end if %}": (2, 23, "write {% endif %}"),
    "{% if customer.vip %}a{% EndIf %}": (1, 23, "write {% endif %}"),
    "{% if customer.vip %}a{% else if x %}b{% endif %}": (1, 23, "write {% elif … %}"),
    "{% if customer.vip %}a{% elseif x %}b{% endif %}": (1, 23, "write {% elif … %}"),
    "{% wenn customer.vip %}a{% endif %}": (1, 1, "write {% if … %}"),
    "{% if customer.vip %}a{% edif %}": (1, 23, "did you mean 'endif'?"),
    "{{ customer.city }": (1, 1, "end it with '}}'"),
    "{{ customer.city %} and }}": (1, 1, "end it with '}}'"),
    "{% if customer.vip }}a{% endif %}": (1, 1, "end it with '%}'"),
    "{% if customer.city = 'Ulm' %}a{% endif %}": (1, 21, "write == to compare"),
    "{% if customer.vip && customer.city %}a{% endif %}": (1, 20, "write `and`"),
    "{% if not customer.vip AND customer.city %}a{% endif %}": (1, 24, "in small letters"),
    "{{ customer.first name }}": (1, 19, "a field is one word"),
    '{{ customer.city | default:"you" }}': (1, 27, 'in brackets: default("you")'),
    '{{ customer.city | default("you) }}': (1, 28, "ends with the quote it began with"),
    "{{ customer.vip ? 1 : 2 }}": (1, 17, "write `this if question else that`"),
    "{{ }}": (1, 4, "write one such as customer.first_name"),
    "{% for t in customer.tags %}a{% end %}": (1, 30, "write {% endfor %}"),
    "{% if customer.vip %}a{% /if %}": (1, 23, "write {% endif %}"),
    "{% if customer.vip %}a{% fi %}": (1, 23, "write {% endif %}"),
    "{% if customer.vip then %}a{% endif %}": (1, 20, "take it out"),
    "{% if customer.vip || customer.city %}a{% endif %}": (1, 21, "write `or`"),
    "{% if customer.vip und customer.city %}a{% endif %}": (1, 20, "write `and`"),
    "{% if (customer.vip %}a{% endif %}": (1, 20, "close the '(' with ')'"),
    "{% for t of customer.tags %}a{% endfor %}": (1, 1, "write {% for item in … %}"),
    "{% foreach t in customer.tags %}{{ t }}{% endfor %}": (1, 1, "write {% for … %}"),
    "{% customer.city %}": (1, 1, "write {{ customer.city }}"),
    "{{{ customer.city }}}": (1, 1, "write two: {{ … }}"),
    '{{ customer.city | default "you" }}': (1, 28, 'in brackets: default("you")'),
    '{{ customer.city ?? "you" }}': (1, 18, 'write a fallback: | default("you")'),
    "{{ customer．city }}": (1, 12, "write ."),
    "{{ customer.city ｜ upper }}": (1, 18, "write |"),
    "{% set a = “x” %}{{ a }}": (1, 12, "straight quotes"),
    "{% raw %}{{ x }}": (1, 0, "write {% endraw %}"),
    "a {# b {{ x }}": (1, 0, "end it with '#}'"),
}


@pytest.mark.parametrize("source", SLIPS)
def test_a_slip_has_its_column_and_its_cure(source: str) -> None:
    """Near misses of tags, and of expressions."""
    line, column, cure = SLIPS[source]
    (fault,) = _faults(source)
    assert fault.startswith(f"({line + 9}, {column}) ")
    assert cure in fault


def test_an_end_without_a_beginning_is_told_apart_from_an_unknown_tag() -> None:
    """The cure names what is open."""
    assert _faults("{% endif %}") == [
        "(10, 0) '{% endif %}' ends nothing here: "
        "take it out, or write what it ends before it: {% if … %}"
    ]
    (fault,) = _faults("{% for t in customer.tags %}{% endif %}")
    assert fault.endswith("end '{% for %}' before it: {% endfor %}")


def test_all_faults_of_a_text_are_named_at_once() -> None:
    """Also several in one line; code and raw blocks are no tags."""
    source = (
        "{{ customer.nam }} {{ vorname | uper }} {% if customer.vorname is mising %}{% endif %}\n"
        "`{{ “ }}` {% raw %}{{ “ }}{% endraw %} {# {{ “ #} {% set own = 1 %}{{ own + titel }}"
    )
    assert [fault.partition(": ")[0] for fault in _faults(source)] == [
        "(10, 0) 'vorname' is not known here",
        "(10, 0) customers have no field 'nam'",
        "(10, 0) customers have no field 'vorname'",
        "(10, 0) no filter named 'uper'",
        "(10, 0) no test named 'mising'",
        "(11, 0) 'titel' is not known here",
    ]
    assert len(_faults("{{ a b }} {{ “ }} {% end if %}")) == 3
    source = "{% set a = 1 %}{{ a + b }} {% if customer.nam %}{% end if %} {{ vorname | uper }}"
    assert [fault.partition(": ")[0] for fault in _faults(source)] == [
        "(10, 19) 'b' is not known here",
        "(10, 34) customers have no field 'nam'",
        "(10, 49) unknown tag 'end if'",
        "(10, 65) 'vorname' is not known here",
        "(10, 65) no filter named 'uper'",
    ]


NAMES = {
    "{{ customer.vornahme }}": "did you mean 'first_name'?",
    "{{ customer.Vorname }}": "write customer.first_name, as that column is read",
    "{{ customer.firstName }}": "write customer.first_name, as that column is read",
    "{{ customer.first-name }}": "write customer.first_name",
    "{{ customer.first-name | upper }}": "write customer.first_name",
    "{{ kunde.vorname }}": "write customer.first_name",
    "{{ contact.FIRSTNAME }}": "write customer.first_name",
    "{{ Vorname }}": "write customer.first_name",
    "{{ customer.city | default(du) }}": 'if you mean the text, write "du"',
    "{% set total = 1 %}{{ totl }}": "did you mean 'total'?",
    "{{ if customer.vip }}a": "write {% if … %}",
    "{% if customer.vip %}a{{ endif }}{% endif %}": "write {% endif %}",
}


@pytest.mark.parametrize("source", NAMES)
def test_a_name_that_is_not_known_has_a_single_cure(source: str) -> None:
    """The name that was meant, as it is written here."""
    with pytest.raises(NewsletterError) as caught:
        Edition(headers={"Vorname": "first_name"}).body(source)
    (problem,) = caught.value.problems
    assert problem.hint.startswith(NAMES[source])


def test_a_part_that_does_not_exist_has_the_nearest_one() -> None:
    """Of the value itself, not of another."""
    source = Source("{{ business.nmae }} {{ business.name.first }}", Place(path="a.md", line=1))
    names = {"business": {"name": "Tea"}, "words": {"first": "x"}}
    (fault,) = faults(source, Environment(), names, KnownFields({}, {}))
    assert (fault.message, fault.hint) == ("there is no 'nmae'", "did you mean 'name'?")


def test_a_cure_in_a_value_between_double_quotes_names_single_quotes() -> None:
    """Double quotes would end the value of the front matter."""
    at = Place(path="a.md", line=3, column=11, text='subject: "Hi {{ x | default(“you”) }}"')
    source = Source("Hi {{ x | default(“you”) }}", at)
    (fault,) = faults(source, Environment(), {}, KnownFields({}, {}))
    assert fault.hint == "write straight quotes: 'text'"
