"""A fragment is bound alone, and cached while everything it read stays the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import html5lib
import polars as pl
import pytest
from render.pipeline import SCHEMA, Edition, read, refusal

from newsletter.errors import NewsletterError, Place
from newsletter.model.source import Source
from newsletter.render.fragments import Fragment, Fragments
from newsletter.render.wording import Wording

SOURCE = Source("{{ title }} {{ customer.points }}", Place(path="content/x.md", line=4))
NAMES = {"language": "en", "title": "News", "other": 1}


class Memory(dict[str, str]):
    """A store in memory that tests can inspect."""

    def put(self, key: str, text: str) -> None:
        """Store a text."""
        self[key] = text


def bound(
    fragments: Fragments,
    source: Source = SOURCE,
    *,
    names: Mapping[str, object] | None = None,
    schema: Mapping[str, pl.DataType] | None = None,
) -> Fragment:
    """Return a body bound with other names or fields of customers."""
    wording = Wording(
        schema={**SCHEMA, **(schema or {})},
        names={**NAMES, **(names or {})},
        filters={},
        fragments=fragments,
    )
    return wording.body(source, template=True)


def test_a_text_with_equal_sources_is_not_bound_again() -> None:
    """Changes of what it did not read do not matter: another name, a new column, its own line."""
    fragments = Fragments()
    first = bound(fragments)

    assert bound(fragments) is first
    assert bound(fragments, names={"other": 2}) is first
    assert bound(fragments, schema={"tea": pl.String()}) is first
    assert bound(fragments, Source(SOURCE.text, Place(path="content/y.md", line=9))) is first


@pytest.mark.parametrize(
    "change",
    [
        {"names": {"title": "Old"}},
        {"names": {"language": "de"}},
        {"schema": {"points": pl.Float64()}},
        {"source": Source(SOURCE.text + "!", SOURCE.at)},
    ],
)
def test_a_text_is_bound_again_if_something_it_read_changes(change: dict[str, Any]) -> None:
    """The value of a name, the type of a field, the language, the text; also on the way back."""
    fragments = Fragments()
    first = bound(fragments)

    assert bound(fragments, **change) is not first
    assert bound(fragments, **change) == bound(Fragments(), **change)
    assert bound(fragments) == first


def test_an_error_is_never_cached() -> None:
    """Its hint depends on all names and fields, so it is found anew each time."""
    fragments, wrong = Fragments(store := Memory()), Source("{{ customer.tea }}", SOURCE.at)
    problem = refusal(bound, fragments, wrong)

    assert problem.message == "customers have no field 'tea'"
    assert not store
    assert bound(fragments, wrong, schema={"tea": pl.String()}).slots
    with pytest.raises(NewsletterError):
        bound(fragments, wrong)


def test_another_process_reads_the_cache() -> None:
    """Slots, places and variables of loops survive as plain text."""
    source = Source("{% for t in customer.tags %}\n- {{ t }}\n{% endfor %}", SOURCE.at)
    first = bound(Fragments(store := Memory()), source)

    second_cache = Fragments(store)
    assert bound(second_cache, source) == first
    assert bound(second_cache, source) is bound(second_cache, source)
    assert len(store) == 1


def test_fragments_do_not_affect_each_other() -> None:
    """Their slots stay apart, even if variables share a name."""
    edition = Edition()
    body = "{% for t in customer.tags %}\n- {{ loop.index }} {{ t }}\n{% endfor %}\n"
    layout = (
        "<mjml><mj-body><mj-section><mj-column>{% for t in customer.tags %}<mj-text>"
        "{{ loop.length }}{{ t }}{{ body }}{{ t }}</mj-text>{% endfor %}"
        "</mj-column></mj-section></mj-body></mjml>"
    )

    page = re.sub(r"<!--.*?-->", "", read(edition.html(body, layout)), flags=re.S)

    body_element = html5lib.parse(page, namespaceHTMLElements=False).find("body")
    assert (
        "".join("".join(body_element.itertext()).split()) == "2pens1pens2inkpens2ink1pens2inkink"
    )


@pytest.mark.parametrize("tag", ["include 'x.txt'", "import 'x' as y", "extends 'x'"])
def test_content_includes_no_other_template(tag: str) -> None:
    """It might include a text that happened to be bound before."""
    problem = refusal(Edition().body, f"one\n\n{{% {tag} %}}")

    assert "include, import and extend no other templates" in problem.message
    assert problem.at and (problem.at.path, problem.at.line) == ("content/x.md", 12)


def test_reading_an_undefined_name_counts() -> None:
    """A text with `is defined` is bound again once the name is defined."""
    fragments = Fragments()
    source = Source("{% if gift is defined %}yes{% else %}no{% endif %}", SOURCE.at)

    assert "no" in bound(fragments, source).text
    assert "yes" in bound(fragments, source, names={"gift": "a pen"}).text


def test_a_damaged_store_counts_as_empty() -> None:
    """The text is bound and cached again."""
    store = Memory()
    first = bound(Fragments(store))
    store.update(dict.fromkeys(store, "{broken"))

    assert bound(Fragments(store)) == first
    assert bound(Fragments(store)) == first
    assert "{broken" not in store.values()
