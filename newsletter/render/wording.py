"""Texts of content and themes bound in one language, with one record of what they leave open."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import polars as pl

from newsletter.errors import NewsletterError, Place, Problem
from newsletter.model.source import Source
from newsletter.model.template import Slot
from newsletter.render import markdown
from newsletter.render.bind import BindEnvironment
from newsletter.render.late import Refused
from newsletter.render.record import Record

_TAG = re.compile(r"\{[{%#]")

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
        language = str(self._names.get("language", "en"))

        def convert() -> str:
            if not template:
                return markdown.to_html(source.text, language=language, link=link)
            bound = self._bound(Source(markdown.shield_code(source.text), source.at))
            return markdown.bound_to_html(bound, self.record, language=language, link=link)

        return self.try_to(convert, at=source.place(1))

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

    def try_to(self, stage: Callable[[], T], *, at: Place) -> T:
        """Return what a stage gives; what it refuses becomes an error where it stands, or *at*."""
        try:
            return stage()
        except Refused as error:
            place = self._place(error.at) if error.at and error.at.path else at
            problem = Problem(message=error.message, at=place, hint=error.hint)
            raise NewsletterError(problem) from error

    def _bound(self, source: Source) -> str:
        if not _TAG.search(source.text):  # most texts have none, and compiling is what costs
            return source.text
        name = str(source.at)
        self._sources[name] = source
        return self._environment.bind_text(name, self._names)

    def _place(self, at: Place) -> Place:
        source = self._sources.get(at.path)
        return source.place(at.line) if source else at
