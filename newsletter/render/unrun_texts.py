"""Finds the faults of a text of content without running it: its project cannot be built."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import partial

from jinja2 import TemplateSyntaxError
from jinja2.parser import Parser

from newsletter.errors import Problem, attempt
from newsletter.model.config import Business
from newsletter.model.project import Theme
from newsletter.model.source import Source
from newsletter.render.almost_tags import almost_tags
from newsletter.render.bind import BindEnvironment
from newsletter.render.binding_errors import UNKNOWN, KnownFields
from newsletter.render.broken_tags import unreadable
from newsletter.render.language_filters import language_filters
from newsletter.render.loads import foreign_loads
from newsletter.render.markdown import shield_code, to_html
from newsletter.render.text_faults import faults
from newsletter.render.view import EDITION_NAMES
from newsletter.render.wording import Wording

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.S)
_TEMPLATES = (".mjml", ".html", ".txt")
_NOBODY = Business(name="-", postal_address="-", email="a@example.com")


@dataclass(frozen=True)
class UnknownFields(KnownFields):
    """The fields of customers whose file cannot be read: any name may be one."""

    def holds(self, name: str) -> bool:
        """Return that there may be such a field."""
        return True


def unrun_faults(
    source: Source,
    *,
    template: bool,
    language: str,
    fields: KnownFields,
    hosts: Collection[str] | None,
) -> list[Problem]:
    """
    Return the faults of a Markdown text or line that depend on no customer.

    These are slips in tags, unknown names and *fields*, Markdown that would be lost, and pictures
    from other *hosts*; None: it is not known which may be named.
    """
    filters = language_filters(language, business=_NOBODY)
    problems: list[Problem] = []
    text = source.text
    if template:
        problems += almost_tags(source)
        shielded = Source(shield_code(text), source.at)
        names = dict.fromkeys(EDITION_NAMES, UNKNOWN)
        problems += faults(shielded, BindEnvironment({}, filters), names, fields)
        text = _TAG.sub(_blank, shielded.text)
    wording = Wording(schema={}, names={}, filters=filters)
    convert = partial(to_html, text, language=language)
    at = source.place(1)
    html = attempt(lambda: wording.try_to(convert, source=source, at=at), problems)
    if html and hosts is not None:
        problems += foreign_loads(html, source, hosts)
    return problems


def theme_faults(theme: Theme) -> Iterator[Problem]:
    """Yield the tags of layouts and pages that cannot be read."""
    environment = BindEnvironment({}, {})
    for name, text in theme.texts.items():
        if name.endswith(_TEMPLATES):
            try:
                Parser(environment, text).parse()
            except RecursionError:
                continue  # told once the project is built
            except TemplateSyntaxError as error:
                source = theme.sources[name]
                yield from unreadable(source, error, environment)


def _blank(tag: re.Match[str]) -> str:
    """Return what stands for a tag in Markdown, with as many lines."""
    return ("x" if tag[0].startswith("{{") else "") + "\n" * tag[0].count("\n")
