"""Binds texts of content and layouts of a theme, in one language, to fragments."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from typing import Any, TypeVar

import polars as pl

from newsletter.errors import NewsletterError, Place, Problem, attempt, raise_all
from newsletter.model.key import key_of
from newsletter.model.source import Source
from newsletter.render import markdown
from newsletter.render.almost_tags import almost_tags
from newsletter.render.bind import BindEnvironment
from newsletter.render.fragments import TEXT, CachedFragment, Fragment, Fragments
from newsletter.render.late import RefusedError
from newsletter.render.loads import refuse_loads
from newsletter.render.private_values import refuse_private
from newsletter.render.record import Record

_TAG = re.compile(r"\{[{%#]")

T = TypeVar("T")


class Wording:
    """
    Binds texts; open parts become tokens. Not thread-safe.

    *schema* holds the fields of customers, *names* what else texts may name, *layouts* the
    templates of the theme by their path below it, and *headers* the fields of the columns of
    the customer file. Bodies load from *hosts* only. Texts cached in *fragments* are not bound
    again.
    """

    def __init__(  # noqa: PLR0913  # each is a value of its own
        self,
        *,
        schema: Mapping[str, pl.DataType],
        names: Mapping[str, object],
        filters: Mapping[str, Callable[..., Any]],
        layouts: Mapping[str, Source] | None = None,
        headers: Mapping[str, str] | None = None,
        hosts: Collection[str] = (),
        fragments: Fragments | None = None,
    ) -> None:
        self._hosts, self._to_staff = sorted(hosts), False
        self._schema, self._names, self._fragments = schema, names, fragments
        self._headers = headers or {}
        self.sources = dict(layouts or {})
        self._environment = BindEnvironment(self.sources, filters)
        self._language = str(names.get("language", "en"))
        self._filters = getattr(filters, "key", "")
        self._keys: dict[str, str] = {}

    def for_fields(self, schema: Mapping[str, pl.DataType], *, to_staff: bool) -> Wording:
        """Return a copy for customers with other fields; only *to_staff* prints private ones."""
        other = copy(self)
        other._schema, other._to_staff = schema, to_staff
        return other

    def body(self, source: Source, *, template: bool) -> Fragment:
        """
        Return a Markdown body as sanitised HTML with tokens; links stay as written.

        Raises:
            NewsletterError: for a broken template, an unknown name, or what cannot be left open.
        """

        def html(record: Record) -> str:
            if template:
                shielded = Source(markdown.shield_code(source.text), source.at)
                bound = self._bound(shielded)
                html = markdown.bound_to_html(bound, record.slots, language=self._language)
            else:
                html = markdown.to_html(source.text, language=self._language)
            if "<img" in html:  # nothing else in a body loads anything
                refuse_loads(html, record.slots, self._hosts)
            return html

        return self._text(source, html, "body", template)

    def line(self, source: Source, *, template: bool) -> Fragment:
        """Return a subject, preheader or other single line with tokens."""

        def line(_: Record) -> str:
            bound = self._bound(source) if template else source.text
            return " ".join(bound.split())

        return self._text(source, line, "line", template)

    def layout(
        self,
        name: str,
        context: Callable[[Record], Mapping[str, object]],
        *,
        finish: Callable[[str, Record], tuple[str, ...]] = lambda bound, _: (bound,),
        key: str = "",
    ) -> Fragment:
        """
        Return a layout of the theme with tokens.

        *context* returns the names it may use. *finish* turns the bound text into the texts of
        the fragment. *key* covers all that both read, and the theme; if empty, nothing is cached.
        """

        def bind(record: Record) -> tuple[str, ...]:
            names = {**self._names, **context(record)}
            return finish(self._environment.bind(name, names), record)

        return self._cached_or_bound(key and key_of(name, key, self._filters, self._hosts), bind)

    def try_to(self, stage: Callable[[], T], *, source: Source | None = None, at: Place) -> T:
        """Return what *stage* returns; a refusal becomes an error at its own place, or *at*."""
        try:
            return stage()
        except RefusedError as error:
            refused = (error, *error.others)
            places = [
                self._refused_at(each, source, earlier=[other.near for other in refused[:number]])
                for number, each in enumerate(refused)
            ]
            raise NewsletterError(
                *(
                    Problem(each.message, place or at, hint=each.hint)
                    for each, place in zip(refused, places, strict=True)
                )
            ) from error

    def place(self, at: Place, source: Source | None = None) -> Place:
        """Return the place in the user's files for a place in a fragment of *source*."""
        file = source if at.path == TEXT else self.sources.get(at.path)
        return file.place(at.line) if file else at

    def _refused_at(
        self, error: RefusedError, source: Source | None, *, earlier: Sequence[str]
    ) -> Place | None:
        """Return where something was refused, if known; *earlier* texts are near others."""
        if error.at and error.at.path:
            return self.place(error.at, source)
        before = source.text.split(error.near) if source and error.near else []
        if not source or len(before) < 2:
            return None
        lines = [text.count("\n") for text in before[:-1]]
        return source.place(1 + sum(lines[: 1 + earlier.count(error.near)]))

    def placed(self, source: Source | None = None) -> Callable[[Place], Place]:
        """Return a function that is `place` for fragments of *source*."""
        return lambda at: self.place(at, source)

    def _text(
        self, source: Source, make: Callable[[Record], str], kind: str, template: bool
    ) -> Fragment:
        audience = self._hosts, self._to_staff
        key = key_of(kind, source.text, template, self._language, self._filters, audience)
        return self.try_to(
            lambda: self._cached_or_bound(key, lambda record: (make(record),)),
            source=source,
            at=source.place(1),
        )

    def _cached_or_bound(self, key: str, make: Callable[[Record], tuple[str, ...]]) -> Fragment:
        """Return the cached fragment if it is still valid, else bind it with *make*."""
        cached = self._fragments.fragment(key) if self._fragments and key else None
        if cached and self._is_valid(cached):
            return cached.fragment
        record = Record(self._schema, self._headers)
        self._environment.begin(record)
        fragment = Fragment(make(record), tuple(record.slots))
        if not self._to_staff:
            refuse_private(record.slots, printed=set(record.printed.values()))
        if self._fragments and key:
            names = {name: self._key_of(name) for name in sorted(self._environment.names_read)}
            self._fragments.cache(key, CachedFragment(fragment, names, record.fields))
        return fragment

    def _is_valid(self, cached: CachedFragment) -> bool:
        """Return whether everything that the fragment read is unchanged."""
        return all(self._key_of(name) == key for name, key in cached.names.items()) and all(
            str(self._schema.get(field)) == kind for field, kind in cached.fields.items()
        )

    def _key_of(self, name: str) -> str:
        if name not in self._keys:
            self._keys[name] = key_of(self._names[name]) if name in self._names else ""
        return self._keys[name]

    def _bound(self, source: Source) -> str:
        problems = list(almost_tags(source))
        bound: str | None = source.text
        if _TAG.search(source.text):  # most texts have no tags, and compiling is slow
            bound = attempt(lambda: self._environment.bind_text(source, self._names), problems)
        raise_all(problems)
        assert bound is not None  # otherwise a problem was reported
        return bound
