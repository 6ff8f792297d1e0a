"""A message template: an edition's finished message, its per-customer parts still open."""

from __future__ import annotations

from dataclasses import dataclass

from newsletter.errors import Place


@dataclass(frozen=True)
class Slot:
    """An open part: a value to print, a condition, or a list to repeat for."""

    expression: str
    """In Jinja's grammar, over `customer` and the variables of enclosing repeats."""
    at: Place
    """Where the user wrote it."""
    names: tuple[str, ...] = ()
    """Of a repeat: the variables that take each item."""


@dataclass(frozen=True, kw_only=True)
class MessageTemplate:
    """
    Jinja templates over `customer` alone, in finished subject, text and HTML.

    Every output ends in a filter for its place and slot: `{{ customer.city | in_text(3) }}`.
    """

    language: str
    subject: str
    text: str
    html: str
    slots: tuple[Slot, ...]
    """By number."""
    fields: tuple[str, ...]
    """Columns of the customer table that the templates read, sorted."""
