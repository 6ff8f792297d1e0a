"""A fragment is bound alone, and kept as long as all that it read is as it was."""

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
    """A store that is looked at."""

    def put(self, key: str, text: str) -> None:
        """Keep a text."""
        self[key] = text


def bound(
    fragments: Fragments,
    source: Source = SOURCE,
    *,
    names: Mapping[str, object] | None = None,
    schema: Mapping[str, pl.DataType] | None = None,
) -> Fragment:
    """Return a body, with other names or fields of customers."""
    wording = Wording(
        schema={**SCHEMA, **(schema or {})},
        names={**NAMES, **(names or {})},
        filters={},
        fragments=fragments,
    )
    return wording.body(source, template=True)


def test_what_was_bound_of_the_same_is_not_bound_again() -> None:
    """Nor if something changed that it did not read: another name, a new column, its own line."""
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
def test_it_is_bound_again_when_something_changed_that_it_read(change: dict[str, Any]) -> None:
    """A name's value, a field's type, the language, the text; and back again."""
    fragments = Fragments()
    first = bound(fragments)

    assert bound(fragments, **change) is not first
    assert bound(fragments, **change) == bound(Fragments(), **change)
    assert bound(fragments) == first


def test_an_error_is_never_kept() -> None:
    """Its hint reads all there is: it is said again, as it is then."""
    fragments, wrong = Fragments(store := Memory()), Source("{{ customer.tea }}", SOURCE.at)
    problem = refusal(bound, fragments, wrong)

    assert problem.message == "customers have no field 'tea'"
    assert not store
    assert bound(fragments, wrong, schema={"tea": pl.String()}).slots
    with pytest.raises(NewsletterError):
        bound(fragments, wrong)


def test_another_process_takes_over_what_was_kept() -> None:
    """As plain text, with slots, places and the variables of loops."""
    source = Source("{% for t in customer.tags %}\n- {{ t }}\n{% endfor %}", SOURCE.at)
    first = bound(Fragments(store := Memory()), source)

    other = Fragments(store)
    assert bound(other, source) == first
    assert bound(other, source) is bound(other, source)
    assert len(store) == 1


def test_fragments_put_together_read_as_each_alone() -> None:
    """The slots of one do not become those of another, also where variables share a name."""
    edition = Edition()
    body = "{% for t in customer.tags %}\n- {{ loop.index }} {{ t }}\n{% endfor %}\n"
    layout = (
        "<mjml><mj-body><mj-section><mj-column>{% for t in customer.tags %}<mj-text>"
        "{{ loop.length }}{{ t }}{{ body }}{{ t }}</mj-text>{% endfor %}"
        "</mj-column></mj-section></mj-body></mjml>"
    )

    page = re.sub(r"<!--.*?-->", "", read(edition.html(body, layout)), flags=re.S)

    shown = html5lib.parse(page, namespaceHTMLElements=False).find("body")
    assert "".join("".join(shown.itertext()).split()) == "2pens1pens2inkpens2ink1pens2inkink"


@pytest.mark.parametrize("tag", ["include 'x.txt'", "import 'x' as y", "extends 'x'"])
def test_content_includes_no_other_template(tag: str) -> None:
    """By accident it could take in a text that happens to be bound before it."""
    problem = refusal(Edition().body, f"one\n\n{{% {tag} %}}")

    assert "include, import and extend no other templates" in problem.message
    assert problem.at and (problem.at.path, problem.at.line) == ("content/x.md", 12)


def test_a_name_that_was_not_there_is_read_too() -> None:
    """What asks `is defined` is bound again once it is."""
    fragments = Fragments()
    source = Source("{% if gift is defined %}yes{% else %}no{% endif %}", SOURCE.at)

    assert "no" in bound(fragments, source).text
    assert "yes" in bound(fragments, source, names={"gift": "a pen"}).text


def test_a_store_that_somebody_changed_is_as_good_as_none() -> None:
    """The text is bound again, and kept again."""
    store = Memory()
    first = bound(Fragments(store))
    store.update(dict.fromkeys(store, "{broken"))

    assert bound(Fragments(store)) == first
    assert bound(Fragments(store)) == first
    assert "{broken" not in store.values()
