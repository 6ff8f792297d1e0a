"""Oracle 2: emptying the branches not taken before the pipeline does not change its output."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from render.pipeline import SCHEMA, Edition, read

from newsletter.errors import NewsletterError, Place
from newsletter.model.source import Source
from newsletter.model.template import Condition, Slot
from newsletter.render import markdown, tokens, tree
from newsletter.render.fragments import Fragment
from newsletter.render.record import Record

MOST_REFUSED = 0.3
"""Share of bodies that may be refused: more, and the oracle proves too little."""

LAYOUT = (
    '<mjml><mj-head><mj-title>{{ subject }}</mj-title><mj-style inline="inline">'
    ".body p { margin: 0 } .body li { color: red } .body td { padding: 1px }</mj-style></mj-head>"
    "<mj-body>{% if customer.vip %}<mj-section><mj-column><mj-text>{{ customer.city }}</mj-text>"
    "</mj-column></mj-section>{% endif %}<mj-section><mj-column>"
    '{% if customer.points %}<mj-button href="{{ customer.link }}">Go</mj-button>{% endif %}'
    '<mj-text css-class="body">{{ body }}</mj-text>'
    "<mj-table>{% for tag in customer.tags %}<tr><td>{{ tag }}</td></tr>{% endfor %}</mj-table>"
    "</mj-column></mj-section></mj-body></mjml>"
)

words = st.sampled_from(["one", "*two*", "**b** c", "d & e", "`f {{ g }}`", '"h"', "it's", "x_y"])
values = st.sampled_from(
    [
        "{{ customer.city }}",
        "{{ customer.city | upper }}",
        "[l]({{ customer.link }})",
        "![{{ customer.city }}](https://a.example/b.png)",
        "{{ customer.points }}",
        "{% if customer.vip %}yes{% else %}no {{ customer.city }}{% endif %}",
        "*{% if customer.points %}em{% endif %}*",
        "{{ 'a' if customer.vip else 'b' }}",
    ]
)
depths = st.sampled_from([0, 2, 4])
line = st.lists(st.one_of(words, values), min_size=1, max_size=3).map(" ".join)
lines = st.lists(line, min_size=1, max_size=3)
tests = st.sampled_from(
    ["customer.vip", "customer.points", "customer.city == 'Berlin'", "not customer.vip"]
)


def _list(items: list[str], mark: str, deep: int) -> str:
    lines = [f"{mark} {item}" for item in items]
    return "\n".join((" " * deep if i else "") + text for i, text in enumerate(lines))


def _quote(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))


blocks = st.one_of(
    st.lists(line, min_size=1, max_size=2).map("\n".join),
    st.builds("{} {}".format, st.sampled_from(["#", "##", "###"]), line),
    st.builds(
        _list,
        st.lists(line, min_size=1, max_size=3),
        st.sampled_from("-*"),
        st.sampled_from([0, 2, 4]),
    ),
    st.builds(_list, lines, st.just("1."), st.just(0)),
    st.builds("| a | b |\n|---|---|\n| {} | {} |\n| x | {} |".format, line, line, line),
    st.sampled_from(["```\n{{ code }}\n```", "***", "<div>html</div>", "a | b\n--|--\n1 | 2"]),
    line.map(_quote),
)
IF_ELSE = "{{% if {} %}}\n{}\n{{% else %}}\n{}\n{{% endif %}}"
whole = st.recursive(
    blocks,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("\n\n".join),
        st.builds("{{% if {} %}}\n{}\n{{% endif %}}".format, tests, inner),
        st.builds("{{% if {} %}}{}{{% endif %}}".format, tests, inner),
        st.builds(
            "{{% if {} %}}\n{}\n{{% else %}}\n{}\n{{% endif %}}".format, tests, inner, inner
        ),
        st.builds("{{% for t in customer.tags %}}\n{} {{{{ t }}}}\n{{% endfor %}}".format, inner),
        inner.map(_quote),
        st.builds("{}\n{{% if {} %}}\n{}\n{{% endif %}}\n{}".format, inner, tests, inner, inner),
    ),
    max_leaves=8,
)
customers = st.fixed_dictionaries(
    {
        "city": st.sampled_from(["Berlin", "<b>&amp;", "Zoë's"]),
        "vip": st.booleans(),
        "points": st.sampled_from([0, 7]),
        "tags": st.lists(st.sampled_from(["ink", "<i>"]), max_size=2),
        "link": st.just("https://a.example/?a=b&c=d"),
    }
)


_MARK = "\ue003"


class Emptied:
    """Empties the branches of a body that a customer does not get, but keeps their tokens."""

    def __init__(self, slots: list[Slot], customer: dict[str, Any], *, mark: str) -> None:
        self.slots, self.customer, self.mark = slots, customer, mark

    def __call__(self, text: str) -> str:
        """Return *text* with tokens and with the branches not taken emptied."""
        out, at = "", 0
        skipped: list[str] = []
        for match in tokens.TOKEN.finditer(text):
            kind, number = match[1], int(match[2])
            out += self._emptied_text(text[at : match.start()], skipped)
            at = match.end()
            if kind == tokens.IF:
                is_taken = self._holds(number)
                skipped += [] if is_taken else [match[2]]
            elif kind == tokens.ELSE:
                was = match[2] in skipped
                skipped = [s for s in skipped if s != match[2]] + ([] if was else [match[2]])
            elif kind == tokens.END_IF:
                skipped = [s for s in skipped if s != match[2]]
            border = kind in (tokens.IF, tokens.ELSE, tokens.END_IF)
            if border or not skipped:
                out += match[0]
            elif kind == tokens.VALUE:
                out += self.mark
        return out + text[at:]

    def _emptied_text(self, text: str, skipped: list[str]) -> str:
        """Return a text; in a skipped branch, a mark for each line, so that all lines stay."""
        return (
            re.sub(r"^([> ]*)[^> \n].*$", rf"\1{self.mark}", text, flags=re.M) if skipped else text
        )

    def _holds(self, number: int) -> bool:
        test = self.slots[number]
        return read((Condition(((test, ("y",)),)),), **self.customer) == "y"


def parts(source: str, customer: dict[str, Any], *, emptied: bool) -> tuple[str, ...]:
    """Return text and HTML as a customer reads them; *emptied*: before Markdown."""
    edition, at = Edition(), Place(path="x.md", line=1)
    whole = Source(source, at)

    def empty(text: str, slots: list[Slot], mark: str) -> str:
        return Emptied(slots, customer, mark=mark)(text) if emptied else text

    def body() -> Fragment:
        record = Record(SCHEMA)
        edition.wording._environment.begin(record)
        bound = edition.wording._bound(Source(markdown.shield_code(source), at))
        html = markdown.bound_to_html(empty(bound, record.slots, _MARK), record.slots)
        return Fragment((markdown.with_links(html, str),), tuple(record.slots))

    fragment = edition.wording.try_to(body, source=whole, at=at)
    edition.body = lambda _: fragment
    edition.before_mjml = lambda bound, record: empty(bound, record.slots, "")
    text = edition.text(source)
    whole_html = edition.html(source, LAYOUT, "To {{ customer.city }}")
    return tuple(read(part, **customer).replace(_MARK, "") for part in (text, whole_html))


def same_lines(text: str) -> list[str]:
    """Return the lines of a text that contain words."""
    return [line.strip() for line in text.split("\n") if re.search(r"[^\s>*|.\d-]", line)]


def check(source: str, customer: dict[str, Any]) -> str:
    """Compare both ways; return the outcome."""
    try:
        text, whole_html = parts(source, customer, emptied=False)
    except NewsletterError as error:
        assert all(problem.at and problem.at.line for problem in error.problems)
        return "refused"
    expected_text, expected_html = parts(source, customer, emptied=True)
    assert whole_html == expected_html
    assert same_lines(text) == same_lines(expected_text)
    assert "\ue000" not in whole_html + text
    return "equal"


def test_a_branch_does_not_change_what_is_around_it() -> None:
    """Random bodies read as if only the parts for the customer had been written."""
    outcomes: Counter[str] = Counter()

    @given(whole, customers)
    def compare(source: str, customer: dict[str, Any]) -> None:
        outcomes[check(source, customer)] += 1

    compare()
    assert outcomes["refused"] < MOST_REFUSED * outcomes.total(), outcomes


def test_the_oracle_notices_swapped_branches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Swapping branches in the tree on purpose makes the oracle fail."""
    closed = tree._closed

    def swapped(group: Any, *, repeat: bool) -> Any:
        part = closed(group, repeat=repeat)
        if not isinstance(part, Condition) or len(part.branches) > 1:
            return part
        ((slot, then),) = part.branches
        return Condition(((slot, part.otherwise),), then)

    monkeypatch.setattr(tree, "_closed", swapped)

    @settings(max_examples=120, phases=[Phase.generate])
    @given(whole, customers)
    def compare(source: str, customer: dict[str, Any]) -> None:
        check(source, customer)

    with pytest.raises(AssertionError):
        compare()
