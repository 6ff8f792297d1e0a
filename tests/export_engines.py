"""Real engines that read exported templates, and how each program hands them a contact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import django.template
import liquid

Row = Mapping[str, str]
Reader = Callable[[str, Row], str]
"""Takes a template and a row of the contact file by header; returns the finished text."""

LEAVE = "https://leave.example/me"
"""What readers print for the program's own link to unsubscribe."""
ONLINE = "https://online.example/"
"""The same, for the message in the browser."""


def customer_io(template: str, row: Row) -> str:
    """Return a text as Liquid prints it, with the contact as `customer`."""
    return _liquid(template.replace("{% unsubscribe_url %}", LEAVE)).render(customer=row)


@cache
def _liquid(template: str) -> liquid.BoundTemplate:
    return liquid.Environment().from_string(template)


def klaviyo(template: str, row: Row) -> str:
    """Return a text as Django prints it, with the properties in `person`."""
    template = template.replace("{% unsubscribe_link %}", LEAVE).replace("{% web_view %}", ONLINE)
    known = {"first_name": row["First Name"], "last_name": row["Last Name"]}
    context = django.template.Context({**known, "person": row})
    return str(_django(template).render(context))


@cache
def _django(template: str) -> django.template.Template:
    engine = django.template.Engine()
    engine.template_builtins.append(_LOOKUP)
    return engine.from_string(template)


_LOOKUP = django.template.Library()
_LOOKUP.filter("lookup", lambda person, name: person.get(name, ""))

READERS: Mapping[str, Reader] = {"customer-io": customer_io, "klaviyo": klaviyo}
