"""The public wording of a text: what it says to a reader of whom nothing is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from newsletter.errors import NewsletterError
from newsletter.facts.greeting import neutral_greeting
from newsletter.merge.compiled import MergeEnvironment
from newsletter.merge.escape import BadValue
from newsletter.model.source import Source
from newsletter.render.filters import language_filters
from newsletter.render.jinja_source import IN_PLAIN, html_template, text_template
from newsletter.render.wording import Wording
from newsletter.rules.missing import MISSING, MissingValue

_HINT = 'the public page knows no customer: write {{{{ {0} | default("…") }}}} or put it under {{% if {0} %}}'


def public_html(
    source: Source,
    *,
    template: bool,
    language: str,
    names: Mapping[str, object],
    schema: Mapping[str, pl.DataType] | None = None,
) -> str:
    """
    Return a Markdown body as sanitised HTML, links as written; conditions on the customer are false.

    *schema* are the fields that customers have; None takes any name for one.

    Raises:
        NewsletterError: where it prints a field of the customer and says nothing instead.
    """
    wording, filters = _wording(language, names, schema)
    bound = html_template(wording.html(source, template=template), wording.record)
    return _for_nobody(wording, source, bound, language=language, filters=filters)


def public_line(
    source: Source,
    *,
    template: bool,
    language: str,
    names: Mapping[str, object],
    schema: Mapping[str, pl.DataType] | None = None,
) -> str:
    """Return a subject or preheader as plain text; otherwise like `public_html`."""
    wording, filters = _wording(language, names, schema)
    bound = text_template(wording.line(source, template=template), IN_PLAIN, wording.record)
    return _for_nobody(wording, source, bound, language=language, filters=filters)


def _wording(
    language: str, names: Mapping[str, object], schema: Mapping[str, pl.DataType] | None
) -> tuple[Wording, dict[str, Any]]:
    filters = language_filters(
        language, currency=getattr(names.get("business"), "currency", "EUR")
    )
    return Wording(schema=schema, names={**names, "language": language}, filters=filters), filters


class _Nobody:
    """A customer of whom only the neutral greeting is known."""

    def __init__(self, language: str) -> None:
        self.greeting = neutral_greeting(language)

    def __getattr__(self, name: str) -> object:
        return MISSING


def _for_nobody(
    wording: Wording, source: Source, bound: str, *, language: str, filters: dict[str, Any]
) -> str:
    render = MergeEnvironment(filters, encoded=False).renderer(bound)
    try:
        return render(_Nobody(language))
    except BadValue as error:
        slot = wording.slots()[error.slot]
        message = f"{slot.expression} {error.message} on the public page"
        raise NewsletterError.at(message, slot.at, hint=_HINT.format(slot.expression)) from error
    except MissingValue as error:
        message = "a value of the customer is printed on the public page"
        raise NewsletterError.at(
            message, source.at, hint=_HINT.format("customer.field")
        ) from error
