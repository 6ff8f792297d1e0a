"""Messages contain their own customer's data and nobody else's, whatever the values are."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from typing import Any, NamedTuple

import polars as pl
import pytest
import trees
from hypothesis import given
from hypothesis import strategies as st
from render.pipeline import SCHEMA, Edition, shape
from trees import Bare

from newsletter.errors import Place
from newsletter.merge import rows
from newsletter.merge import written as writing
from newsletter.merge.failures import Failure
from newsletter.merge.merge import Merger
from newsletter.merge.quoted_printable import decode
from newsletter.model.template import MessageTemplate, Repeat, Slot

PEOPLE = {
    **dict.fromkeys(("id", "token", "name", "email", "unsubscribe_url"), pl.String()),
    **SCHEMA,
}

BODY = (
    "# For {{ customer.first_name }}\n\n"
    '[{{ customer.city }}]({{ customer.link }} "{{ customer.city }}")'
    " [q](https://x.example/?q={{ customer.city }}) [m](mailto:{{ customer.first_name }})"
    " ![{{ customer.city }}](https://a.example/b.png)"
    " [r](https://x.example/{{ customer.first_name }})\n\n"
    "{% if customer.city == 'Berlin' %}B{% endif %}\n\n"
    "| a |\n|---|\n| {{ customer.city }} |\n\n"
    "{% for tag in customer.tags %}\n- {{ tag }} {{ customer.city | upper }}\n{% endfor %}\n"
)
LAYOUT = (
    "<mjml><mj-head><mj-title>{{ customer.city }}</mj-title></mj-head><mj-body>"
    '<mj-section css-class="{{ customer.city }}"><mj-column><mj-text>{{ body }}</mj-text>'
    '<mj-button href="https://x.example/{{ customer.city }}">{{ customer.first_name }}</mj-button>'
    "</mj-column></mj-section></mj-body></mjml>"
)


def template() -> MessageTemplate:
    """Return a message template with a value in every kind of place."""
    edition = Edition()
    return MessageTemplate(
        language="en",
        subject=edition.subject("To {{ customer.first_name }} in {{ customer.city }}"),
        text=edition.text(BODY),
        html=edition.html(BODY, LAYOUT),
    )


TEMPLATE = template()


def frame(people: list[dict[str, Any]]) -> pl.DataFrame:
    """Return customers as a table."""
    rows = [
        {"id": f"c{n}", "token": f"t{n}", "name": "", "email": f"c{n}@a.example", **person}
        for n, person in enumerate(people)
    ]
    return pl.DataFrame(rows, schema=PEOPLE)


def messages(
    people: list[dict[str, Any]], of: MessageTemplate = TEMPLATE
) -> tuple[list[Parts], list[Failure]]:
    """Return the messages of customers, and the failures."""
    results = list(Merger(of, filters={}).messages(frame(people), Bare()))
    messages = [
        Parts(result.subject, *result.content.decode().split("\x1e"))
        for result in results
        if not isinstance(result, Failure)
    ]
    return messages, [result for result in results if isinstance(result, Failure)]


class Parts(NamedTuple):
    """A message without its header."""

    subject: str
    text: str
    html: str


def person(value: str) -> dict[str, Any]:
    """Return a customer with that text in every field."""
    return {"first_name": value, "city": value, "link": "https://a.example/", "tags": [value]}


HOSTILE = [
    "<script>alert(1)</script>",
    '" onerror="alert(1)',
    "' onmouseover='x",
    "</title></style></textarea><img src=x onerror=y>",
    "--><b>",
    "<![endif]-->",
    "]]><svg/onload=x>",
    "{{ 7*7 }}",
    "{% for x in [] %}",
    "{{ customer.link }}{# x",
    "*|EMAIL|* %%x%% [[y]] «z»",
    "javascript:alert(1)",
    "&lt;b&gt; &#0; &quot;",
    "line one\nline two",
    "a\tb",
    "=3D =\n=20",
    "From me",
    ".",
    "\u200f\u0639\u0631\u0628\u064a\u200e \u05e2\u05d1\u05e8\u05d9\u05ea",
    "O'Brien \\ C:\\new \\u{41}",
    "%s %(x)s {0} ${x} $1 \\1",
    "é 😀 👩‍👧 李小明",
    "x" * 300,
]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_makes_the_same_document_as_a_harmless_one(value: str) -> None:
    """It has the same elements and attributes in every place (standards I3)."""
    (harmless, hostile), failures = messages([person("Neutral"), person(value)])

    assert failures == []
    assert shape(decode(hostile.html)) == shape(decode(harmless.html))
    assert "49" not in decode(hostile.text).replace(value, "")
    assert " ".join(value.split()) in hostile.subject
    assert "\n" not in hostile.subject


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=30))
def test_any_text_is_written_safely_or_refused(value: str) -> None:
    """Control characters and our own marks are refused; all other texts arrive."""
    merged, failures = messages([person(value)])

    assert len(merged) + len(failures) == 1
    if merged:
        assert shape(decode(merged[0].html)) == NEUTRAL
        assert value in decode(merged[0].text)


NEUTRAL = shape(decode(messages([person("Neutral")])[0][0].html))


@pytest.mark.parametrize("value", ["a\x00b", "a\x1bb", "a\u202eb", "a\u2028b", "\ue000v0\ue001"])
def test_a_control_character_stops_the_message(value: str) -> None:
    """The failure names the field (standards I1)."""
    merged, failures = messages([person(value), person("fine")])

    assert ["fine" in message.subject for message in merged] == [True]
    assert failures[0].customer == "c0"
    assert failures[0].message.endswith("contains a control character")


@pytest.mark.parametrize("remembered", [0, 1, 2_000])
def test_no_message_has_another_customer_s_data(
    remembered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether values are cached or written by column."""
    monkeypatch.setattr(writing, "MOST_REMEMBERED", remembered)
    monkeypatch.setattr(rows, "MOST_REMEMBERED", remembered)
    monkeypatch.setattr(rows, "FEWEST_ROWS", 1)
    people = [person(f"Canary{n}x") for n in range(40)]

    merged, failures = messages(people * 2)

    assert failures == []
    for n, message in enumerate(merged):
        for part in (message.subject, decode(message.text), decode(message.html)):
            assert f"Canary{n % 40}x" in part
            assert part.lower().count("canary") == part.lower().count(f"canary{n % 40}x")


@pytest.mark.parametrize("remembered", [0, 2_000])
def test_all_ways_of_writing_values_agree(
    remembered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By column or one by one, encoded or not: the same text."""
    monkeypatch.setattr(writing, "MOST_REMEMBERED", remembered)
    monkeypatch.setattr(rows, "MOST_REMEMBERED", remembered)
    monkeypatch.setattr(rows, "FEWEST_ROWS", 1)
    people = [person(value) for value in HOSTILE]
    merged, _ = messages(people)

    plain = Merger(TEMPLATE, filters={}).texts(frame(people))
    assert [(m.subject, decode(m.text), decode(m.html)) for m in merged] == list(plain)


def test_true_and_one_are_not_confused() -> None:
    """In Python `1 == True == 1.0`, but they are printed differently."""
    edition = Edition()
    line = edition.subject("{{ customer.vip if customer.points == 1 else customer.points }}")
    of = MessageTemplate(language="en", subject=line, text=(), html=())

    merged, _ = messages([{"vip": True, "points": 1}, {"vip": True, "points": 2}] * 2, of)

    assert [message.subject for message in merged] == ["True", "2", "True", "2"]


def test_columns_of_other_types_are_printed_for_every_customer() -> None:
    """Columns of booleans, fractions or dates."""
    edition = Edition()
    of = MessageTemplate(
        language="en", subject=(), text=(), html=edition.body_tree("{{ customer.vip }}")
    )

    merged, _ = messages([{"vip": True}, {"vip": False}, {"vip": True}], of)

    assert [decode(m.html) for m in merged] == ["<p>True</p>", "<p>False</p>", "<p>True</p>"]


def test_fields_of_records_may_have_any_unicode_name() -> None:
    """Python source would read `ﬁt` as `fit`, which is another field."""
    records = pl.Series([[{"\ufb01t": "a"}]], dtype=pl.List(pl.Struct({"\ufb01t": pl.String()})))
    loop = Slot("customer.sizes", Place(path="x"), ("size_0",), records=True)
    tree = (Repeat(loop, (trees.value("size_0.\ufb01t"),)),)
    of = MessageTemplate(language="en", subject=tree, text=(), html=())

    assert list(Merger(of, filters={}).texts(pl.DataFrame({"sizes": records}))) == [("a", "", "")]


def test_data_is_never_compiled() -> None:
    """A customer called `{{ 7*7 }}` reads exactly that."""
    (merged,), _ = messages([person("{{ 7*7 }}{% if %}{# x")])

    assert "{{ 7*7 }}{% if %}{# x" in decode(merged.text)


def test_a_message_template_is_plain_data() -> None:
    """It can be sent to other processes."""
    assert pickle.loads(pickle.dumps(TEMPLATE)) == TEMPLATE


_ELSEWHERE = """
import pickle, sys
from newsletter.merge.merge import Merger
template, recipients = pickle.load(sys.stdin.buffer)
texts = list(Merger(template, filters={}).texts(recipients))
pickle.dump(texts, sys.stdout.buffer)
"""


@pytest.mark.parametrize("seed", ["0", "1"])
def test_another_process_writes_the_same_messages(seed: str) -> None:
    """It shares nothing with this one, not even the hash seed."""
    people = [person("Ann & <Bob>"), person("é 😀")]

    done = subprocess.run(
        [sys.executable, "-c", _ELSEWHERE],
        input=pickle.dumps((TEMPLATE, frame(people))),
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        check=True,
    )

    assert pickle.loads(done.stdout) == list(Merger(TEMPLATE, filters={}).texts(frame(people)))
