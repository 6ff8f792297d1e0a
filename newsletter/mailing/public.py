"""The public wording of a text: as a reader without any facts sees it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import chain

import polars as pl

from newsletter.errors import NewsletterError
from newsletter.facts import nobody
from newsletter.merge.compile import compile_texts
from newsletter.merge.escape import BadValue
from newsletter.merge.expressions import MergeEnvironment
from newsletter.merge.rows import written_for
from newsletter.model.key import key_of
from newsletter.model.picture_addresses import photo_addresses
from newsletter.model.project import Project
from newsletter.model.source import Source
from newsletter.model.template import Condition, Slot, Tree
from newsletter.render.fragments import Composition, Fragment, Fragments
from newsletter.render.language_filters import language_filters
from newsletter.render.tree import html_tree, text_tree
from newsletter.render.view import edition_names
from newsletter.render.wording import Wording
from newsletter.rules.limits import TooMuchError
from newsletter.rules.missing import MissingValue

_FIELD = re.compile(r"customer(?:\.\w+)+")
_OPERATOR = re.compile(r" (?:[-+*/%~]+|and|or) ")


def _hint(written: str) -> str:
    """Return the cure for an expression that is empty on the public page."""
    default, condition = f'write {{{{ {written} | default("…") }}}} or ', written
    if _OPERATOR.search(written):  # which has no value to replace, or makes one of any length
        default, condition = "", " and ".join(dict.fromkeys(_FIELD.findall(written)))
    return f"the public page knows no customer: {default}put it under {{% if {condition} %}}"


class PublicWording:
    """Gives texts their public wording; *schema* and *headers* are those of customers."""

    def __init__(
        self,
        project: Project,
        *,
        schema: Mapping[str, pl.DataType],
        headers: Mapping[str, str] | None = None,
        fragments: Fragments | None = None,
    ) -> None:
        self._project, self._fragments = project, fragments
        self._schema, self._headers = schema, headers or {}
        self._readers: dict[str, _Reader] = {}

    def html(self, source: Source, *, template: bool, language: str) -> str:
        """
        Return a Markdown body as sanitised HTML, links as written.

        Raises:
            NewsletterError: where it prints a field of the customer and says nothing instead, or a
                condition cuts an element in two.
        """
        reader = self._reader(language)
        body = reader.wording.body(source, template=template)
        if not body.slots:  # without open parts no position is needed
            return body.text
        slots = reader.placed(body, source)
        tree = reader.wording.try_to(lambda: html_tree(body.text, slots), at=source.place(1))
        return reader.read(tree, source)

    def key(self, source: Source, *, template: bool, language: str) -> str:
        """Return the key of the result of `html`: the body, and the names it may use."""
        named = self._reader(language).key if template and "{" in source.text else language
        return key_of(source.text, template, named)

    def line(self, source: Source, *, template: bool, language: str) -> str:
        """Return a subject or preheader as plain text; otherwise like `html`."""
        reader = self._reader(language)
        line = reader.wording.line(source, template=template)
        if not line.slots:
            return line.text
        slots = reader.placed(line, source)
        tree = reader.wording.try_to(
            lambda: text_tree(line.text, "plain", slots), at=source.place(1)
        )
        return reader.read(tree, source)

    def _reader(self, language: str) -> _Reader:
        if language not in self._readers:
            self._readers[language] = _Reader(
                self._project,
                self._schema,
                language,
                headers=self._headers,
                fragments=self._fragments,
            )
        return self._readers[language]


class _Reader:
    """A reader without facts, in one language."""

    def __init__(
        self,
        project: Project,
        schema: Mapping[str, pl.DataType],
        language: str,
        *,
        headers: Mapping[str, str],
        fragments: Fragments | None,
    ) -> None:
        filters = language_filters(language, business=project.config.business)
        names = edition_names(project, language)
        self.wording = Wording(
            schema=schema,
            names=names,
            filters=filters,
            headers=headers,
            hosts=project.config.hosts,
            fragments=fragments,
        )
        self._environment = MergeEnvironment(filters)
        photos = photo_addresses(project, on_pages=True)
        self._nobody = nobody(project.config, language=language, photos=photos)
        types = {name: str(kind) for name, kind in schema.items()}
        self.key = key_of(names, types, project.config, photos)

    def placed(self, fragment: Fragment, source: Source) -> list[Slot]:
        """Return the slots of a fragment with their places in the file of *source*."""
        composition = Composition()
        composition.add(fragment, self.wording.placed(source))
        return composition.slots

    def read(self, tree: Tree, source: Source) -> str:
        """Return a text of *source* as that reader sees it."""
        (compiled,) = compile_texts([tree], self._environment)
        text = written_for(compiled, self._nobody.get)
        if isinstance(text, BadValue):
            assert text.slot is not None
            message = f"{text.slot.written} {text} on the public page"
            raise NewsletterError.at(
                message, text.slot.at, hint=_hint(text.slot.written)
            ) from text
        if isinstance(text, Exception):
            raise self._failed(tree, text, source) from text
        return str(text)

    def _failed(self, tree: Tree, error: Exception, source: Source) -> NewsletterError:
        """Return the problem of an exception that a calculation of *source* raised."""
        slot = self._raising(tree, error)
        at = slot.at if slot else source.at
        if isinstance(error, MissingValue):
            message = "a value of the customer is printed on the public page"
            written = slot.written if slot else "customer.field"
            return NewsletterError.at(message, at, hint=_hint(written))
        message = f"a value cannot be worked out on the public page: {error}"
        hint = error.hint if isinstance(error, TooMuchError) else ""
        return NewsletterError.at(message, at, hint=hint)

    def _raising(self, tree: Tree, error: Exception) -> Slot | None:
        """Return the open part that raises the same error; of a loop, its head."""
        for part in tree:
            if isinstance(part, str):
                continue
            (compiled,) = compile_texts([(part,)], self._environment)
            raised = written_for(compiled, self._nobody.get)
            if type(raised) is not type(error) or str(raised) != str(error):
                continue
            if not isinstance(part, Condition):
                return part.slot
            inside = (*chain.from_iterable(body for _, body in part.branches), *part.otherwise)
            return self._raising(inside, error) or part.branches[0][0]
        return None
