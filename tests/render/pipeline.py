"""A small edition for tests: a body, a layout and a text, without a project around them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import html5lib
import polars as pl
import pytest
import trees

from newsletter.errors import NewsletterError, Place, Problem
from newsletter.model.source import Source
from newsletter.model.template import Tree
from newsletter.render.blank_lines import tidy
from newsletter.render.html import message_html
from newsletter.render.late import guarded
from newsletter.render.text import to_text
from newsletter.render.tree import html_tree, text_tree
from newsletter.render.wording import Wording

SCHEMA: dict[str, pl.DataType] = {
    "first_name": pl.String(),
    "city": pl.String(),
    "link": pl.String(),
    "points": pl.Int64(),
    "vip": pl.Boolean(),
    "tags": pl.List(pl.String()),
    "services": pl.List(pl.Struct({"title": pl.String(), "date": pl.Date()})),
}
ANNA: dict[str, Any] = {
    "first_name": "Anna",
    "city": "Berlin",
    "link": "https://a.example/x",
    "points": 130,
    "vip": True,
    "tags": ["pens", "ink"],
    "services": [],
}
LAYOUT = (
    "<mjml><mj-body><mj-section><mj-column>"
    '<mj-text css-class="body">{{ body }}</mj-text>'
    "</mj-column></mj-section></mj-body></mjml>"
)


class Edition:
    """Texts bound with one record."""

    def __init__(self, names: Mapping[str, object] | None = None, **layouts: str) -> None:
        sources = {
            name.replace("_", "."): Source(text, Place(path=f"themes/{name}", line=1))
            for name, text in layouts.items()
        }
        self.wording = Wording(
            schema=SCHEMA, names={"language": "en", **(names or {})}, filters={}, layouts=sources
        )

    def body(self, markdown: str) -> str:
        """Return a body as HTML with tokens."""
        return self.wording.html(_source(markdown), template=True)

    def body_tree(self, markdown: str) -> Tree:
        """Return the tree of a body alone."""
        source = _source(markdown)
        body = self.body(markdown)
        return self.wording.try_to(
            lambda: html_tree(body, self.wording.slots()), at=source.place(1)
        )

    def html(self, markdown: str = "", layout: str = LAYOUT, **names: object) -> Tree:
        """Return the tree of the HTML part."""
        self.wording._sources["layout.mjml"] = Source(layout, Place(path="layout.mjml", line=1))
        body = self.wording.record.body(self.body(markdown))
        bound = self.wording.layout("layout.mjml", {"body": body, **names})
        place = Place(path="layout.mjml", line=1)
        return self.wording.try_to(
            lambda: message_html(bound, self.wording.record, self.wording.slots(), layout=place),
            at=place,
        )

    def text(self, markdown: str) -> Tree:
        """Return the tree of the text part."""
        text = tidy(to_text(self.body(markdown)))
        return text_tree(text, "plain", self.wording.slots())

    def subject(self, line: str) -> Tree:
        """Return the tree of a subject."""
        bound = self.wording.line(_source(line), template=True)
        return text_tree(bound, "header", self.wording.slots())

    def captured(self, line: str) -> object:
        """Return a line as a theme sees it."""
        return guarded(self.wording.line(_source(line), template=True))


def read(tree: Tree, **customer: Any) -> str:
    """Return what a customer reads; Anna, but for what is given."""
    return trees.read(tree, **{**ANNA, **customer})


def html_of(markdown: str, **customer: Any) -> str:
    """Return a body as a customer reads it."""
    return read(Edition().body_tree(markdown), **customer)


def text_of(markdown: str, **customer: Any) -> str:
    """Return the text part of a body as a customer reads it."""
    return read(Edition().text(markdown), **customer)


def refusal(call: Any, *args: Any, **kwargs: Any) -> Problem:
    """Return the one problem that a call must raise."""
    with pytest.raises(NewsletterError) as caught:
        call(*args, **kwargs)
    (problem,) = caught.value.problems
    assert problem.at is not None
    return problem


def shape(html: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return every element of a document with the names of its attributes."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    return [
        (str(element.tag), tuple(sorted(str(name) for name in element.attrib)))
        for element in tree.iter()
    ]


def _source(text: str) -> Source:
    return Source(text, Place(path="content/x.md", line=10))
