"""The public wording of a text: what it says to a reader of whom nothing is known."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace

import polars as pl

from newsletter.errors import NewsletterError
from newsletter.facts.nobody import nobody
from newsletter.merge.compiled import MergeEnvironment
from newsletter.merge.escape import BadValue
from newsletter.model.key import key_of
from newsletter.model.project import Project
from newsletter.model.source import Source
from newsletter.render import tokens
from newsletter.render.filters import language_filters
from newsletter.render.issue import edition_names
from newsletter.render.jinja_source import IN_PLAIN, html_template, text_template
from newsletter.render.wording import Wording
from newsletter.rules.missing import MISSING, MissingValue

_HINT = (
    "the public page knows no customer: "
    'write {{{{ {0} | default("…") }}}} or put it under {{% if {0} %}}'
)


class PublicWording:
    """Gives texts their public wording; *schema* are the fields that customers have."""

    def __init__(self, project: Project, *, schema: Mapping[str, pl.DataType]) -> None:
        self._project, self._schema = project, schema
        self._readers: dict[str, _Reader] = {}

    def html(self, source: Source, *, template: bool, language: str) -> str:
        """
        Return a Markdown body as sanitised HTML, links as written.

        Raises:
            NewsletterError: where it prints a field of the customer and says nothing instead.
        """
        reader = self._reader(language)
        html = reader.wording.html(source, template=template)
        if not tokens.TOKEN.search(html):  # nothing is open: no position to look for
            return html
        return reader.read(html_template(html, reader.wording.record), source)

    def key(self, source: Source, *, template: bool, language: str) -> str:
        """Return the key of what `html` makes of the body: its text, and what that may name."""
        named = self._reader(language).key if template and "{" in source.text else language
        return key_of(source.text, template, named)

    def line(self, source: Source, *, template: bool, language: str) -> str:
        """Return a subject or preheader as plain text; otherwise like `html`."""
        reader = self._reader(language)
        line = reader.wording.line(source, template=template)
        return reader.read(text_template(line, IN_PLAIN, reader.wording.record), source)

    def _reader(self, language: str) -> _Reader:
        if language not in self._readers:
            self._readers[language] = _Reader(self._project, self._schema, language)
        return self._readers[language]


class _Reader:
    """Nobody in particular, reading in one language."""

    def __init__(self, project: Project, schema: Mapping[str, pl.DataType], language: str) -> None:
        filters = language_filters(language, business=project.config.business)
        names = edition_names(project, language)
        self.wording = Wording(schema=schema, names=names, filters=filters)
        self._environment = MergeEnvironment(filters, encoded=False)
        known = nobody(project.config, language=language)
        self._customer = SimpleNamespace(**{name: known.get(name, MISSING) for name in schema})
        types = {name: str(kind) for name, kind in schema.items()}
        self.key = key_of(names, types, project.config)

    def read(self, bound: str, source: Source) -> str:
        """Return a message template of *source* as it reads to nobody."""
        if "{" not in bound:  # nothing is open: no template to compile
            return bound
        try:
            return self._environment.renderer(bound)(self._customer)
        except BadValue as error:
            slot = self.wording.slots()[error.slot]
            message = f"{slot.expression} {error.message} on the public page"
            hint = _HINT.format(slot.expression)
            raise NewsletterError.at(message, slot.at, hint=hint) from error
        except MissingValue as error:
            message = "a value of the customer is printed on the public page"
            hint = _HINT.format("customer.field")
            raise NewsletterError.at(message, source.at, hint=hint) from error
