"""A small edition for tests: a body, a layout and a text, without a project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import html5lib
import polars as pl
import pytest
import trees

from newsletter.errors import NewsletterError, Place, Problem
from newsletter.model.source import Source
from newsletter.model.template import Position, Slot, Tree
from newsletter.render.blank_lines import tidy
from newsletter.render.fragments import Composition, Fragment
from newsletter.render.html_part import finished_html, layout_html
from newsletter.render.markdown import with_links
from newsletter.render.record import Record
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
    """Texts bound in one language."""

    def __init__(
        self,
        names: Mapping[str, object] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        **layouts: str,
    ) -> None:
        sources = {
            name.replace("_", "."): Source(text, Place(path=f"themes/{name}", line=1))
            for name, text in layouts.items()
        }
        self.sources: Mapping[str, Source] = {}
        """In which the layout's errors are looked up."""
        self.wording = Wording(
            schema=SCHEMA,
            names={"language": "en", **(names or {})},
            filters={},
            layouts=sources,
            headers=headers,
            hosts={"a.example"},
        )

    def body(self, markdown: str) -> Fragment:
        """Return a body as HTML with tokens."""
        body = self.wording.body(_source(markdown), template=True)
        return replace(body, texts=(with_links(body.text, str),))

    def line(self, line: str) -> Fragment:
        """Return a line with tokens."""
        return self.wording.line(_source(line), template=True)

    def body_tree(self, markdown: str) -> Tree:
        """Return the tree of a body alone."""
        source = _source(markdown)
        text, slots = self._composed(self.body(markdown), source)
        return self.wording.try_to(lambda: html_tree(text, slots), at=source.place(1))

    def html(
        self, markdown: str = "", layout: str = LAYOUT, subject: str = "", **names: object
    ) -> Tree:
        """Return the tree of the HTML part."""
        place = Place(path="layout.mjml", line=1)
        self.wording.sources["layout.mjml"] = Source(layout, place)
        body, line, source = self.body(markdown), self.line(subject), _source(markdown)

        def context(record: Record) -> dict[str, object]:
            bound = {"body": record.body(body.text)[0], "subject": record.adopt(line)}
            return {**bound, **names}

        def finish(bound: str, record: Record) -> tuple[str, ...]:
            return layout_html(
                self.before_mjml(bound, record),
                record.slots,
                layout=place,
                sources=self.sources,
                hosts={"a.example"},
            )

        def whole() -> Tree:
            composition = Composition()
            fragment = self.wording.layout("layout.mjml", context, finish=finish)
            html, css = composition.add(fragment, self.wording.placed())
            bodies = composition.add(body, self.wording.placed(source))
            return finished_html(html, css, bodies=bodies, slots=composition.slots)

        return self.wording.try_to(whole, at=place)

    def layout_tree(
        self, name: str, position: Position = "plain", *, subject: str = "", **names: object
    ) -> Tree:
        """Return the tree of a layout alone."""
        line = self.line(subject)
        fragment = self.wording.layout(
            name, lambda record: {"subject": record.adopt(line), **names}
        )
        text, slots = self._composed(fragment)
        return text_tree(text, position, slots)

    def text(self, markdown: str) -> Tree:
        """Return the tree of the text part."""
        html, slots = self._composed(self.body(markdown), _source(markdown))
        return text_tree(tidy(to_text(html)), "plain", slots)

    def subject(self, line: str) -> Tree:
        """Return the tree of a subject."""
        text, slots = self._composed(self.line(line), _source(line))
        return text_tree(text, "header", slots)

    def before_mjml(self, bound: str, _: Record) -> str:
        """Return a bound layout unchanged; a test may edit it."""
        return bound

    def _composed(
        self, fragment: Fragment, source: Source | None = None
    ) -> tuple[str, list[Slot]]:
        composition = Composition()
        (text,) = composition.add(fragment, self.wording.placed(source))
        return text, composition.slots


def read(tree: Tree, **customer: Any) -> str:
    """Return a tree as a customer reads it: Anna, with the given fields changed."""
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
