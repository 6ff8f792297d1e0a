"""Texts of content and themes bound in one language, with one record of what they leave open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import polars as pl

from newsletter.errors import NewsletterError, Place, Problem
from newsletter.model.source import Source
from newsletter.model.template import Slot
from newsletter.render import markdown
from newsletter.render.bind import BindEnvironment
from newsletter.render.late import Record, Refused

T = TypeVar("T")


class Wording:
    """
    Binds texts; open parts become tokens.

    *schema* are the fields that customers have (None: any), *names* what else texts may name,
    *layouts* the templates of the theme by their path below it.
    """

    def __init__(
        self,
        *,
        schema: Mapping[str, pl.DataType] | None,
        names: Mapping[str, object],
        filters: Mapping[str, Callable[..., Any]],
        layouts: Mapping[str, Source] | None = None,
    ) -> None:
        self.record = Record(schema)
        self._names = names
        self._sources = dict(layouts or {})
        self._environment = BindEnvironment(self.record, self._sources, filters)

    def html(self, source: Source, *, template: bool, link: markdown.Link | None = None) -> str:
        """
        Return a Markdown body as sanitised HTML with tokens.

        Raises:
            NewsletterError: for a broken template, an unknown name, or what cannot be left open.
        """
        if not template:
            return markdown.to_html(source.text, link=link)
        shielded = Source(markdown.shield_code(source.text), source.at)
        return self.try_to(
            lambda: markdown.bound_to_html(self._bound(shielded), source, self.record, link=link)
        )

    def line(self, source: Source, *, template: bool) -> str:
        """Return a subject, preheader or other single line with tokens."""
        bound = self._bound(source) if template else source.text
        return " ".join(bound.split())

    def layout(self, name: str, context: Mapping[str, object]) -> str:
        """Return a layout of the theme with tokens."""
        return self._environment.bind(name, {**self._names, **context})

    def slots(self) -> tuple[Slot, ...]:
        """Return the open parts so far, with their places in the user's files."""
        return tuple(replace(slot, at=self._place(slot.at)) for slot in self.record.slots)

    def try_to(self, stage: Callable[[], T]) -> T:
        """Return what a stage gives; what it refuses becomes an error in the user's file."""
        try:
            return stage()
        except Refused as error:
            at = self._place(error.at) if error.at else None
            raise NewsletterError(
                Problem(message=error.message, at=at, hint=error.hint)
            ) from error

    def _bound(self, source: Source) -> str:
        name = str(source.at)
        self._sources[name] = source
        return self._environment.bind(name, self._names)

    def _place(self, at: Place) -> Place:
        source = self._sources.get(at.path)
        return source.place(at.line) if source else at
